#include "pipeline/command/undeclared_file.hpp"

#include <algorithm>

namespace neve {
namespace {

namespace fs = std::filesystem;
using Declared = std::set<std::string>;

constexpr std::size_t kMostWords = 1000;  // each is looked for in the folder
constexpr std::string_view kBetweenWords = " \t\r\n\"'`,;:|&<>=()[]{}$";

/// Calls `look` with what may be a path in `text`, one after the other, until it returns true.
template <class Look>
void look_at_words(std::string_view text, Look look) {
  for (std::size_t words = 0; words < kMostWords; ++words) {
    text.remove_prefix(std::min(text.find_first_not_of(kBetweenWords), text.size()));
    if (text.empty()) return;
    const std::string_view word = text.substr(0, text.find_first_of(kBetweenWords));
    text.remove_prefix(word.size());
    if (look(fs::path(word).lexically_normal())) return;
  }
}

/// Also of a folder of which something is declared.
bool is_declared(const fs::path& path, const Declared& declared) {
  if (declared.contains(path.string())) return true;
  const std::string inside = (path / "").string();
  const auto next = declared.lower_bound(inside);
  return next != declared.end() && next->starts_with(inside);
}

}  // namespace

std::string undeclared_file_hint(std::string_view text, const fs::path& folder, const Declared& declared) {
  std::string hint;
  look_at_words(text, [&](const fs::path& path) {
    if (path.is_absolute() || *path.begin() == ".." || declared.contains(path.string())) return false;
    std::error_code none;
    if (!fs::is_regular_file(folder / path, none)) return false;
    hint = "\n  '" + path.string() +
           "' is in the folder of the pipeline file, but not among the stage's inputs, so the command did not have it";
    return true;
  });
  return hint;
}

std::string unseen_change_remark(std::string_view command, const fs::path& folder, const Declared& declared) {
  std::error_code error;
  const fs::path home = fs::canonical(folder, error);
  std::string remark;
  if (error || home == home.root_path()) return remark;
  look_at_words(command, [&](const fs::path& path) {
    if (!path.is_absolute() || path.parent_path().filename() == "bin" || is_declared(path, declared)) return false;
    const fs::path found = fs::canonical(path, error).lexically_relative(home);
    if (error || *found.begin() == ".." || is_declared(found, declared)) return false;
    remark = "the command names '" + path.string() +
             "', which is not among the stage's inputs: after a change there the old result would be used";
    return true;
  });
  return remark;
}

}  // namespace neve
