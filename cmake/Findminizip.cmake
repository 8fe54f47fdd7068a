# Imported target minizip::minizip: zip files piece by piece.
include(${CMAKE_CURRENT_LIST_DIR}/NeveFindPlain.cmake)
neve_find_plain(minizip minizip/unzip.h minizip libminizip-dev)
