# neve_find_plain(PACKAGE HEADER LIBRARY DEBIAN_PACKAGE): finds a library that ships no CMake package of its own and
# makes the imported target PACKAGE::PACKAGE. Called by the Find modules beside this file; installed with them.
include(FindPackageHandleStandardArgs)
macro(neve_find_plain package header library debian_package)
  find_path(${package}_INCLUDE_DIR ${header})
  find_library(${package}_LIBRARY ${library})
  mark_as_advanced(${package}_INCLUDE_DIR ${package}_LIBRARY)
  find_package_handle_standard_args(${package} REQUIRED_VARS ${package}_LIBRARY ${package}_INCLUDE_DIR
    REASON_FAILURE_MESSAGE "on Debian: apt-get install ${debian_package}")
  if(${package}_FOUND AND NOT TARGET ${package}::${package})
    add_library(${package}::${package} UNKNOWN IMPORTED)
    set_target_properties(${package}::${package} PROPERTIES
      IMPORTED_LOCATION ${${package}_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${${package}_INCLUDE_DIR})
  endif()
endmacro()
