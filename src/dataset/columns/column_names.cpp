#include "dataset/columns/column_names.hpp"

#include <algorithm>
#include <set>

namespace neve::dataset {
namespace {

using namespace std::string_view_literals;

// Base letters of U+00C0 to U+00FF (Latin-1 letters); '\0': several letters or none.
constexpr std::string_view kBaseLetters =
    "aaaaaa\0ceeeeiiiidnooooo\0ouuuuy\0\0"
    "aaaaaa\0ceeeeiiiidnooooo\0ouuuuy\0y"sv;
static_assert(kBaseLetters.size() == 64);

constexpr std::size_t kLongestName = 60;

/// Appends what the character at the front of `text` is in a name, and takes it away. False: it separates words.
bool append_letter(std::string_view& text, std::string& name) {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c >= 'A' && c <= 'Z') {
      name += static_cast<char>(c + 32);
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      name += c;
    } else {
      return false;
    }
    return true;
  }
  const std::size_t size = std::min<std::size_t>(text.size(), lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2);
  const std::string_view whole = text.substr(0, size);
  text.remove_prefix(size);
  if (whole == "ß") {
    name += "ss";
    return true;
  }
  if (lead == 0xC3 && size == 2) {
    const char base = kBaseLetters[static_cast<unsigned char>(whole[1]) - 0x80U];
    if (base == '\0') {
      name += whole == "Æ" || whole == "æ" ? "ae" : whole == "Þ" || whole == "þ" ? "th" : "";
      return whole != "×" && whole != "÷";
    }
    name += base;
    return true;
  }
  const bool punctuation =
      lead == 0xC2 || (lead == 0xE2 && size == 3) || lead == 0xEF;  // symbols, dashes, currency signs
  if (!punctuation) name += whole;
  return !punctuation;
}

bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
bool is_small(char c) { return c >= 'a' && c <= 'z'; }

std::string snake_case(std::string_view header) {
  std::string name;
  bool separated = false;
  char before = '\0';
  while (!header.empty()) {
    const char here = header.front();
    // "OrderDate" and "orderID": a capital behind a small letter begins a word.
    separated = separated || (is_capital(here) && is_small(before));
    before = here;
    if (here == '%') {
      if (!name.empty()) name += '_';
      name += "pct";
      header.remove_prefix(1);
      separated = true;
      continue;
    }
    std::string letter;
    if (!append_letter(header, letter)) {
      separated = true;
      continue;
    }
    if (separated && !name.empty()) name += '_';
    separated = false;
    name += letter;
  }
  if (name.size() > kLongestName) {
    name.resize(kLongestName);
    while (!name.empty() && (static_cast<unsigned char>(name.back()) & 0xC0U) == 0x80U) name.pop_back();
    if (!name.empty() && static_cast<unsigned char>(name.back()) >= 0xC0) name.pop_back();
  }
  return name;
}

}  // namespace

std::vector<std::string> column_names(std::span<const std::string> headers) {
  std::vector<std::string> names;
  std::set<std::string> taken;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    std::string base = snake_case(headers[i]);
    if (base.empty()) base = "column_" + std::to_string(i + 1);
    std::string name = base;
    for (std::size_t number = 2; !taken.insert(name).second; ++number) name = base + "_" + std::to_string(number);
    names.push_back(std::move(name));
  }
  return names;
}

bool has_word(std::string_view name, std::span<const std::string_view> words) noexcept {
  while (true) {
    const std::size_t end = name.find('_');
    if (std::find(words.begin(), words.end(), name.substr(0, end)) != words.end()) return true;
    if (end == std::string_view::npos) return false;
    name.remove_prefix(end + 1);
  }
}

}  // namespace neve::dataset
