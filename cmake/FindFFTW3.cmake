include(${CMAKE_CURRENT_LIST_DIR}/NeveFindPlain.cmake)
neve_find_plain(FFTW3 fftw3.h fftw3 libfftw3-dev)
