#include "pipeline/file/yaml_mistakes.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <yaml-cpp/exceptions.h>

namespace neve {
namespace {

constexpr std::string_view kSpace = " \t";
constexpr std::string_view kBlank = " \t\r\n";
constexpr std::string_view kFlow = " \t\r\n[]{},:";  // what a quote that opens may stand behind

/// What is said for a message of yaml-cpp that is, or begins with, the first of each pair.
const std::array kExplanations{
    std::pair{
        YAML::ErrorMsg::MAP_VALUE,
        "a ':' where no value can follow; text that holds ': ' needs quotes, and a name in the line before its own "
        "':'"},
    std::pair{YAML::ErrorMsg::END_OF_MAP_FLOW, "expected ',' or '}' here, to go on with or to close the '{'"},
    std::pair{YAML::ErrorMsg::END_OF_MAP,
              "expected 'name: value' here, indented as the names before it; nothing may follow a quote, '}' or ']'"},
    std::pair{YAML::ErrorMsg::END_OF_SEQ_FLOW, "expected ',' or ']' here, to go on with or to close the '['"},
    std::pair{YAML::ErrorMsg::END_OF_SEQ, "expected '- ' here, indented as the items before it"},
    std::pair{YAML::ErrorMsg::EOF_IN_SCALAR, "a quote is not closed"},
    std::pair{YAML::ErrorMsg::FLOW_END, "this bracket closes nothing that is open"},
    std::pair{YAML::ErrorMsg::BLOCK_ENTRY, "the '- ' of a list's item begins a line"},
    std::pair{YAML::ErrorMsg::UNKNOWN_TOKEN, "text that begins with this character needs quotes"},
    std::pair{YAML::ErrorMsg::CHAR_IN_BLOCK, "the text of a '|' or '>' begins on the next line"},
    std::pair{YAML::ErrorMsg::ALIAS_NOT_FOUND, "text that begins with '*' needs quotes"},
    std::pair{YAML::ErrorMsg::CHAR_IN_ALIAS, "text that begins with '*' needs quotes"},
    std::pair{YAML::ErrorMsg::UNKNOWN_ANCHOR,
              "text that begins with '*' needs quotes; without them it is an alias, and there is no such anchor before "
              "it"},
};

}  // namespace

std::string explain_yaml_error(std::string_view message) {
  for (const auto& [theirs, ours] : kExplanations) {
    if (message.starts_with(theirs)) return ours;  // a later yaml-cpp adds what it is about
  }
  std::string text(message);
  if (message.starts_with(YAML::ErrorMsg::INVALID_ESCAPE)) text += "; in single quotes a backslash stands for itself";
  return text;
}

std::string tab_hint(std::string_view text, std::size_t line) {
  for (; line > 1 && !text.empty(); --line) text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  const std::string_view indent = text.substr(0, text.find_first_not_of(kSpace));
  return indent.find('\t') == std::string_view::npos ? "" : " (the line is indented by a tab; use spaces)";
}

std::size_t skip_anchor(std::string_view text, std::size_t offset) noexcept {
  if (offset >= text.size() || text[offset] != '&') return offset;
  const std::size_t end = std::min(text.find_first_of(kBlank, offset), text.size());
  return std::min(text.find_first_not_of(kBlank, end), text.size());
}

std::optional<std::size_t> end_of_quoted(std::string_view text, std::size_t offset) noexcept {
  const char quote = text[offset];
  for (std::size_t i = offset + 1; i < text.size(); ++i) {
    const bool doubled = quote == '\'' && text.substr(i, 2) == "''";
    if (doubled || (quote == '"' && text[i] == '\\')) {
      ++i;
    } else if (text[i] == quote) {
      return i + 1;
    }
  }
  return std::nullopt;
}

std::optional<std::size_t> end_of_bracketed(std::string_view text, std::size_t offset) noexcept {
  std::size_t open = 0;
  for (std::size_t i = skip_anchor(text, offset); i < text.size(); ++i) {
    const bool begins = i == 0 || kFlow.find(text[i - 1]) != std::string_view::npos;
    if ((text[i] == '\'' || text[i] == '"') && begins) {
      const std::optional<std::size_t> end = end_of_quoted(text, i);
      if (!end) return std::nullopt;
      i = *end - 1;
    } else if (text[i] == '[' || text[i] == '{') {
      ++open;
    } else if ((text[i] == ']' || text[i] == '}') && open > 0) {
      --open;
    }
    if (open == 0) return i + 1;
  }
  return std::nullopt;
}

bool has_colon(std::string_view text, std::size_t offset, std::size_t plain_bytes) noexcept {
  std::size_t end = skip_anchor(text, offset);
  if (end >= text.size()) return false;
  if (text[end] == '\'' || text[end] == '"') {
    end = end_of_quoted(text, end).value_or(text.size());
  } else if (text[end] == '*') {
    end = text.find_first_of(kBlank, end);
  } else {
    end += plain_bytes;
  }
  end = text.find_first_not_of(kSpace, std::min(end, text.size()));
  return end < text.size() && text[end] == ':';
}

}  // namespace neve
