#include <neve/pipeline/recipe_changes.hpp>

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include <neve/base/error.hpp>
#include <neve/base/text_table.hpp>
#include <neve/base/utf8.hpp>

namespace neve {
namespace {

using Lines = std::vector<std::string>;
using Texts = std::vector<std::string_view>;

constexpr std::size_t kShownWidth = 60;
constexpr std::size_t kShownBefore = 20;  // what a long line holds before its first change

std::string text_member(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() || !found->is_string() ? "" : found->get<std::string>();
}

Texts lines_of(std::string_view text) {
  Texts lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// The part of a line that is worth showing if it differs from another at `change`.
std::string excerpt(std::string_view line, std::size_t change = 0) {
  std::size_t from = 0;
  if (display_width(line) > kShownWidth && change > kShownBefore) from = std::min(change, line.size()) - kShownBefore;
  while (from > 0 && from < line.size() && is_utf8_continuation(line[from])) --from;
  return fmt::format("'{}{}'", from > 0 ? "…" : "", cut_to_width(printable(line.substr(from)), kShownWidth));
}

std::string one_changed(std::string_view before, std::string_view after) {
  const auto part = std::mismatch(before.begin(), before.end(), after.begin(), after.end());
  const auto change = static_cast<std::size_t>(part.first - before.begin());
  return excerpt(before, change) + " → " + excerpt(after, change);
}

/// "line 3" or "lines 3-5", counted from 1.
std::string places(std::size_t first, std::size_t count) {
  return count == 1 ? fmt::format("line {}", first + 1) : fmt::format("lines {}-{}", first + 1, first + count);
}

/// Lines that both texts begin and end with are the same; what lies between them is told.
void compare_commands(Lines& lines, std::string_view before_text, std::string_view after_text) {
  if (before_text == after_text) return;
  const Texts before = lines_of(before_text), after = lines_of(after_text);
  const std::size_t shorter = std::min(before.size(), after.size());
  std::size_t first = 0, behind = 0;
  while (first < shorter && before[first] == after[first]) ++first;
  while (behind < shorter - first && before[before.size() - 1 - behind] == after[after.size() - 1 - behind]) ++behind;
  const std::size_t old_count = before.size() - first - behind, new_count = after.size() - first - behind;
  if (old_count == 0 && new_count == 0) {
    lines.push_back("command: the line feed at its end");
  } else if (old_count == 0) {
    lines.push_back(fmt::format("command, {} added: {}", places(first, new_count), excerpt(after[first])));
  } else if (new_count == 0) {
    lines.push_back(fmt::format("command, {} removed: {}", places(first, old_count), excerpt(before[first])));
  } else if (old_count == new_count) {
    constexpr std::size_t kMostShown = 5;
    std::size_t changed = 0;
    for (std::size_t i = first; i < first + old_count; ++i) {
      if (before[i] == after[i] || ++changed > kMostShown) continue;
      const std::string where = after.size() == 1 ? "command" : "command, " + places(i, 1);
      lines.push_back(where + ": " + one_changed(before[i], after[i]));
    }
    if (changed > kMostShown) lines.push_back(fmt::format("command: {} more lines changed", changed - kMostShown));
  } else {
    lines.push_back(fmt::format("command, {} became {}, the first of them: {}", places(first, old_count),
                                places(first, new_count), one_changed(before[first], after[first])));
  }
}

void compare_variables(Lines& lines, const Json& before, const Json& after) {
  if (!before.is_object() || !after.is_object()) return;
  for (const auto& [name, value] : before.items()) {
    const auto found = after.find(name);
    const std::string what = "environment variable '" + name + "'";
    if (found == after.end()) {
      lines.push_back(what + " no longer counts");
    } else if (value != *found) {
      lines.push_back(what + (value.is_null()    ? " was not set, and is now"
                              : found->is_null() ? " was set, and no longer is"
                                                 : " has another value"));
    }
  }
  for (const auto& [name, value] : after.items()) {
    if (!before.contains(name)) lines.push_back("environment variable '" + name + "' counts now");
  }
}

Lines command_changes(const Json& before, const Json& after) {
  Lines lines;
  const std::string old_text = text_member(before, "command"), new_text = text_member(after, "command");
  if (!old_text.empty() && !new_text.empty()) {
    compare_commands(lines, old_text, new_text);
  } else if (text_member(before, "command_sha256") != text_member(after, "command_sha256")) {
    lines.push_back("command: its text changed");
  }
  compare_variables(lines, before.value("env", Json()), after.value("env", Json()));
  if (const Json one = before.value("contract", Json()), other = after.value("contract", Json()); one != other) {
    lines.push_back(fmt::format("how neve runs commands: contract {} → {}", one.dump(), other.dump()));
  }
  return lines;
}

/// Of stages whose version is a digest of their code and of what that reads.
Lines source_changes(const ReadRecipe& before, const ReadRecipe& after) {
  Lines lines = explain_difference(before.besides["source"], after.besides["source"], "source");
  if (lines.empty()) return explain_difference(before.recipe, after.recipe);
  KeyRecipe rest = before.recipe;
  rest.version = after.recipe.version;  // which covers what has just been told
  const Lines more = explain_difference(rest, after.recipe);
  lines.insert(lines.end(), more.begin(), more.end());
  return lines;
}

}  // namespace

std::optional<ReadRecipe> read_recipe(const Json& recipe) {
  try {
    ReadRecipe read{KeyRecipe::from_json(recipe)};
    read.besides = recipe.value("hashed_besides", Json());
    return read;
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::vector<std::string> recipe_changes(const ReadRecipe& before, const ReadRecipe& after) {
  if (!before.besides.is_object() || !after.besides.is_object()) {
    return explain_difference(before.recipe, after.recipe);
  }
  if (before.besides.contains("source") && after.besides.contains("source")) return source_changes(before, after);
  Lines lines = command_changes(before.besides, after.besides);
  // The digest covers what has just been told, and the operation is the beginning of a command's text.
  KeyRecipe rest = before.recipe, wanted = after.recipe;
  if (before.besides.contains("command") && after.besides.contains("command")) rest.op_name = wanted.op_name;
  rest.config_hash.reset();
  wanted.config_hash.reset();
  const Lines more = explain_difference(rest, wanted);
  lines.insert(lines.end(), more.begin(), more.end());
  return lines.empty() ? explain_difference(before.recipe, after.recipe) : lines;
}

}  // namespace neve
