#include "dataset/values/blank_words.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <neve/base/ascii.hpp>

#include "dataset/values/cell_text.hpp"

namespace neve::dataset {
namespace {

constexpr std::array<std::string_view, 31> kBlankWords{
    "-",       "--",     "—",       "–",         ".",         "?",      "na",       "n/a",
    "#n/a",    "n.a.",   "nan",     "nil",       "null",      "none",   "(null)",   "<na>",
    "missing", "#null!", "#div/0!", "#value!",   "#ref!",     "#name?", "#num!",    "#getting_data",
    "#spill!", "#calc!", "#field!", "#blocked!", "#connect!", "#busy!", "#unknown!"};

}  // namespace

bool stands_for_blank(std::string_view cell) noexcept {
  if (cell.empty() || cell.size() > 13) return false;
  // Nearly every cell ends here: no such word begins with a digit or a currency.
  const char first = cell.front();
  if (is_digit(first) || first == '$') return false;
  return std::any_of(kBlankWords.begin(), kBlankWords.end(),
                     [&](std::string_view word) { return equals_ignoring_case(cell, word); });
}

TruthWord truth_of_word(std::string_view cell) noexcept {
  // The ones of letters are `kPairsOfLetters`.
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kPairs{
      {{"true", "false"}, {"yes", "no"}, {"y", "n"}, {"t", "f"}}};
  if (cell.size() > 5) return {};
  for (unsigned pair = 0; pair < kPairs.size(); ++pair) {
    const auto bit = static_cast<std::uint8_t>(1U << pair);
    if (equals_ignoring_case(cell, kPairs[pair].first)) return {1, bit};
    if (equals_ignoring_case(cell, kPairs[pair].second)) return {0, bit};
  }
  return {};
}

}  // namespace neve::dataset
