#include "dataset/columns/column_profile.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <optional>
#include <utility>

#include <neve/base/ascii.hpp>

#include "dataset/columns/total_words.hpp"
#include "dataset/values/blank_words.hpp"
#include "dataset/values/cell_text.hpp"
#include "dataset/values/date_digits.hpp"
#include "dataset/values/fiscal_year.hpp"
#include "dataset/values/period_names.hpp"
#include "dataset/values/plain_date.hpp"

namespace neve::dataset {
namespace {

constexpr Int128 kMicro = 1'000'000;
constexpr Int128 kNarrow = 1'000'000'000'000'000'000;  // DECIMAL(18,6) holds less than this many millionths
constexpr std::size_t kLongestInteresting = 64;        // no number, date or word is longer

void note_small(NumberFacts& facts, std::int64_t value, std::uint64_t copies = 1) {
  facts.small += copies;
  facts.least = std::min(facts.least, value);
  facts.most = std::max(facts.most, value);
}

constexpr std::size_t kSmallDigits = 4;
constexpr std::size_t kDigitsOfSerial = 5;  // and of a quarter: 20241
constexpr std::size_t kDigitsOfMonth = 6;
constexpr std::size_t kDigitsOfYear = 4;

std::int64_t whole_value(const PlainNumber& number) noexcept {
  return number.micro() / static_cast<std::int64_t>(kMicro);
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

/// As statistics mark numbers with letters of footnotes, too.
bool ends_in_unit_letter(std::string_view cell) {
  constexpr std::string_view kLetters = "kKmMbB";
  return cell.size() > 1 && kLetters.find(cell.back()) != std::string_view::npos && is_digit(cell[cell.size() - 2]);
}

}  // namespace

bool NumberFacts::spells_differently() const noexcept {
  constexpr unsigned kOfMoney = kHasCurrency | kHasGroups;
  constexpr unsigned kOtherWays = kHasExponent | kPlusSign | kHasSuffix | kHasParentheses | kMinusBehind;
  if ((traits & kOfMoney) != 0) return false;
  const bool integers = count > only + open + certain;
  const unsigned counts = (spelling & 0xFFU) | (integers ? kDecimals : 0U);
  return (traits & kOtherWays) != 0 || (spelling >= kZeroEnd && !std::has_single_bit(counts));
}

inline void YearMonths::add(std::uint64_t number) noexcept {
  const auto found = year_month_of(number);
  if (!found) return;
  ++count;
  months |= static_cast<std::uint16_t>(1U << static_cast<unsigned>(found->month));
  least_year = std::min(least_year, found->year);
  most_year = std::max(most_year, found->year);
}

bool YearMonths::differ() const noexcept {
  return count > 0 && (least_year < most_year || !std::has_single_bit(months));
}

bool YearMonths::in_quarters() const noexcept {
  constexpr unsigned kQuarters = 0b11110;
  return count > 0 && (months & ~kQuarters) == 0;
}

bool YearMonths::may_be_days() const noexcept {
  constexpr int kMonths = 12;
  return least_year / 100 == most_year / 100 && least_year % 100 >= 1 && most_year % 100 <= kMonths;
}

std::uint64_t ColumnProfile::dates() const noexcept {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < shapes.size(); ++i)
    sum += i == static_cast<std::size_t>(DateShape::compact) ? 0 : shapes[i];
  return sum;
}

inline void ColumnProfile::note(CellExample& example, std::string_view cell, std::uint64_t line) {
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

/// The common case, quickly. Where a cell could mean something else as well, such as 1.234 and 20240131, it is not
/// taken.
inline bool ColumnProfile::add_plain(std::string_view cell) {
  constexpr std::size_t kDigitsOfDate = 8;
  const auto number = plain_number(cell);
  if (!number || number->leading_zero || (number->dollar && number->negative)) return false;
  if (number->decimals == 0) {
    if (number->dollar || number->grouped || number->integer == kDigitsOfDate) return false;
    add_plain_integer(*number);
    if (number->integer == kDigitsOfMonth && !number->negative) year_months.add(number->digits);
    if (number->integer == kDigitsOfSerial && !number->negative) add_five_digits(number->digits);
    return true;
  }
  if (number->decimals == 3) return false;
  ++dot.count;
  ++dot.only;
  dot.traits |= static_cast<std::uint16_t>(kHasDecimals | (number->dollar ? kHasCurrency : 0) |
                                           (number->grouped ? kHasGroups : 0));
  dot.spelling |= spelling_of(number->decimals, cell.back());
  if (number->decimals == kDigitsOfYear && dotted_month_of(cell)) ++dotted_months;
  dot.zeros_without_percent += number->digits == 0 ? 1 : 0;
  dollars_ += number->dollar ? 1 : 0;
  currency_zeros += number->dollar && number->digits == 0 ? 1 : 0;
  if (dot.only_zeros && !number->dollar && !number->grouped) note_zeros(*number);
  return true;
}

void ColumnProfile::add_plain_integer(const PlainNumber& number) {
  for (NumberFacts* facts : {&dot, &comma}) {
    ++facts->count;
    if (number.integer > kSmallDigits) continue;
    facts->zeros_without_percent += number.digits == 0 ? 1 : 0;
    note_small(*facts, whole_value(number));
  }
}

inline void ColumnProfile::add_five_digits(std::uint64_t number) noexcept {
  if (year_quarter_of(number)) ++year_quarters;
  if (may_be_day_serial(number) && ++day_serials == 1) first_serial = number;
}

/// Programs that know no blank integers write 2024.0. Amounts have soon shown that they are none of these.
void ColumnProfile::note_zeros(const PlainNumber& number) {
  dot.only_zeros = number.micro() % static_cast<std::int64_t>(kMicro) == 0;
  if (!dot.only_zeros) return;
  const std::int64_t value = whole_value(number);
  if (number.integer == kDigitsOfMonth && value > 0) year_months.add(static_cast<std::uint64_t>(value));
  if (number.integer == kDigitsOfSerial && value > 0) add_five_digits(static_cast<std::uint64_t>(value));
  if (number.integer > kSmallDigits) return;
  ++dot.small_zeros;
  dot.least_zeros = std::min(dot.least_zeros, value);
  dot.most_zeros = std::max(dot.most_zeros, value);
}

/// The common case of a date, quickly.
inline bool ColumnProfile::add_plain_date(std::string_view cell) {
  const auto date = plain_date(cell);
  if (!date) return false;
  const bool two_first = date->shape == DateShape::two_first;
  const bool as_month_first = is_day(date->year, date->first, date->second);
  const bool as_day_first = two_first && is_day(date->year, date->second, date->first);
  if (!as_month_first && !as_day_first) return false;
  ++shapes[static_cast<std::size_t>(date->shape)];
  least_year = std::min(least_year, date->year);
  most_year = std::max(most_year, date->year);
  if (two_first) {
    note_order(*date, as_day_first, as_month_first, cell, 1);
  } else if (date->shape == DateShape::year_first) {
    latest_day = std::max(latest_day, date->second);
  }
  return true;
}

bool ColumnProfile::add_date(std::string_view cell, std::uint64_t copies) {
  const auto date = parse_date(cell);
  if (date) note_date(*date, cell, copies);
  return date.has_value();
}

void ColumnProfile::note_date(const ParsedDate& date, std::string_view cell, std::uint64_t copies) {
  shapes[static_cast<std::size_t>(date.shape)] += copies;
  if (date.short_year) short_years += copies;
  if (date.has_time) times += copies;
  if (date.trimester) trimesters += copies;
  fourth_trimester = fourth_trimester || (date.trimester && date.first == 4);
  if (date.shape == DateShape::year_first) latest_day = std::max(latest_day, date.second);
  if (date.shape == DateShape::year_first || date.shape == DateShape::two_first) {
    least_year = std::min(least_year, date.year);
    most_year = std::max(most_year, date.year);
  }
  if (date.shape != DateShape::two_first) return;
  constexpr std::size_t kShortDotted = std::string_view("01.02.03").size();
  if (date.short_year && cell.size() == kShortDotted && cell[2] == '.' && cell[5] == '.') short_dotted += copies;
  note_order(date, is_day(date.year, date.second, date.first), is_day(date.year, date.first, date.second), cell,
             copies);
  note_short_date(date, cell, copies);
}

/// Of a date with two numbers first, which is one with the day first, the month first, or both.
inline void ColumnProfile::note_order(const ParsedDate& date, bool as_day_first, bool as_month_first,
                                      std::string_view cell, std::uint64_t copies) {
  // Which of them it is cannot be predicted.
  const bool both = as_day_first && as_month_first;
  day_first += as_day_first && !both ? copies : 0;
  month_first += as_month_first && !both ? copies : 0;
  const bool open = both && date.first != date.second;
  const bool dotted = is_digit(cell[0]) && (cell[1] == '.' || cell[2] == '.');
  open_order += open ? copies : 0;
  open_dotted += open && dotted ? copies : 0;
  first_always_one = first_always_one && date.first == 1;
  second_always_one = second_always_one && date.second == 1;
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
  constexpr int kShortestMonth = 28;
  const bool ends_of_months =
      most_third == 1 || least_third >= kShortestMonth;  // of monthly series: 19-01-31, 25-12-31
  return short_dates > 0 && short_dates == two_first && least_first > kMonths &&
         (ends_of_months || most_first - least_first <= most_third - least_third);
}

void ColumnProfile::add(std::span<const std::string_view> some, std::span<const std::uint64_t> lines) {
  count(some);
  if (texts < kSettled && searches_ > cells / 2) {
    for (const std::string_view cell : some) {
      if (!cell.empty() && cell.size() <= ShortCell::kLongest) memo_.prepare(cell);
    }
  }
  std::size_t i = 0;
  for (; i < some.size() && texts < kSettled; ++i) {
    if (!some[i].empty()) add_filled(some[i], lines[i]);
  }
  for (; i < some.size(); ++i) texts += some[i].empty() ? 0 : 1;
}

void ColumnProfile::add(std::string_view cell, std::uint64_t line) { add({&cell, 1}, {&line, 1}); }

void ColumnProfile::count(std::span<const std::string_view> some) noexcept {
  std::uint64_t filled = 0;
  for (const std::string_view cell : some) {
    filled += cell.empty() ? 0 : 1;
    text_bytes += cell.size();
  }
  empty += some.size() - filled;
  cells += filled;
}

inline void ColumnProfile::add_filled(std::string_view cell, std::uint64_t line) {
  if (cell.size() > kLongestInteresting) {
    ++texts;
    note(first_text, cell, line);
    note(first_non_number, cell, line);
    note(first_non_date, cell, line);
    return;
  }
  if (add_plain_date(cell)) {
    note(first_non_number, cell, line);
    return;
  }
  if (add_plain(cell)) {
    note(first_non_date, cell, line);
    return;
  }
  if (cell.size() <= CellMemo<Repeats>::kLongestCell) {
    add_short(cell, line);
  } else {
    classify(cell, line, 1);
  }
}

void ColumnProfile::add_short(std::string_view cell, std::uint64_t line) {
  ++searches_;
  const auto search = memo_.search(cell);
  Repeats& repeats = search.place().known;
  if (!search.found()) {
    add_repeats(search.place());
    const std::uint64_t texts_before = texts;
    const std::uint64_t labels_before = total_labels;
    classify(cell, line, 1);
    const bool label = total_labels > labels_before;
    search.take({0, texts > texts_before, label});
  } else if (repeats.plain_text) {
    ++texts;
    if (repeats.total_label) note_total_label(line, 1);
  } else if (++repeats.count == UINT32_MAX) {
    add_repeats(search.place());
  }
}

void ColumnProfile::add_certain(std::string_view cell, std::uint64_t line) {
  auto number = cell.size() <= kLongestInteresting ? parse_number(cell, '.') : std::nullopt;
  const bool percent = number && (number->traits & kHasPercent) != 0;
  const bool integer = number && (number->traits & (kHasDecimals | kHasExponent | kHasPercent)) == 0;
  if (number && percent) ++certain_percents;
  if (number && !percent && number->micro != 0) ++certain_plain;
  // Whole numbers say the same to both marks; they may be years, or dates such as 20240131.
  if (!number || integer || texts >= kSettled) {
    add(cell, line);
    return;
  }
  ++cells;
  text_bytes += cell.size();
  number->traits = static_cast<std::uint16_t>((number->traits & (kHasPercent | kHasCurrency | kHasSuffix | kRounded)) |
                                              kHasDecimals);
  if (!number->currency.empty()) {
    ++currencies[std::string(number->currency)];
    currency_zeros += number->micro == 0 ? 1 : 0;
  }
  for (NumberFacts* facts : {&dot, &comma}) {
    add_number(*facts, *number, 1);
    ++facts->certain;
    facts->only_zeros = false;
  }
  note(first_non_date, cell, line);
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
  // A cell may be several of these at once: the rest of the column decides.
  const bool number = classify_number(cell, copies);
  if (number && ends_in_unit_letter(cell)) {
    unit_letters += copies;
    note(first_unit_letter, cell, line);
  }
  const bool date = add_date(cell, copies);
  if (dotted_month_of(cell)) dotted_months += copies;
  const bool word = classify_word(cell, copies);
  if (!number) note(first_non_number, cell, line);
  if (!date) note(first_non_date, cell, line);
  if (number || date || word) return;
  texts += copies;
  if (is_credit_or_debit(cell)) ++credits_and_debits;
  if (calls_row_total(cell)) note_total_label(line, copies);
  note(first_text, cell, line);
}

void ColumnProfile::note_total_label(std::uint64_t line, std::uint64_t copies) noexcept {
  total_labels += copies;
  last_total_label = std::max(last_total_label, line);
}

bool ColumnProfile::classify_number(std::string_view cell, std::uint64_t copies) {
  if (cell.size() == 2 && cell[0] == '0' && is_digit(cell[1])) {  // 01 to 09, of months
    for (NumberFacts* facts : {&dot, &comma}) note_small(*facts, cell[1] - '0', copies);
  }
  const auto as_dot = parse_number(cell, '.');
  const auto as_comma = parse_number(cell, ',');
  if (as_dot) add_number_with(dot, '.', *as_dot, as_comma.has_value(), cell, copies);
  if (as_comma) add_number_with(comma, ',', *as_comma, as_dot.has_value(), cell, copies);
  if (!as_dot && !as_comma) return false;
  const std::string_view currency = as_dot ? as_dot->currency : as_comma->currency;
  if (!currency.empty()) {
    currencies[std::string(currency)] += copies;
    currency_zeros += (as_dot ? as_dot : as_comma)->micro == 0 ? copies : 0;
  }
  return true;
}

/// A number under one decimal mark; whether it is one under the `other` mark, too.
void ColumnProfile::add_number_with(NumberFacts& facts, char mark, const ParsedNumber& number, bool other,
                                    std::string_view cell, std::uint64_t copies) {
  add_number(facts, number, copies);
  if (!other) facts.only += copies;
  if ((number.traits & kHasDecimals) == 0) return;
  facts.spelling |= spelling_with(cell, mark);
  if (other) facts.open += copies;
}

/// Truth values, fiscal years, and the names of months and quarters.
bool ColumnProfile::classify_word(std::string_view cell, std::uint64_t copies) {
  bool known = false;
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
  return known;
}

}  // namespace neve::dataset
