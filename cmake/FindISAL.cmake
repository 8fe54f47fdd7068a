include(${CMAKE_CURRENT_LIST_DIR}/NeveFindPlain.cmake)
neve_find_plain(ISAL isa-l.h isal libisal-dev)
