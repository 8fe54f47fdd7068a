#pragma once

#include <filesystem>
#include <map>
#include <string>

#include <neve/pipeline/stage_registry.hpp>

#include "cli/terminal/terminal.hpp"

namespace neve::cli {

/// What the program finds around it when it starts, read once and handed to the subcommands. A plain value.
struct Surroundings {
  std::map<std::string, std::string> environment;
  std::string default_cache;  ///< NEVE_CACHE, or disk:.neve
  std::string fftw_wisdom;    ///< NEVE_FFTW_WISDOM: a file of measured FFT plans, or empty
  std::filesystem::path temporary_folder;
  Terminal terminal;
  StageRegistry registry;

  /// Everything but the registry, which `main` fills.
  [[nodiscard]] static Surroundings of_this_process();

  /// The URL to use: the one given, or the default.
  [[nodiscard]] const std::string& cache_url(const std::string& given) const {
    return given.empty() ? default_cache : given;
  }
};

}  // namespace neve::cli
