#include "dataset/values/blank_words.hpp"

#include <algorithm>
#include <array>

#include "dataset/values/cell_text.hpp"

namespace neve::dataset {
namespace {

constexpr std::array<std::string_view, 24> kBlankWords{
    "-",       "--",     "—",       "–",       ".",     "?",      "na",     "n/a",
    "#n/a",    "n.a.",   "nan",     "nil",     "null",  "none",   "(null)", "<na>",
    "missing", "#null!", "#div/0!", "#value!", "#ref!", "#name?", "#num!",  "#getting_data"};

}  // namespace

bool stands_for_blank(std::string_view cell) noexcept {
  if (cell.empty() || cell.size() > 13) return false;
  // Nearly every cell ends here: no such word begins with a digit or a currency.
  const char first = cell.front();
  if ((first >= '0' && first <= '9') || first == '$') return false;
  return std::any_of(kBlankWords.begin(), kBlankWords.end(),
                     [&](std::string_view word) { return equals_ignoring_case(cell, word); });
}

int truth_of_word(std::string_view cell) noexcept {
  if (cell.size() > 5) return -1;
  for (const std::string_view word : {"true", "yes", "y", "t"}) {
    if (equals_ignoring_case(cell, word)) return 1;
  }
  for (const std::string_view word : {"false", "no", "n", "f"}) {
    if (equals_ignoring_case(cell, word)) return 0;
  }
  return -1;
}

}  // namespace neve::dataset
