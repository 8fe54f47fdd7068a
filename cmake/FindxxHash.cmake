include(${CMAKE_CURRENT_LIST_DIR}/NeveFindPlain.cmake)
neve_find_plain(xxHash xxhash.h xxhash libxxhash-dev)
