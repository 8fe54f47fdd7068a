#include "dataset/columns/cell_converter.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include <neve/base/ascii.hpp>
#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>

#include "dataset/columns/total_words.hpp"
#include "dataset/values/blank_words.hpp"
#include "dataset/values/cell_text.hpp"
#include "dataset/values/date_digits.hpp"
#include "dataset/values/day_number.hpp"
#include "dataset/values/fiscal_year.hpp"
#include "dataset/values/period_names.hpp"
#include "dataset/values/plain_date.hpp"
#include "dataset/values/plain_number.hpp"

namespace neve::dataset {
namespace {

constexpr Int128 kMicro = 1'000'000;
std::uint64_t hash_of(const CellValue& value, ColumnType type) {
  if (type == ColumnType::text) return xxh64_of(as_byte_span(value.text));
  const auto upper = static_cast<std::uint64_t>(value.number >> 64);
  return mixed(static_cast<std::uint64_t>(value.number) ^ mixed(upper));
}

/// The same of a number that has 64 bits, as nearly every one.
inline std::uint64_t hash_of(std::int64_t number) {
  constexpr std::uint64_t kPositive = mixed(0);
  constexpr std::uint64_t kNegative = mixed(UINT64_MAX);
  return mixed(static_cast<std::uint64_t>(number) ^ (number < 0 ? kNegative : kPositive));
}

}  // namespace

std::string micro_text(Int128 micro) {
  const bool negative = micro < 0;
  const auto size = static_cast<UInt128>(negative ? -micro : micro);
  std::string text = fmt::format("{}{}", negative ? "-" : "", size / static_cast<UInt128>(kMicro));
  const auto rest = static_cast<std::uint64_t>(size % static_cast<UInt128>(kMicro));
  if (rest == 0) return text;
  text += fmt::format(".{:06}", rest);
  text.resize(text.find_last_not_of('0') + 1);
  return text;
}

std::string date_text(std::int64_t days) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(days))};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

CellConverter::CellConverter(ColumnPlan plan) : plan_(std::move(plan)) {
  if (plan_.dictionary == nullptr) return;
  for (std::uint32_t i = 0; i < plan_.dictionary->size(); ++i)
    distinct_.add(xxh64_of(as_byte_span(plan_.dictionary->text(i))));
}

void CellConverter::count_traits(const ParsedNumber& number, std::string_view cell, std::uint64_t line, char mark) {
  constexpr std::array<std::pair<NumberTrait, Coercion>, 8> kCounted{{{kHasCurrency, Coercion::currency_removed},
                                                                      {kHasGroups, Coercion::thousands_joined},
                                                                      {kHasParentheses, Coercion::parentheses_to_minus},
                                                                      {kMinusBehind, Coercion::minus_moved},
                                                                      {kHasSuffix, Coercion::suffix_expanded},
                                                                      {kHasExponent, Coercion::exponent_expanded},
                                                                      {kHasPercent, Coercion::percent_to_fraction},
                                                                      {kRounded, Coercion::rounded}}};
  const auto text = [&] { return micro_text(number.micro); };
  for (const auto& [trait, coercion] : kCounted) {
    if ((number.traits & trait) != 0) coercions_.add(coercion, line, cell, text);
  }
  if (mark == ',' && (number.traits & kHasDecimals) != 0) {
    coercions_.add(Coercion::decimal_comma, line, cell, text);
  }
}

bool CellConverter::convert_number(std::string_view cell, std::uint64_t line, char mark, CellValue& value) {
  const bool integer = plan_.type == ColumnType::integer;
  const auto number = parse_number(cell, mark);
  if (!number) return false;
  if (integer && number->micro % kMicro != 0) return false;
  if (integer && (number->micro / kMicro > INT64_MAX || number->micro / kMicro < INT64_MIN)) return false;
  count_traits(*number, cell, line, mark);
  value.number = integer ? number->micro / kMicro : number->micro;
  return true;
}

bool CellConverter::convert_date(std::string_view cell, std::uint64_t line, CellValue& value) {
  const auto date = parse_date(cell);
  if (!date) return convert_date_digits(cell, line, value);
  const auto days = days_of(*date, plan_.day_first);
  if (!days) return false;
  value.number = *days;
  count_date(*date, *days, cell, line);
  return true;
}

/// The first day of the month or quarter that the number is by the plan: 202401, 20241.
std::optional<std::int32_t> CellConverter::first_day_of_period(std::uint64_t number) const noexcept {
  if (plan_.short_quarters) {
    if (const auto found = year_quarter_of(number)) return days_from(found->year, found->quarter * 3 - 2, 1);
  }
  if (!plan_.year_months) return std::nullopt;
  const auto found = year_month_of(number);
  if (!found) return std::nullopt;
  return days_from(found->year, plan_.year_quarters ? found->month * 3 - 2 : found->month, 1);
}

/// Numbers that are dates by the plan alone: months and quarters, days as a workbook counts them.
bool CellConverter::convert_date_digits(std::string_view cell, std::uint64_t line, CellValue& value) {
  if (const auto month = plan_.dotted_months ? dotted_month_of(cell) : std::nullopt) {
    const std::int32_t days = *days_from(month->year, month->month, 1);
    value.number = days;
    coercions_.add(Coercion::period_to_first_day, line, cell, [days] { return date_text(days); });
    return true;
  }
  if (!plan_.year_months && !plan_.short_quarters && !plan_.day_zero) return false;
  const auto number = plain_number(cell);
  if (!number || number->dollar || number->negative || number->grouped || number->leading_zero) return false;
  const auto micro = static_cast<std::uint64_t>(number->micro());
  if (micro % 1'000'000 != 0) return false;
  const std::uint64_t whole = micro / 1'000'000;
  const auto period = first_day_of_period(whole);
  if (!period && !(plan_.day_zero && may_be_day_serial(whole))) return false;
  const std::int64_t days = period ? *period : *plan_.day_zero + static_cast<std::int64_t>(whole);
  value.number = days;
  coercions_.add(period ? Coercion::period_to_first_day : Coercion::date_rewritten, line, cell,
                 [days] { return date_text(days); });
  return true;
}

void CellConverter::count_date(const ParsedDate& date, std::int32_t days, std::string_view cell, std::uint64_t line) {
  const auto text = [&] { return date_text(days); };
  if (date.shape == DateShape::month || date.shape == DateShape::quarter || date.shape == DateShape::half) {
    coercions_.add(Coercion::period_to_first_day, line, cell, text);
  } else if (date.shape != DateShape::year_first || cell.size() < 10 || cell[4] != '-') {
    coercions_.add(Coercion::date_rewritten, line, cell, text);
  }
  if (date.short_year) coercions_.add(Coercion::short_year, line, cell, text);
  if (date.has_time) coercions_.add(Coercion::time_left_out, line, cell, text);
}

/// The common case of a date, quickly.
inline bool CellConverter::convert_plain_date(std::string_view cell, std::uint64_t line, CellValue& value) {
  const auto date = plain_date(cell);
  if (!date) return false;
  const bool day_first = plan_.day_first && date->shape == DateShape::two_first;
  const auto days =
      day_first ? days_from(date->year, date->second, date->first) : days_from(date->year, date->first, date->second);
  if (!days) return false;
  count_date(*date, *days, cell, line);
  value.number = *days;
  value.blank = false;
  if (days_.add(*days)) distinct_.add(hash_of(*days));
  return true;
}

bool CellConverter::convert_fiscal_year(std::string_view cell, std::uint64_t line, CellValue& value) {
  const auto fiscal = parse_fiscal_year(cell);
  if (!fiscal) return false;
  value.number = fiscal->year;
  const auto text = [&] { return std::to_string(fiscal->year); };
  coercions_.add(Coercion::fiscal_to_year, line, cell, text);
  if (fiscal->short_year) coercions_.add(Coercion::short_year, line, cell, text);
  return true;
}

bool CellConverter::convert_word(std::string_view cell, std::uint64_t line, CellValue& value) {
  const bool truth = plan_.type == ColumnType::boolean;
  int number = truth ? truth_of_word(cell).truth : month_of_name(cell);
  if (!truth && number == 0) number = quarter_of_name(cell);
  if (number < (truth ? 0 : 1)) return false;
  value.number = number;
  const auto text = [&] { return truth ? std::string(number == 1 ? "true" : "false") : std::to_string(number); };
  if (!truth || (cell != "true" && cell != "false")) {
    coercions_.add(truth ? Coercion::word_to_boolean : Coercion::name_to_number, line, cell, text);
  }
  return true;
}

/// The common case of a number, quickly.
inline bool CellConverter::convert_plain(std::string_view cell, std::uint64_t line, char mark, CellValue& value) {
  if (mark != '.') return false;
  const auto number = plain_number(cell);
  if (!number) return false;
  const std::int64_t micro = number->micro();
  const bool integer = plan_.type == ColumnType::integer;
  if (integer && micro % 1'000'000 != 0) return false;
  const auto text = [micro] { return micro_text(micro); };
  coercions_.add_if(number->dollar, Coercion::currency_removed, line, cell, text);
  if (number->grouped) coercions_.add(Coercion::thousands_joined, line, cell, text);
  const std::int64_t whole = integer ? micro / 1'000'000 : micro;
  value.number = whole;
  value.blank = false;
  distinct_.add(hash_of(whole));
  if (plan_.spells_differently) count_spelling(whole == 0, cell);
  return true;
}

/// Nothing is called 0: with or without decimals it is an amount.
void CellConverter::count_spelling(bool zero, std::string_view cell) {
  spellings_.add(xxh64_of(as_byte_span(zero ? std::string_view("0") : cell)));
}

void CellConverter::count_different(const CellValue& value, std::string_view cell) {
  distinct_.add(hash_of(value, plan_.type));
  if (plan_.spells_differently) count_spelling(value.number == 0, cell);
}

/// Whether the cell is a number of a workbook; what says so is no part of it.
bool CellConverter::take_number_mark(std::string_view& raw) const noexcept {
  if (!plan_.of_sheet || !raw.ends_with(kNumberMark)) return false;
  raw.remove_suffix(raw.ends_with(kDurationMark) ? kDurationMark.size() : kNumberMark.size());
  return true;
}

CellValue CellConverter::convert(std::string_view raw, std::uint64_t line) {
  const bool certain = take_number_mark(raw);
  const std::string_view cell = trimmed(raw);
  if (cell.empty()) {
    ++blanks_;
    return {};
  }
  if (plan_.type == ColumnType::text) {
    return certain ? convert_text(without_currency(cell), without_currency(raw), line) : convert_text(cell, raw, line);
  }
  const char mark = certain ? '.' : plan_.decimal_mark;
  CellValue value;
  if (is_number() ? convert_plain(cell, line, mark, value)
                  : plan_.type == ColumnType::date && convert_plain_date(cell, line, value)) {
    return value;
  }
  // What was learnt of a cell that is text says nothing of a number that looks like it.
  return certain ? convert_fresh(cell, line, mark) : convert_other(cell, line);
}

/// A cell that is no plain number and no text.
CellValue CellConverter::convert_other(std::string_view cell, std::uint64_t line) {
  return cell.size() <= CellMemo<Converted>::kLongestCell ? convert_short(cell, line)
                                                          : convert_fresh(cell, line, plan_.decimal_mark);
}

void CellConverter::convert(std::span<const std::string_view> cells, std::span<const std::uint64_t> lines,
                            std::span<CellValue> values) {
  if (plan_.dictionary != nullptr) return convert_texts(cells, lines, values);
  if (is_number() && !plan_.of_sheet) {
    return convert_each(cells, lines, values, [this](std::string_view cell, std::uint64_t line, CellValue& value) {
      return convert_plain(cell, line, plan_.decimal_mark, value);
    });
  }
  if (plan_.type == ColumnType::date && !plan_.of_sheet) {
    return convert_each(cells, lines, values, [this](std::string_view cell, std::uint64_t line, CellValue& value) {
      return convert_plain_date(cell, line, value);
    });
  }
  for (std::size_t i = 0; i < cells.size(); ++i) values[i] = convert(cells[i], lines[i]);
}

/// Of a column whose cells are nearly all plain.
template <class Plain>
void CellConverter::convert_each(std::span<const std::string_view> cells, std::span<const std::uint64_t> lines,
                                 std::span<CellValue> values, const Plain& plain) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string_view cell = trimmed(cells[i]);
    CellValue& value = values[i];
    value.text = {};
    if (cell.empty()) {
      ++blanks_;
      value.blank = true;
    } else if (!plain(cell, lines[i], value)) {
      value = convert_other(cell, lines[i]);
    }
  }
}

/// Of a column with a dictionary.
void CellConverter::convert_texts(std::span<const std::string_view> cells, std::span<const std::uint64_t> lines,
                                  std::span<CellValue> values) {
  trimmed_.resize(cells.size());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    std::string_view raw = cells[i];
    if (take_number_mark(raw)) raw = without_currency(raw);
    trimmed_[i] = trimmed(raw);
    values[i] = {trimmed_[i].empty(), 0, trimmed_[i]};
    if (trimmed_[i].empty()) {
      ++blanks_;
    } else {
      count_text(trimmed_[i], raw, lines[i]);
    }
  }
  plan_.dictionary->find_each(trimmed_, [&](std::size_t i, std::uint32_t number) {
    if (number == TextDictionary::kNone) contradict(cells[i], lines[i]);
    values[i].number = number;
  });
}

void CellConverter::count_text(std::string_view cell, std::string_view raw, std::uint64_t line) {
  if (cell.size() != raw.size()) coercions_.add(Coercion::trimmed, line, raw, [&] { return excerpt(cell); });
  text_bytes_ += cell.size();
}

CellValue CellConverter::convert_text(std::string_view cell, std::string_view raw, std::uint64_t line) {
  count_text(cell, raw, line);
  CellValue value{false, 0, cell};
  if (plan_.dictionary == nullptr) {
    distinct_.add(hash_of(value, plan_.type));
    return value;
  }
  const std::uint32_t number = plan_.dictionary->find(cell);
  if (number == TextDictionary::kNone) contradict(cell, line);
  value.number = number;
  return value;
}

void CellConverter::contradict(std::string_view cell, std::uint64_t line) const {
  throw Error(ErrorCode::internal,
              fmt::format("line {}: '{}' is no {} on second reading; was the file changed meanwhile?", line,
                          excerpt(cell), to_string(plan_.type)));
}

/// Looks whether the cell has been converted before: it means the same, and is no new value.
CellValue CellConverter::convert_short(std::string_view cell, std::uint64_t line) {
  const auto search = memo_.search(cell);
  if (search.found()) {
    const Converted& known = search.place().known;
    if (coercions_.add_again(known.coercions)) {
      blanks_ += known.blank() ? 1 : 0;
      return {known.blank(), known.number(), known.total_label() ? cell : std::string_view()};
    }
  }
  static_cast<void>(coercions_.take_added());
  const CellValue value = convert_fresh(cell, line, plan_.decimal_mark);
  if (value.number >= INT64_MIN && value.number <= INT64_MAX) {
    const auto bits = static_cast<std::uint64_t>(value.number);
    search.take({static_cast<std::uint32_t>(bits), static_cast<std::uint32_t>(bits >> 32U), coercions_.take_added()});
  }
  return value;
}

CellValue CellConverter::convert_fresh(std::string_view cell, std::uint64_t line, char mark) {
  CellValue value;
  const bool good = plan_.fiscal                                         ? convert_fiscal_year(cell, line, value)
                    : plan_.by_name || plan_.type == ColumnType::boolean ? convert_word(cell, line, value)
                    : plan_.type == ColumnType::date                     ? convert_date(cell, line, value)
                                                                         : convert_number(cell, line, mark, value);
  if (!good) {
    const bool word = stands_for_blank(cell);
    const bool label = plan_.total_labels && plan_.time_part != TimePart::none && calls_row_total(cell);
    if (!word && !label && !plan_.forced) contradict(cell, line);
    coercions_.add(word    ? Coercion::blank_word
                   : label ? Coercion::total_label_to_blank
                           : Coercion::unreadable_to_blank,
                   line, cell, [] { return std::string(); });
    ++blanks_;
    return {true, 0, label ? cell : std::string_view()};
  }
  value.blank = false;
  count_different(value, cell);
  return value;
}

}  // namespace neve::dataset
