# Imported target utf8proc::utf8proc: case folding and normal forms of Unicode.
include(${CMAKE_CURRENT_LIST_DIR}/NeveFindPlain.cmake)
neve_find_plain(utf8proc utf8proc.h utf8proc libutf8proc-dev)
