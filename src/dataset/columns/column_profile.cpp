#include "dataset/columns/column_profile.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <optional>
#include <utility>

#include <neve/base/ascii.hpp>

#include "dataset/values/blank_words.hpp"
#include "dataset/values/cell_text.hpp"
#include "dataset/values/fiscal_year.hpp"

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

/// The value of a few digits with perhaps a minus before them.
std::int64_t small_integer(std::string_view text) noexcept {
  const std::size_t sign = text.front() == '-' ? 1 : 0;
  std::int64_t value = 0;
  for (const char c : text.substr(sign)) value = value * 10 + (c - '0');
  return sign == 1 ? -value : value;
}

constexpr std::size_t kMostDecimals = 7;  // in `NumberFacts::spelling`: these or more

/// How a cell that ends in `count` decimals, `last` of them the last, is spelt.
std::uint16_t spelling_of(std::size_t count, char last) noexcept {
  const unsigned bits =
      count > 0 && last == '0' ? NumberFacts::kDecimals | NumberFacts::kZeroEnd : NumberFacts::kDecimals;
  return static_cast<std::uint16_t>(bits << std::min(count, kMostDecimals));
}

/// The same for a number whose decimals stand behind `mark`; what follows them is told by its traits.
std::uint16_t spelling_with(std::string_view cell, char mark) noexcept {
  const std::size_t begin = cell.rfind(mark) + 1;
  std::size_t end = begin;
  while (end < cell.size() && is_digit(cell[end])) ++end;
  return spelling_of(end - begin, cell[end - 1]);
}

struct PlainDecimals {
  bool zero;  ///< nothing but zeros
  std::uint16_t spelling;
};

/// A point at `point` and up to six digits behind it to the end; not three, since 1.234 may be a thousand.
inline std::optional<PlainDecimals> plain_decimals(std::string_view cell, std::size_t point) {
  if (point >= cell.size() || cell[point] != '.') return std::nullopt;
  const std::size_t count = cell.size() - point - 1;
  if (count == 0 || count == 3 || count > 6) return std::nullopt;
  unsigned any = 0;
  for (std::size_t i = point + 1; i < cell.size(); ++i) {
    if (!is_digit(cell[i])) return std::nullopt;
    any |= static_cast<unsigned>(cell[i] - '0');
  }
  return PlainDecimals{any == 0, spelling_of(count, cell.back())};
}

}  // namespace

bool NumberFacts::spells_differently() const noexcept {
  constexpr unsigned kOfMoney = kHasCurrency | kHasGroups;
  constexpr unsigned kOtherWays = kHasExponent | kPlusSign | kHasSuffix | kHasParentheses | kMinusBehind;
  if ((traits & kOfMoney) != 0) return false;
  const bool integers = count > only + open;
  const unsigned counts = (spelling & 0xFFU) | (integers ? kDecimals : 0U);
  return (traits & kOtherWays) != 0 || (spelling >= kZeroEnd && !std::has_single_bit(counts));
}

std::uint64_t ColumnProfile::dates() const noexcept {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < shapes.size(); ++i)
    sum += i == static_cast<std::size_t>(DateShape::compact) ? 0 : shapes[i];
  return sum;
}

void ColumnProfile::note(CellExample& example, std::string_view cell, std::uint64_t line) {
  if (example.line == 0) example = {line, excerpt(cell)};
}

void ColumnProfile::add_number(NumberFacts& facts, const ParsedNumber& number, std::uint64_t copies) {
  facts.count += copies;
  facts.traits |= number.traits;
  if ((number.traits & kHasPercent) != 0) {
    facts.percents += copies;
  } else if (number.micro == 0) {
    facts.zeros_without_percent += copies;
  }
  const Int128 size = number.micro < 0 ? -number.micro : number.micro;
  facts.beyond_narrow = facts.beyond_narrow || size >= kNarrow;
  facts.beyond_integer = facts.beyond_integer || size / kMicro > std::numeric_limits<std::int64_t>::max();
}

/// The common case, quickly: digits, perhaps a minus, perhaps a point and at most six digits more.
bool ColumnProfile::add_plain_number(std::string_view cell) {
  const std::size_t sign = cell.front() == '-' ? 1 : 0;
  std::size_t i = sign;
  while (i < cell.size() && is_digit(cell[i])) ++i;
  const std::size_t integer = i - sign;
  if (integer == 0 || integer > 11 || (cell[sign] == '0' && integer > 1)) return false;
  if (i == cell.size()) {
    if (integer == 8) return false;  // may be a date
    ++dot.count;
    ++comma.count;
    if (integer <= 4) {
      const std::int64_t value = small_integer(cell.substr(0, i));
      if (value == 0) {
        ++dot.zeros_without_percent;
        ++comma.zeros_without_percent;
      }
      note_small(dot, value);
      note_small(comma, value);
    }
    return true;
  }
  const auto decimals = plain_decimals(cell, i);
  if (!decimals) return false;
  ++dot.count;
  ++dot.only;
  dot.traits |= kHasDecimals;
  dot.spelling |= decimals->spelling;
  if (cell[sign] == '0' && decimals->zero) ++dot.zeros_without_percent;
  if (dot.only_zeros) note_zeros(cell.substr(0, i), decimals->zero);
  return true;
}

/// Programs that know no blank integers write 2024.0. Amounts have soon shown that they are none of these.
void ColumnProfile::note_zeros(std::string_view integer, bool zeros) {
  dot.only_zeros = zeros;
  if (!zeros || integer.size() > 4) return;
  const std::int64_t value = small_integer(integer);
  ++dot.small_zeros;
  dot.least_zeros = std::min(dot.least_zeros, value);
  dot.most_zeros = std::max(dot.most_zeros, value);
}

/// And with a dollar before it, and decimals.
bool ColumnProfile::add_plain_money(std::string_view cell) {
  if (cell.front() != '$') return false;
  std::size_t i = 1;
  while (i < cell.size() && is_digit(cell[i])) ++i;
  const std::size_t integer = i - 1;
  if (integer == 0 || integer > 11 || (cell[1] == '0' && integer > 1)) return false;
  const auto decimals = plain_decimals(cell, i);
  if (!decimals) return false;
  ++dot.count;
  ++dot.only;
  dot.traits |= kHasDecimals | kHasCurrency;
  if (cell[1] == '0' && decimals->zero) ++dot.zeros_without_percent;
  ++dollars_;
  return true;
}

bool ColumnProfile::add_date(std::string_view cell, std::uint64_t copies) {
  const auto date = parse_date(cell);
  if (!date) return false;
  shapes[static_cast<std::size_t>(date->shape)] += copies;
  if (date->short_year) short_years += copies;
  if (date->has_time) times += copies;
  if (date->shape == DateShape::two_first) {
    const bool as_day_first = days_of(*date, true).has_value();
    const bool as_month_first = days_of(*date, false).has_value();
    if (as_day_first && !as_month_first) day_first += copies;
    if (as_month_first && !as_day_first) month_first += copies;
    if (as_day_first && as_month_first && date->first != date->second) open_order += copies;
    first_always_one = first_always_one && date->first == 1;
    second_always_one = second_always_one && date->second == 1;
    note_short_date(*date, cell, copies);
  }
  return true;
}

void ColumnProfile::note_short_date(const ParsedDate& date, std::string_view cell, std::uint64_t copies) {
  constexpr int kLastDay = 31;
  const int third = date.year % 100;
  if (!date.short_year || cell.find('.') != std::string_view::npos || third < 1 || third > kLastDay) return;
  short_dates += copies;
  least_first = std::min(least_first, date.first);
  most_first = std::max(most_first, date.first);
  least_third = std::min(least_third, third);
  most_third = std::max(most_third, third);
}

bool ColumnProfile::may_have_year_first() const noexcept {
  constexpr int kMonths = 12;
  const std::uint64_t two_first = shapes[static_cast<std::size_t>(DateShape::two_first)];
  return short_dates > 0 && short_dates == two_first && least_first > kMonths &&
         most_first - least_first <= most_third - least_third;
}

void ColumnProfile::add(std::span<const std::string_view> some, std::span<const std::uint64_t> lines) {
  if (searches_ > cells / 2) {
    for (const std::string_view cell : some) {
      if (!cell.empty() && cell.size() <= ShortCell::kLongest) memo_.prepare(cell);
    }
  }
  for (std::size_t i = 0; i < some.size(); ++i) add(some[i], lines[i]);
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
  if (add_plain_money(cell)) {
    note(first_non_date, cell, line);
    return;
  }
  if (cell.size() > CellMemo<Repeats>::kLongestCell) {
    classify(cell, line, 1);
    return;
  }
  ++searches_;
  const auto search = memo_.search(cell);
  Repeats& repeats = search.place().known;
  if (!search.found()) {
    add_repeats(search.place());
    const std::uint64_t texts_before = texts;
    classify(cell, line, 1);
    search.take({0, texts > texts_before});
  } else if (repeats.plain_text) {
    ++texts;
  } else if (++repeats.count == UINT32_MAX) {
    add_repeats(search.place());
  }
}

void ColumnProfile::finish() {
  memo_.for_each([this](CellMemo<Repeats>::Place& place) { add_repeats(place); });
  memo_.clear();  // the profile lives as long as the table is written, and there may be many
  if (dollars_ > 0) currencies["$"] += std::exchange(dollars_, 0);
}

/// What was found when the cell was read, as often as it has come since. Examples are of the first time.
void ColumnProfile::add_repeats(CellMemo<Repeats>::Place& place) {
  const std::uint32_t copies = std::exchange(place.known.count, 0);
  if (copies == 0) return;
  char room[CellMemo<Repeats>::kLongestCell];
  classify(place.cell.text(room), 0, copies);
}

void ColumnProfile::classify(std::string_view cell, std::uint64_t line, std::uint64_t copies) {
  if (stands_for_blank(cell)) {
    blank_words += copies;
    return;
  }
  const auto as_dot = parse_number(cell, '.');
  const auto as_comma = parse_number(cell, ',');
  if (as_dot) add_number(dot, *as_dot, copies);
  if (as_comma) add_number(comma, *as_comma, copies);
  const auto note_spelling = [&](NumberFacts& facts, bool decimals, char mark, bool other) {
    if (!decimals) return;
    facts.spelling |= spelling_with(cell, mark);
    if (other) facts.open += copies;
  };
  note_spelling(dot, as_dot && (as_dot->traits & kHasDecimals) != 0, '.', as_comma.has_value());
  note_spelling(comma, as_comma && (as_comma->traits & kHasDecimals) != 0, ',', as_dot.has_value());
  if (as_dot && !as_comma) dot.only += copies;
  if (as_comma && !as_dot) comma.only += copies;
  if (as_dot || as_comma) {
    const std::string_view currency = as_dot ? as_dot->currency : as_comma->currency;
    if (!currency.empty()) currencies[std::string(currency)] += copies;
  } else {
    note(first_non_number, cell, line);
  }
  bool known = as_dot || as_comma;
  if (add_date(cell, copies)) {
    known = true;
  } else {
    note(first_non_date, cell, line);
  }
  if (const TruthWord word = truth_of_word(cell); word.truth >= 0) {
    truths += copies;
    truth_pairs |= word.pair;
    (word.truth == 1 ? true_pairs : false_pairs) |= word.pair;
    known = true;
  }
  if (const auto fiscal = parse_fiscal_year(cell)) {
    (fiscal->range ? year_ranges : fiscal_years) += copies;
    known = true;
  }
  if (month_of_name(cell) > 0) {
    month_names += copies;
    known = true;
  }
  if (quarter_of_name(cell) > 0) {
    quarter_names += copies;
    known = true;
  }
  if (!known) {
    texts += copies;
    if (is_credit_or_debit(cell)) ++credits_and_debits;
    note(first_text, cell, line);
  }
}

}  // namespace neve::dataset
