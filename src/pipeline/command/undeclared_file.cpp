#include "pipeline/command/undeclared_file.hpp"

#include <algorithm>

namespace neve {
namespace {

constexpr std::size_t kMostWords = 1000;  // each is looked for in the folder
constexpr std::string_view kBetweenWords = " \t\r\n\"'`,;:|&<>=()[]{}$";

}  // namespace

std::string undeclared_file_hint(std::string_view text, const std::filesystem::path& folder,
                                 const std::map<std::string, InputFile>& declared) {
  for (std::size_t words = 0; words < kMostWords; ++words) {
    text.remove_prefix(std::min(text.find_first_not_of(kBetweenWords), text.size()));
    if (text.empty()) break;
    const std::string_view word = text.substr(0, text.find_first_of(kBetweenWords));
    text.remove_prefix(word.size());
    const std::filesystem::path path = std::filesystem::path(word).lexically_normal();
    if (path.is_absolute() || *path.begin() == ".." || declared.contains(path.string())) continue;
    std::error_code none;
    if (!std::filesystem::is_regular_file(folder / path, none)) continue;
    return "\n  '" + path.string() +
           "' is in the folder of the pipeline file, but not among the stage's inputs, so the command did not have it";
  }
  return "";
}

}  // namespace neve
