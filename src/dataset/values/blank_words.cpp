#include "dataset/values/blank_words.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <neve/base/ascii.hpp>

#include "dataset/values/cell_text.hpp"

namespace neve::dataset {
namespace {

constexpr std::array kBlankWords = std::to_array<std::string_view>(
    {"-", "--", "---", "—", "–", "−", ".", "..", "...", "…", ":", "?", "na", "n/a", "#n/a", "n.a.", "n. a.", "nan",
     "nil", "null", "none", "(null)", "<na>", "missing", "not available", "no data", "#getting_data",
     // What spreadsheets call #N/A elsewhere, besides what ends as errors do
     "#nv", "#n/d", "#n/b", "#i/t",
     // German, Dutch; French, Italian, Spanish, Portuguese; Polish
     "k.a.", "k. a.", "keine angabe", "n.v.", "n. v.", "n/v", "n.v.t.", "n.b.", "n/d", "n.d.", "n. d.", "n.c.", "s/d",
     "b.d.", "brak danych"});

constexpr std::size_t kLongestWord = 24;

constexpr std::size_t place_of(std::string_view word) noexcept {
  const auto five_bits = [](char c) { return static_cast<std::size_t>(static_cast<unsigned char>(c) & 31U); };
  return (word.size() % 32) << 10U | five_bits(word.front()) << 5U | five_bits(word.back());
}

/// Nearly every cell ends here: no word has its size, its first and its last byte, whatever their case.
constexpr auto kPlaces = [] {
  std::array<bool, std::size_t{1} << 15U> places{};
  for (const std::string_view word : kBlankWords) places[place_of(word)] = true;
  return places;
}();

/// `#DIV/0!`, `#WERT!`, `#NAZWA?`: what spreadsheets write for an error in their languages, as one word.
bool is_error(std::string_view cell) noexcept {
  if (cell.size() < 5 || cell.front() != '#' || (cell.back() != '!' && cell.back() != '?')) return false;
  const auto of_an_error = [](char c) {
    return is_letter(c) || c == '/' || c == '0' || c == '_' || static_cast<unsigned char>(c) >= 0x80;
  };
  return std::all_of(cell.begin() + 1, cell.end() - 1, of_an_error);
}

}  // namespace

bool stands_for_blank(std::string_view cell) noexcept {
  if (cell.empty() || cell.size() > kLongestWord) return false;
  if (cell.front() == '#' && is_error(cell)) return true;
  return kPlaces[place_of(cell)] && std::any_of(kBlankWords.begin(), kBlankWords.end(), [&](std::string_view word) {
           return equals_ignoring_case(cell, word);
         });
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
