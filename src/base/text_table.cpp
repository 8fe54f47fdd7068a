#include <neve/base/text_table.hpp>

#include <algorithm>

#include <neve/base/utf8.hpp>

namespace neve {
namespace {

constexpr std::string_view kGap = "  ";

bool starts_code_point(char c) noexcept { return !is_utf8_continuation(c); }

std::string padded(const std::string& cell, std::size_t width, Align align) {
  const std::size_t own = display_width(cell);
  const std::string blanks(width > own ? width - own : 0, ' ');
  return align == Align::left ? cell + blanks : blanks + cell;
}

}  // namespace

std::size_t display_width(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_code_point));
}

std::string cut_to_width(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  if (width == 0) return "";
  std::size_t kept = 0, end = 0;
  while (end < text.size()) {
    if (starts_code_point(text[end]) && ++kept == width) break;
    ++end;
  }
  return std::string(text.substr(0, end)) + "…";
}

std::string printable(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool c1_control = byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (byte >= 0x20 && byte != 0x7F && !c1_control) {
      result += text[i];
    } else {
      result += ' ';
      if (c1_control) ++i;
    }
  }
  return result;
}

std::string TextTable::text(std::size_t width) const {
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    widths.push_back(display_width(columns_[c].title));
    for (const auto& row : rows_) widths[c] = std::max(widths[c], display_width(row.at(c)));
  }
  std::string result;
  const auto add_line = [&](const auto& cell_of) {
    std::string line;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      if (c > 0) line += kGap;
      line += padded(cell_of(c), widths[c], columns_[c].align);
    }
    line.resize(line.find_last_not_of(' ') + 1);
    result += (width == 0 ? line : cut_to_width(line, width)) + "\n";
  };
  add_line([&](std::size_t c) { return columns_[c].title; });
  for (const auto& row : rows_) add_line([&](std::size_t c) { return row.at(c); });
  return result;
}

}  // namespace neve
