#include "cli/program/surroundings.hpp"

#include <string_view>
#include <unistd.h>

namespace neve::cli {

Surroundings Surroundings::of_this_process() {
  Surroundings found;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text = *variable;
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) found.environment.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  const auto value_of = [&found](const char* name, const char* otherwise) {
    const auto set = found.environment.find(name);
    return set == found.environment.end() || set->second.empty() ? std::string(otherwise) : set->second;
  };
  found.named_cache = value_of("NEVE_CACHE", "");
  found.fftw_wisdom = value_of("NEVE_FFTW_WISDOM", "");
  found.temporary_folder = value_of("TMPDIR", "/tmp");
  found.terminal = Terminal::of_standard_error();
  return found;
}

}  // namespace neve::cli
