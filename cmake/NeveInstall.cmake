# Installs the public headers, the libraries, the command and the files that make find_package(neve) work.
include_guard(GLOBAL)
include(CMakePackageConfigHelpers)

neve_public_libraries(neve_installed_targets)
install(TARGETS ${neve_installed_targets} neve_neve EXPORT neve
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
# Headers come with their libraries: those of datasets and the service stand behind the command.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/neve DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp"
  PATTERN dataset EXCLUDE PATTERN service EXCLUDE)
if(TARGET neve_optics)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/stages/optics/include/neve DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    FILES_MATCHING PATTERN "*.hpp")
endif()
if(TARGET neve)
  # A DuckDB that was fetched for this build is in no folder where the loader looks.
  if(TARGET neve::dataset AND NEVE_DUCKDB_LIBRARY AND NEVE_DUCKDB_LIBRARY MATCHES "^${NEVE_DOWNLOADS}/")
    install(FILES ${NEVE_DUCKDB_LIBRARY} DESTINATION ${CMAKE_INSTALL_LIBDIR}/neve)
    set_target_properties(neve PROPERTIES INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}/neve")
  endif()
  install(TARGETS neve RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  # The command writes its completions itself; they are installed where each shell looks by itself.
  if(NOT CMAKE_CROSSCOMPILING)
    set(completions ${PROJECT_BINARY_DIR}/completions)
    add_custom_command(OUTPUT ${completions}/neve ${completions}/_neve ${completions}/neve.fish
      COMMAND ${CMAKE_COMMAND} -E make_directory ${completions}
      COMMAND neve completions bash > ${completions}/neve
      COMMAND neve completions zsh > ${completions}/_neve
      COMMAND neve completions fish > ${completions}/neve.fish
      DEPENDS neve VERBATIM)
    add_custom_target(neve_completions ALL DEPENDS ${completions}/neve ${completions}/_neve ${completions}/neve.fish)
    install(FILES ${completions}/neve DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
    install(FILES ${completions}/_neve DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
    install(FILES ${completions}/neve.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
  endif()
endif()
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(neve_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/neve)
list(TRANSFORM neve_installed_targets REPLACE "^neve_" "" OUTPUT_VARIABLE NEVE_INSTALLED_COMPONENTS)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/neve-config.cmake.in ${PROJECT_BINARY_DIR}/neve-config.cmake
  INSTALL_DESTINATION ${neve_package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/neve-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/neve-config.cmake ${PROJECT_BINARY_DIR}/neve-config-version.cmake
  DESTINATION ${neve_package_dir})
install(EXPORT neve NAMESPACE neve:: FILE neve-targets.cmake DESTINATION ${neve_package_dir})
install(FILES ${CMAKE_CURRENT_LIST_DIR}/NeveFindPlain.cmake ${CMAKE_CURRENT_LIST_DIR}/FindFFTW3.cmake
    ${CMAKE_CURRENT_LIST_DIR}/FindISAL.cmake ${CMAKE_CURRENT_LIST_DIR}/Findlibdeflate.cmake
  DESTINATION ${neve_package_dir})
