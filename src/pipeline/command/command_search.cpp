#include "pipeline/command/command_search.hpp"

#include <algorithm>
#include <filesystem>
#include <vector>

#include <neve/base/nearest.hpp>

namespace neve {
namespace {

std::vector<std::string> programs_on(std::string_view path) {
  std::vector<std::string> names;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find(':'), path.size());
    std::error_code none;
    for (std::filesystem::directory_iterator entry(path.substr(0, end), none), last; !none && entry != last;
         entry.increment(none)) {
      names.push_back(entry->path().filename().string());
    }
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return names;
}

}  // namespace

std::string missing_command_hint(std::string_view command, std::string_view path) {
  command.remove_prefix(std::min(command.find_first_not_of(" \t\n"), command.size()));
  const std::string word(command.substr(0, command.find_first_of(" \t\n;|&")));
  if (word.empty() || word.find_first_of("/=$`\"'(){}<>") != std::string::npos) return "";
  const std::vector<std::string> names = programs_on(path);
  if (std::find(names.begin(), names.end(), word) != names.end()) return "";
  const std::string near = nearest_name(word, names);
  return ": there is no '" + word + "' on the PATH" +
         (near.empty() ? "; install it, or correct the PATH" : " (did you mean '" + near + "'?)");
}

}  // namespace neve
