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
  std::string named_cache;  ///< NEVE_CACHE, or empty
  std::string fftw_wisdom;  ///< NEVE_FFTW_WISDOM: a file of measured FFT plans, or empty
  std::filesystem::path temporary_folder;
  Terminal terminal;
  StageRegistry registry;

  /// Everything but the registry, which `main` fills.
  [[nodiscard]] static Surroundings of_this_process();

  /// The URL to use: the one given, or the environment's, or `otherwise`.
  [[nodiscard]] std::string cache_url(const std::string& given, const std::string& otherwise = "disk:.neve") const {
    if (!given.empty()) return given;
    return named_cache.empty() ? otherwise : named_cache;
  }
};

}  // namespace neve::cli
