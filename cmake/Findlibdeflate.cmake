include(${CMAKE_CURRENT_LIST_DIR}/NeveFindPlain.cmake)
neve_find_plain(libdeflate libdeflate.h deflate libdeflate-dev)
