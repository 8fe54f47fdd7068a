#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace neve {

enum class Align { left, right };

/// A table of text for a terminal or a file. Not thread-safe.
class TextTable {
 public:
  struct Column {
    std::string title;
    Align align = Align::left;
  };

  explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// One cell per column.
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

  /// Lines ending in '\n'. If the table is wider than `width` the last column is cut, with "…"; 0: never.
  [[nodiscard]] std::string text(std::size_t width = 0) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// How many columns UTF-8 text takes, counting each code point as one.
[[nodiscard]] std::size_t display_width(std::string_view text) noexcept;

/// The text cut to `width` columns, the last being "…" if anything was cut.
[[nodiscard]] std::string cut_to_width(std::string_view text, std::size_t width);

/// The text without control characters, so that no name or message can steer the terminal. Line feeds become blanks.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace neve
