#include "dataset/values/cell_text.hpp"

#include <array>

#include <neve/base/utf8.hpp>

namespace neve::dataset {
namespace {

constexpr std::array<std::string_view, 3> kWideBlanks{"\xC2\xA0", "\xE2\x80\xAF", "\xEF\xBB\xBF"};

constexpr bool ascii_blank(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }

}  // namespace

std::string_view detail::trim_slowly(std::string_view cell) noexcept {
  while (!cell.empty() && !settled(cell.front())) {
    if (ascii_blank(cell.front())) {
      cell.remove_prefix(1);
      continue;
    }
    std::size_t wide = 0;
    for (const std::string_view blank : kWideBlanks) wide = cell.starts_with(blank) ? blank.size() : wide;
    if (wide == 0) break;
    cell.remove_prefix(wide);
  }
  while (!cell.empty() && !settled(cell.back())) {
    if (ascii_blank(cell.back())) {
      cell.remove_suffix(1);
      continue;
    }
    std::size_t wide = 0;
    for (const std::string_view blank : kWideBlanks) wide = cell.ends_with(blank) ? blank.size() : wide;
    if (wide == 0) break;
    cell.remove_suffix(wide);
  }
  return cell;
}

std::string excerpt(std::string_view text, std::size_t limit) {
  std::string result;
  std::size_t count = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (!is_utf8_continuation(c) && count++ == limit) return result + "…";
    result += byte < 0x20 || byte == 0x7F ? ' ' : c;
  }
  return result;
}

}  // namespace neve::dataset
