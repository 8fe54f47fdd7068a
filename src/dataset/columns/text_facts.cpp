#include "dataset/columns/text_facts.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <set>

#include "dataset/columns/column_names.hpp"
#include "dataset/columns/total_words.hpp"
#include "dataset/values/amount_unit.hpp"
#include "dataset/values/blank_words.hpp"
#include "dataset/values/currency_words.hpp"

namespace neve::dataset {
namespace {

/// All texts but blank ones, if each is of a kind and they are of several.
template <class KindOf>
std::vector<std::string> of_several_kinds(const TextDictionary& texts, const KindOf& kind_of) {
  std::vector<std::string> found;
  std::set<typename decltype(kind_of(std::string_view()))::value_type> kinds;
  for (std::uint32_t i = 0; i < texts.size(); ++i) {
    const std::string_view text = texts.text(i);
    if (stands_for_blank(text)) continue;
    const auto kind = kind_of(text);
    if (!kind) return {};
    kinds.insert(*kind);
    found.emplace_back(text);
  }
  if (kinds.size() < 2) found.clear();
  return found;
}

std::vector<std::string> currencies_of(const TextDictionary& texts) {
  std::vector<std::string> found = of_several_kinds(texts, [](std::string_view text) {
    return names_currency(text) ? std::optional(plain_currency(text)) : std::nullopt;
  });
  // Codes of other things are those of rare currencies as well.
  if (std::none_of(found.begin(), found.end(), is_currency)) found.clear();
  return found;
}

std::vector<std::string> units_of(const TextDictionary& texts) {
  return of_several_kinds(texts, [](std::string_view text) {
    const auto unit = amount_unit_of(text);
    return unit ? std::optional(unit->power) : std::nullopt;
  });
}

/// Letters are sides where the column's name speaks of such.
Sides column_sides_of(const TextDictionary& texts, std::string_view name) {
  constexpr std::array<std::string_view, 12> kNames{"soll", "haben", "debit", "credit", "dr",       "cr",
                                                    "dc",   "cd",    "sh",    "shkzg",  "natureza", "dk"};
  constexpr std::array<std::string_view, 6> kWholeNames{"tipo", "type", "sens",  // of movements; others have types, too
                                                        "s_h",  "d_c",  "c_d"};
  if (texts.size() != 2) return Sides::none;
  const bool whole = std::find(kWholeNames.begin(), kWholeNames.end(), name) != kWholeNames.end();
  return sides_of(texts.text(0), texts.text(1), whole || has_word(name, kNames));
}

/// The texts that say so, in columns of at most so many.
std::vector<std::string> texts_that(bool (*say_so)(std::string_view) noexcept, const TextDictionary& texts,
                                    std::uint32_t most) {
  std::vector<std::string> found;
  for (std::uint32_t i = 0; texts.size() <= most && i < texts.size(); ++i) {
    if (say_so(texts.text(i))) found.emplace_back(texts.text(i));
  }
  return found;
}

/// The same of lines of statements, whose other texts differ by numbers of vouchers. Many are names of accounts.
std::vector<std::string> lines_that(bool (*say_so)(std::string_view) noexcept, const TextDictionary& texts) {
  constexpr std::uint32_t kMostLines = 10'000;
  constexpr std::size_t kMostFound = 10;
  std::vector<std::string> found = texts_that(say_so, texts, kMostLines);
  if (found.size() > kMostFound || found.size() == texts.size()) found.clear();
  return found;
}

}  // namespace

TextFacts facts_of(const TextDictionary& texts, std::string_view name) {
  constexpr std::uint32_t kMostParted =
      1000;  // thousands of texts are names, of whom some are called Davon, and titles
  if (!texts.open()) return {};
  return {currencies_of(texts),
          units_of(texts),
          column_sides_of(texts, name),
          texts_that(says_part, texts, kMostParted),
          lines_that(says_balance, texts),
          lines_that(says_result, texts)};
}

}  // namespace neve::dataset
