# Makes duckdb::duckdb, the C interface of DuckDB, from the first of:
#   1. find_package(DuckDB), where the distribution has it;
#   2. the header and library under NEVE_DUCKDB_ROOT, or where CMake looks by itself;
#   3. two packages of the npm registry, pinned by version and SHA-512: the prebuilt library and the sources' header.
# What was downloaded stays in NEVE_DOWNLOADS, so that a second build folder needs no network.
include_guard(GLOBAL)

set(NEVE_DUCKDB_ROOT "" CACHE PATH "A folder with include/duckdb.h and lib/libduckdb.so")
if(PROJECT_IS_TOP_LEVEL)
  set(neve_downloads ${PROJECT_SOURCE_DIR}/build/downloads)
else()
  set(neve_downloads ${PROJECT_BINARY_DIR}/downloads)
endif()
set(NEVE_DOWNLOADS ${neve_downloads} CACHE PATH "Where pinned downloads are kept")
mark_as_advanced(NEVE_DUCKDB_ROOT NEVE_DOWNLOADS)

# neve_fetch_npm(PACKAGE@VERSION SHA512 FOLDER MEMBERS...): unpacks those members of a package into FOLDER.
function(neve_fetch_npm package sha512 folder)
  set(stamp ${folder}/.sha512)
  if(EXISTS ${stamp})
    file(READ ${stamp} unpacked)
    if(unpacked STREQUAL sha512)
      return()
    endif()
  endif()
  find_program(NEVE_NPM npm)
  mark_as_advanced(NEVE_NPM)
  if(NOT NEVE_NPM)
    message(FATAL_ERROR "NEVE_DATASETS needs DuckDB, which is not installed, and npm, to fetch it, is neither.\n"
      "Install npm, or name a folder with include/duckdb.h and lib/libduckdb.so by -DNEVE_DUCKDB_ROOT=..., "
      "or build without datasets by -DNEVE_DATASETS=OFF.")
  endif()
  # A folder of this process's own, renamed at the end: two configurations may run at once.
  string(RANDOM LENGTH 12 unique)
  set(work ${folder}.${unique})
  file(MAKE_DIRECTORY ${work})
  message(STATUS "Fetching ${package}")
  execute_process(COMMAND ${NEVE_NPM} pack ${package} --loglevel=error WORKING_DIRECTORY ${work}
    OUTPUT_VARIABLE archive ERROR_VARIABLE trouble RESULT_VARIABLE status OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(NOT status EQUAL 0)
    file(REMOVE_RECURSE ${work})
    message(FATAL_ERROR "NEVE_DATASETS needs DuckDB, and fetching ${package} failed:\n${trouble}\n"
      "Name an installed one by -DNEVE_DUCKDB_ROOT=..., or build without datasets by -DNEVE_DATASETS=OFF.")
  endif()
  file(SHA512 ${work}/${archive} found)
  if(NOT found STREQUAL sha512)
    file(REMOVE_RECURSE ${work})
    message(FATAL_ERROR "${package} is not what it was: SHA-512 ${found} instead of ${sha512}")
  endif()
  file(ARCHIVE_EXTRACT INPUT ${work}/${archive} DESTINATION ${work} PATTERNS ${ARGN})
  file(REMOVE ${work}/${archive})
  file(WRITE ${work}/.sha512 ${sha512})
  file(REMOVE_RECURSE ${folder})
  file(RENAME ${work} ${folder})
endfunction()

find_package(DuckDB CONFIG QUIET)
if(TARGET duckdb)
  add_library(duckdb::duckdb ALIAS duckdb)
  return()
endif()

find_path(NEVE_DUCKDB_INCLUDE duckdb.h HINTS ${NEVE_DUCKDB_ROOT} PATH_SUFFIXES include)
find_library(NEVE_DUCKDB_LIBRARY duckdb HINTS ${NEVE_DUCKDB_ROOT} PATH_SUFFIXES lib)
mark_as_advanced(NEVE_DUCKDB_INCLUDE NEVE_DUCKDB_LIBRARY)
if(NOT EXISTS "${NEVE_DUCKDB_INCLUDE}" OR NOT EXISTS "${NEVE_DUCKDB_LIBRARY}")
  if(NEVE_DUCKDB_ROOT)
    message(FATAL_ERROR "NEVE_DUCKDB_ROOT is ${NEVE_DUCKDB_ROOT}, without include/duckdb.h or without lib/libduckdb.so")
  endif()
  if(NOT CMAKE_SYSTEM_NAME STREQUAL "Linux" OR NOT CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
    message(FATAL_ERROR "NEVE_DATASETS needs DuckDB; a prebuilt one is pinned for Linux on x86-64 only. Name an "
      "installed one by -DNEVE_DUCKDB_ROOT=..., or build without datasets by -DNEVE_DATASETS=OFF.")
  endif()
  neve_fetch_npm(@duckdb/node-bindings-linux-x64@1.4.4-r.4
    8c14cbfd6bdfc312d3a056bfa551df4fa7a532d96d2469dcdf04aec590fd39f325b62b7d614755152dfbbc1150cd7313d59f0e5a3b528cc87eccf2b13b01cb1c
    ${NEVE_DOWNLOADS}/duckdb-library-1.4.4 package/LICENSE package/libduckdb.so)
  neve_fetch_npm(duckdb@1.4.4
    844249e61c9517454b8f776638ba6c5ab411d1bddde1892ab72826ea25178c72430e74aa83f5122b171be6abcdace84560f824b5ac94e9d5c2b603ea7269a9a2
    ${NEVE_DOWNLOADS}/duckdb-header-1.4.4 package/LICENSE package/src/duckdb/src/include/duckdb.h)
  set(NEVE_DUCKDB_INCLUDE ${NEVE_DOWNLOADS}/duckdb-header-1.4.4/package/src/duckdb/src/include CACHE PATH "" FORCE)
  set(NEVE_DUCKDB_LIBRARY ${NEVE_DOWNLOADS}/duckdb-library-1.4.4/package/libduckdb.so CACHE FILEPATH "" FORCE)
endif()

add_library(duckdb::duckdb SHARED IMPORTED GLOBAL)
set_target_properties(duckdb::duckdb PROPERTIES IMPORTED_LOCATION ${NEVE_DUCKDB_LIBRARY}
  INTERFACE_INCLUDE_DIRECTORIES ${NEVE_DUCKDB_INCLUDE} INTERFACE_SYSTEM_INCLUDE_DIRECTORIES ${NEVE_DUCKDB_INCLUDE})
