#include "dataset/columns/total_label.hpp"

#include <algorithm>
#include <array>

#include <neve/base/ascii.hpp>

#include "dataset/values/cell_text.hpp"

namespace neve::dataset {
namespace {

constexpr std::size_t kLongestLabel = 60;
constexpr std::array<std::string_view, 12> kWholeLabels{"total",   "totals",      "sum",           "summe",
                                                        "gesamt",  "gesamtsumme", "somme",         "totale",
                                                        "overall", "insgesamt",   "zwischensumme", "suma"};
constexpr std::array<std::string_view, 6> kTotalWords{"total",     "totals",    "subtotal",
                                                      "subtotals", "sub-total", "gesamtsumme"};

/// Nearly every cell ends here: no label begins or ends with another letter than these, whatever its case.
bool may_say_total(std::string_view cell) noexcept {
  constexpr auto set_of = [](std::string_view letters) {
    std::uint32_t set = 0;
    for (const char c : letters) set |= 1U << (c & 31);
    return set;
  };
  constexpr std::uint32_t kFirst = set_of("tsgoiz");
  constexpr std::uint32_t kLast = set_of("lse:");
  return cell.size() >= 3 && cell.size() <= kLongestLabel &&
         ((kFirst >> (cell.front() & 31) & 1U) != 0 || (kLast >> (cell.back() & 31) & 1U) != 0);
}

/// Whether any text of the column says total, as far as is known: nearly always it need not be asked cell by cell.
bool may_hold_label(const TextDictionary* texts) noexcept {
  if (texts == nullptr) return true;
  for (std::uint32_t i = 0; i < texts->size(); ++i) {
    if (says_total(texts->text(i))) return true;
  }
  return false;
}

}  // namespace

bool says_total(std::string_view cell) noexcept {
  if (!may_say_total(cell)) return false;
  if (cell.ends_with(':')) cell.remove_suffix(1);
  const auto equals = [](std::string_view text) {
    return [text](std::string_view word) { return equals_ignoring_case(text, word); };
  };
  if (std::any_of(kWholeLabels.begin(), kWholeLabels.end(), equals(cell))) return true;
  const std::string_view first = cell.substr(0, cell.find(' '));
  const std::size_t space = cell.rfind(' ');
  const std::string_view last = space == std::string_view::npos ? cell : cell.substr(space + 1);
  return std::any_of(kTotalWords.begin(), kTotalWords.end(), equals(first)) ||
         std::any_of(kTotalWords.begin(), kTotalWords.end(), equals(last));
}

bool sums_up(const ColumnPlan& plan) noexcept {
  const bool number = plan.type == ColumnType::integer || plan.type == ColumnType::decimal;
  return number && plan.time_part == TimePart::none;
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
