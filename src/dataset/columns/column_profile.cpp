#include "dataset/columns/column_profile.hpp"

#include <algorithm>
#include <limits>

#include "dataset/values/blank_words.hpp"
#include "dataset/values/cell_text.hpp"

namespace neve::dataset {
namespace {

constexpr Int128 kMicro = 1'000'000;
constexpr Int128 kNarrow = 1'000'000'000'000'000'000;  // DECIMAL(18,6) holds less than this many millionths
constexpr std::size_t kLongestInteresting = 64;        // no number, date or word is longer

void note_small(NumberFacts& facts, std::int64_t value) {
  ++facts.small;
  facts.least = std::min(facts.least, value);
  facts.most = std::max(facts.most, value);
}

constexpr bool digit(char c) noexcept { return c >= '0' && c <= '9'; }

}  // namespace

std::uint64_t ColumnProfile::dates() const noexcept {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < shapes.size(); ++i)
    sum += i == static_cast<std::size_t>(DateShape::compact) ? 0 : shapes[i];
  return sum;
}

void ColumnProfile::note(CellExample& example, std::string_view cell, std::uint64_t line) {
  if (example.line == 0) example = {line, excerpt(cell)};
}

void ColumnProfile::add_number(NumberFacts& facts, const ParsedNumber& number) {
  ++facts.count;
  facts.traits |= number.traits;
  if ((number.traits & kHasPercent) != 0) {
    ++facts.percents;
  } else if (number.micro == 0) {
    ++facts.zeros_without_percent;
  }
  const Int128 size = number.micro < 0 ? -number.micro : number.micro;
  facts.beyond_narrow = facts.beyond_narrow || size >= kNarrow;
  facts.beyond_integer = facts.beyond_integer || size / kMicro > std::numeric_limits<std::int64_t>::max();
}

/// The common case, quickly: digits, perhaps a minus, perhaps a point and at most six digits more.
bool ColumnProfile::add_plain_number(std::string_view cell) {
  const std::size_t sign = cell.front() == '-' ? 1 : 0;
  std::size_t i = sign;
  while (i < cell.size() && digit(cell[i])) ++i;
  const std::size_t integer = i - sign;
  if (integer == 0 || integer > 11 || (cell[sign] == '0' && integer > 1)) return false;
  if (i == cell.size()) {
    if (integer == 8) return false;  // may be a date
    ++dot.count;
    ++comma.count;
    if (integer <= 4) {
      std::int64_t value = 0;
      for (const char c : cell.substr(sign)) value = value * 10 + (c - '0');
      if (value == 0) {
        ++dot.zeros_without_percent;
        ++comma.zeros_without_percent;
      }
      note_small(dot, sign == 1 ? -value : value);
      note_small(comma, sign == 1 ? -value : value);
    }
    return true;
  }
  if (cell[i] != '.') return false;
  const std::size_t decimals = cell.size() - i - 1;
  if (decimals == 0 || decimals == 3 || decimals > 6) return false;  // 1.234 may be a thousand
  bool zero = cell[sign] == '0';
  for (std::size_t k = i + 1; k < cell.size(); ++k) {
    if (!digit(cell[k])) return false;
    zero = zero && cell[k] == '0';
  }
  ++dot.count;
  ++dot.only;
  dot.traits |= kHasDecimals;
  if (zero) ++dot.zeros_without_percent;
  return true;
}

/// The other common case: 2024-01-31.
bool ColumnProfile::add_iso_date(std::string_view cell) {
  if (cell.size() != 10 || cell[4] != '-' || cell[7] != '-' || !parse_date(cell)) return false;
  ++shapes[static_cast<std::size_t>(DateShape::year_first)];
  return true;
}

bool ColumnProfile::add_date(std::string_view cell) {
  const auto date = parse_date(cell);
  if (!date) return false;
  ++shapes[static_cast<std::size_t>(date->shape)];
  if (date->short_year) ++short_years;
  if (date->has_time) ++times;
  if (date->shape == DateShape::two_first) {
    const bool as_day_first = days_of(*date, true).has_value();
    const bool as_month_first = days_of(*date, false).has_value();
    if (as_day_first && !as_month_first) ++day_first;
    if (as_month_first && !as_day_first) ++month_first;
    if (as_day_first && as_month_first && date->first != date->second) ++open_order;
    first_always_one = first_always_one && date->first == 1;
    second_always_one = second_always_one && date->second == 1;
  }
  return true;
}

void ColumnProfile::add(std::string_view cell, std::uint64_t line) {
  if (cell.empty()) {
    ++empty;
    return;
  }
  ++cells;
  text_bytes += cell.size();
  if (texts >= kSettled) {
    ++texts;
    return;
  }
  if (cell.size() > kLongestInteresting) {
    ++texts;
    note(first_text, cell, line);
    note(first_non_number, cell, line);
    note(first_non_date, cell, line);
    return;
  }
  if (add_plain_number(cell)) {
    note(first_non_date, cell, line);
    return;
  }
  if (add_iso_date(cell)) {
    note(first_non_number, cell, line);
    return;
  }
  if (stands_for_blank(cell)) {
    ++blank_words;
    return;
  }
  const auto as_dot = parse_number(cell, '.');
  const auto as_comma = parse_number(cell, ',');
  if (as_dot) add_number(dot, *as_dot);
  if (as_comma) add_number(comma, *as_comma);
  if (as_dot && !as_comma) ++dot.only;
  if (as_comma && !as_dot) ++comma.only;
  if (as_dot || as_comma) {
    const std::string_view currency = as_dot ? as_dot->currency : as_comma->currency;
    if (!currency.empty()) ++currencies[std::string(currency)];
  } else {
    note(first_non_number, cell, line);
  }
  bool known = as_dot || as_comma;
  if (add_date(cell)) {
    known = true;
  } else {
    note(first_non_date, cell, line);
  }
  if (truth_of_word(cell) >= 0) {
    ++truths;
    if (cell.size() > 1) ++long_truths;
    known = true;
  }
  if (month_of_name(cell) > 0) {
    ++month_names;
    known = true;
  }
  if (quarter_of_name(cell) > 0) {
    ++quarter_names;
    known = true;
  }
  if (!known) {
    ++texts;
    note(first_text, cell, line);
  }
}

}  // namespace neve::dataset
