#include "dataset/columns/total_rows.hpp"

#include <algorithm>
#include <array>

#include "dataset/values/cell_text.hpp"

namespace neve::dataset {
namespace {

constexpr std::size_t kLongestLabel = 60;
constexpr std::size_t kExamples = 20;
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

TotalRows::TotalRows(std::vector<ColumnPlan> plans) : plans_(std::move(plans)) {
  for (std::size_t i = 0; i < plans_.size(); ++i) {
    const ColumnPlan& plan = plans_[i];
    const bool number = plan.type == ColumnType::integer || plan.type == ColumnType::decimal;
    if (plan.type == ColumnType::text) texts_.push_back(i);
    if (plan.type == ColumnType::text || plan.time_part != TimePart::none) others_.push_back(i);
    if (number && plan.time_part == TimePart::none) sums_.push_back({i});
  }
}

std::string_view TotalRows::label_of(std::span<const CellValue> values) const {
  for (const std::size_t i : texts_) {
    const std::string_view text = values[i].text;
    if (may_say_total(text) && says_total(text)) return text;
  }
  return {};
}

bool TotalRows::is_sum(std::span<const CellValue> values) const {
  if (overflow_ || rows_since_last_ < 2) return false;
  bool any = false;
  bool since_last = true;
  bool all = true;
  for (const Sum& sum : sums_) {
    if (values[sum.column].blank) continue;
    any = true;
    since_last = since_last && values[sum.column].number == sum.since_last;
    all = all && values[sum.column].number == sum.all;
  }
  return any && (since_last || all);
}

std::size_t TotalRows::filled_others(std::span<const CellValue> values) const {
  std::size_t filled = 0;
  for (const std::size_t i : others_) filled += values[i].blank ? 0 : 1;
  return filled;
}

bool TotalRows::stands_alone(std::span<const CellValue> values) const {
  // Where other rows leave those cells blank, too, it proves nothing.
  return filled_others(values) == 1 && rows_ > 0 && fuller_rows_ * 10 >= rows_ * 9;
}

bool TotalRows::observe(std::span<const CellValue> values, std::uint64_t line) {
  const std::string_view label = sums_.empty() ? std::string_view() : label_of(values);
  if (!label.empty()) {
    const bool verified = is_sum(values);
    if (verified || stands_alone(values)) {
      ++count_;
      if (examples_.size() < kExamples) examples_.push_back({line, excerpt(label), verified});
      rows_since_last_ = 0;
      for (Sum& sum : sums_) sum.since_last = 0;
      return true;
    }
    if (doubtful_++ == 0) first_doubtful_ = {line, excerpt(label), false};
  }
  ++rows_since_last_;
  ++rows_;
  fuller_rows_ += filled_others(values) > 1 ? 1 : 0;
  for (Sum& sum : sums_) {
    if (values[sum.column].blank) continue;
    const Int128 number = values[sum.column].number;
    overflow_ = overflow_ || __builtin_add_overflow(sum.since_last, number, &sum.since_last);
    overflow_ = overflow_ || __builtin_add_overflow(sum.all, number, &sum.all);
  }
  return false;
}

}  // namespace neve::dataset
