#include "dataset/columns/total_label.hpp"

#include <algorithm>
#include <array>

#include <neve/base/ascii.hpp>

#include "dataset/values/cell_text.hpp"
#include "dataset/values/currency_words.hpp"

namespace neve::dataset {
namespace {

constexpr std::size_t kLongestLabel = 60;
constexpr std::array<std::string_view, 16> kWholeLabels{"total", "totals", "sum", "summe", "gesamt", "gesamtsumme",
                                                        "somme", "totale", "overall", "insgesamt", "zwischensumme",
                                                        "suma",
                                                        // What a page ends and the next one begins with.
                                                        "carried forward", "brought forward", "übertrag", "Übertrag"};
/// Ergebnis and Gesamtergebnis are what spreadsheets in German call their own.
constexpr std::array<std::string_view, 15> kTotalWords{
    "total", "totals",        "subtotal", "subtotals", "sub-total",      "sous-total", "subtotale",  "totale",
    "summe", "zwischensumme", "gesamt",   "ergebnis",  "gesamtergebnis", "totaal",     "gesamtsumme"};

constexpr std::array<std::string_view, 10> kAverageWords{"average", "averages", "avg",     "mean",     "durchschnitt",
                                                         "mittel",  "schnitt",  "moyenne", "promedio", "mittelwert"};

/// Nearly every cell ends here: no label begins or ends with another letter than these, whatever its case.
bool may_say_total(std::string_view cell) noexcept {
  constexpr auto set_of = [](std::string_view letters) {
    std::uint32_t set = 0;
    for (const char c : letters) set |= 1U << (c & 31);
    return set;
  };
  constexpr std::uint32_t kFirst = set_of("tsgoizecb\xC3");
  constexpr std::uint32_t kLast = set_of("lset:");
  return cell.size() >= 3 && cell.size() <= kLongestLabel &&
         ((kFirst >> (cell.front() & 31) & 1U) != 0 || (kLast >> (cell.back() & 31) & 1U) != 0);
}

bool is_one_of(std::string_view text, std::span<const std::string_view> words) noexcept {
  return std::any_of(words.begin(), words.end(),
                     [text](std::string_view word) { return equals_ignoring_case(text, word); });
}

/// Whether its first or its last word is one of these.
bool begins_or_ends_with(std::string_view cell, std::span<const std::string_view> words) noexcept {
  const std::size_t space = cell.rfind(' ');
  const std::string_view last = space == std::string_view::npos ? cell : cell.substr(space + 1);
  return is_one_of(cell.substr(0, cell.find(' ')), words) || is_one_of(last, words);
}

/// Whether any text of the column says total, as far as is known: nearly always it need not be asked cell by cell.
bool may_hold_label(const TextDictionary* texts) noexcept {
  if (texts == nullptr) return true;
  for (std::uint32_t i = 0; i < texts->size(); ++i) {
    if (says_total(texts->text(i))) return true;
  }
  return false;
}

/// Whether all texts of the column are currencies, as far as is known.
bool holds_currencies(const TextDictionary* texts) noexcept {
  if (texts == nullptr || texts->size() == 0) return false;
  bool common = false;  // codes of other things are those of rare currencies as well
  for (std::uint32_t i = 0; i < texts->size(); ++i) {
    if (!names_currency(texts->text(i))) return false;
    common = common || is_currency(texts->text(i));
  }
  return common;
}

}  // namespace

bool is_stars(std::string_view cell) noexcept {
  return !cell.empty() && cell.find_first_not_of('*') == std::string_view::npos;
}

bool says_total_only(std::string_view cell) noexcept {
  if (cell.ends_with(':')) cell.remove_suffix(1);
  return is_one_of(cell, kWholeLabels) || is_one_of(cell, kTotalWords);
}

bool says_total(std::string_view cell) noexcept {
  if (is_stars(cell)) return true;
  if (!may_say_total(cell)) return false;
  if (cell.ends_with(':')) cell.remove_suffix(1);
  return is_one_of(cell, kWholeLabels) || begins_or_ends_with(cell, kTotalWords);
}

bool says_average(std::string_view cell) noexcept {
  if (cell.size() > kLongestLabel) return false;
  if (cell.ends_with(':')) cell.remove_suffix(1);
  return begins_or_ends_with(cell, kAverageWords);
}

bool sums_up(const ColumnPlan& plan) noexcept {
  const bool number = plan.type == ColumnType::integer || plan.type == ColumnType::decimal;
  return number && plan.time_part == TimePart::none;
}

bool describes_row(const ColumnPlan& plan) noexcept {
  return (plan.type == ColumnType::text && !holds_currencies(plan.dictionary)) || plan.time_part != TimePart::none;
}

TotalLabel::TotalLabel(std::span<const ColumnPlan> plans) {
  if (std::none_of(plans.begin(), plans.end(), sums_up)) return;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    if (plans[i].type == ColumnType::text && may_hold_label(plans[i].dictionary)) texts_.push_back(i);
  }
}

std::string_view TotalLabel::of(std::span<const CellValue> values) const {
  for (const std::size_t i : texts_) {
    const std::string_view text = values[i].text;
    if (says_total(text)) return text;
  }
  return {};
}

}  // namespace neve::dataset
