#pragma once

#include <string>
#include <string_view>

namespace neve::dataset {

/// `text` between `quote` characters, each one inside doubled.
[[nodiscard]] inline std::string sql_quoted(std::string_view text, char quote) {
  std::string quoted(1, quote);
  for (const char c : text) {
    if (c == quote) quoted += quote;
    quoted += c;
  }
  return quoted += quote;
}

/// A name in SQL.
[[nodiscard]] inline std::string sql_name(std::string_view name) { return sql_quoted(name, '"'); }

/// A text in SQL.
[[nodiscard]] inline std::string sql_text(std::string_view text) { return sql_quoted(text, '\''); }

}  // namespace neve::dataset
