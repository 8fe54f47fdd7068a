#include "dataset/columns/total_label.hpp"

#include <algorithm>
#include <functional>

#include "dataset/columns/total_words.hpp"
#include "dataset/values/currency_words.hpp"

namespace neve::dataset {
namespace {

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

bool says_total(std::string_view cell) noexcept { return is_stars(cell) || total_words_of(cell) != TotalWords::none; }

bool sums_up(const ColumnPlan& plan) noexcept {
  const bool number = plan.type == ColumnType::integer || plan.type == ColumnType::decimal;
  return number && plan.time_part == TimePart::none;
}

bool describes_row(const ColumnPlan& plan) noexcept {
  return (plan.type == ColumnType::text && !holds_currencies(plan.dictionary)) || plan.time_part != TimePart::none;
}

TotalLabel::TotalLabel(std::span<const ColumnPlan> plans) {
  if (std::none_of(plans.begin(), plans.end(), sums_up)) return;
  const auto is_text = [plans](std::size_t i) { return plans[i].type == ColumnType::text; };
  for (std::size_t i = 0; i < plans.size(); ++i) {
    const bool text = is_text(i) && may_hold_label(plans[i].dictionary);
    const bool time = plans[i].time_part != TimePart::none && plans[i].total_labels;
    if (text || time) texts_.push_back(i);
  }
  std::stable_partition(texts_.begin(), texts_.end(), std::not_fn(is_text));
}

std::string_view TotalLabel::of(std::span<const CellValue> values) const {
  for (const std::size_t i : texts_) {
    const std::string_view text = values[i].text;
    if (says_total(text)) return text;
  }
  return {};
}

}  // namespace neve::dataset
