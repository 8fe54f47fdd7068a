#include "dataset/columns/column_names.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <neve/base/ascii.hpp>
#include <neve/base/utf8.hpp>

#include "dataset/values/base_letter.hpp"

namespace neve::dataset {
namespace {

constexpr std::size_t kLongestName = 60;

std::string snake_case(std::string_view header) {
  std::string name;
  bool separated = false;
  char before = '\0';
  while (!header.empty()) {
    const char here = header.front();
    // "OrderDate" and "orderID": a capital behind a small letter begins a word.
    separated = separated || (is_upper(here) && is_lower(before));
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
  name.resize(utf8_prefix(name, kLongestName).size());
  return name;
}

}  // namespace

std::vector<std::string> column_names(std::span<const std::string> headers) {
  // Columns are asked for by their headers as well: what is one column's header must not be another's name.
  std::set<std::string> taken(headers.begin(), headers.end());
  std::set<std::string> kept;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    std::string base = snake_case(headers[i]);
    if (base.empty()) base = "column_" + std::to_string(i + 1);
    if (base == headers[i] && kept.insert(base).second) {
      names.push_back(std::move(base));
      continue;
    }
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

std::string name_in_filter(const std::string& name) {
  constexpr std::array<std::string_view, 3> kWords{"not", "true", "false"};
  const bool plain = !is_digit(name.front()) && std::find(kWords.begin(), kWords.end(), name) == kWords.end();
  return plain ? name : '"' + name + '"';  // it has none itself
}

}  // namespace neve::dataset
