# Compiler settings and the functions every component uses: neve_library and neve_test.
include_guard(GLOBAL)
include(GNUInstallDirs)

if(PROJECT_IS_TOP_LEVEL)
  if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
  endif()
  set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
  find_program(NEVE_CCACHE ccache)
  if(NEVE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${NEVE_CCACHE})
  endif()
  if(NEVE_TESTS)
    enable_testing()
  endif()
endif()

if(NEVE_TESTS)
  # Debian's own interpreter before any other on the PATH: NumPy and its kind are packages of that one.
  find_program(NEVE_PYTHON NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH)
  find_program(NEVE_PYTHON NAMES python3 REQUIRED)
  mark_as_advanced(NEVE_PYTHON)
endif()

# Requirements of everything compiled here; not exported to users beyond the language level.
add_library(neve_build_settings INTERFACE)
target_compile_options(neve_build_settings INTERFACE -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion
  -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(neve_build_settings INTERFACE -Wno-restrict)  # false positives in g++ 12: GCC bug 105329
  if(CMAKE_UNITY_BUILD)
    # Sources that are included together look like headers to it, whose unnamed namespaces it distrusts.
    target_compile_options(neve_build_settings INTERFACE -Wno-subobject-linkage)
  endif()
endif()
if(NEVE_WERROR)
  target_compile_options(neve_build_settings INTERFACE -Werror)
endif()
if(NEVE_SANITIZE STREQUAL "address")
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_compile_definitions(_GLIBCXX_ASSERTIONS)
  add_link_options(-fsanitize=address,undefined)
elseif(NEVE_SANITIZE STREQUAL "thread")
  add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
  add_link_options(-fsanitize=thread)
elseif(NEVE_SANITIZE)
  message(FATAL_ERROR "NEVE_SANITIZE is '${NEVE_SANITIZE}'; it must be empty, 'address' or 'thread'")
endif()
if(NEVE_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "NEVE_FUZZ needs clang's libFuzzer: configure with --preset asan, or -DCMAKE_CXX_COMPILER=clang++-14")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# The presets compile eight sources at a time (a unity build), which takes less than half the time: 127 s instead of 317 s
# for the libraries up to pipelines. SEPARATE, below, keeps a target's files apart: for files whose internal names meet.

# neve_library(NAME [SEPARATE] SOURCES a.cpp ... [PUBLIC targets...] [PRIVATE targets...])
# Builds neve_NAME with the alias neve::NAME, public headers from include/.
function(neve_library name)
  cmake_parse_arguments(arg "SEPARATE" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(neve_${name} STATIC ${arg_SOURCES})
  add_library(neve::${name} ALIAS neve_${name})
  target_compile_features(neve_${name} PUBLIC cxx_std_20)
  set_target_properties(neve_${name} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON)
  if(arg_SEPARATE)
    set_target_properties(neve_${name} PROPERTIES UNITY_BUILD OFF)
  endif()
  target_include_directories(neve_${name}
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(neve_${name} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE} $<BUILD_INTERFACE:neve_build_settings>)
endfunction()

# The libraries users may link; what stands behind the command is no part of that.
set(NEVE_PUBLIC_COMPONENTS base codec key redis_client cache pipeline pipeline_file optics)

# neve_public_libraries(VARIABLE): the targets of those that are built here.
function(neve_public_libraries variable)
  set(targets)
  foreach(component IN LISTS NEVE_PUBLIC_COMPONENTS)
    if(TARGET neve_${component})
      list(APPEND targets neve_${component})
    endif()
  endforeach()
  set(${variable} ${targets} PARENT_SCOPE)
endfunction()

# neve::neve, which links every public library that is built here.
function(neve_umbrella)
  neve_public_libraries(targets)
  add_library(neve_neve INTERFACE)
  add_library(neve::neve ALIAS neve_neve)
  set_target_properties(neve_neve PROPERTIES EXPORT_NAME neve)
  target_link_libraries(neve_neve INTERFACE ${targets})
endfunction()

# neve_test(NAME [THREADED] [SEPARATE] SOURCES a_test.cpp ... [LIBS targets...])
# One GoogleTest binary, registered with ctest as NAME. Test data are found through NEVE_TEST_DATA (the tests/ folder).
# THREADED marks tests that run more than one thread: only those are built under the thread sanitizer.
function(neve_test name)
  cmake_parse_arguments(arg "THREADED;SEPARATE" "" "SOURCES;LIBS" ${ARGN})
  if(NOT NEVE_TESTS OR (NEVE_SANITIZE STREQUAL "thread" AND NOT arg_THREADED))
    return()
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(${name} PRIVATE NEVE_TEST_DATA="${PROJECT_SOURCE_DIR}/tests")
  target_link_libraries(${name} PRIVATE ${arg_LIBS} GTest::gmock GTest::gtest_main neve_build_settings)
  if(arg_SEPARATE)
    set_target_properties(${name} PROPERTIES UNITY_BUILD OFF)
  endif()
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT 300)
endfunction()
