#include "dataset/values/date_text.hpp"

#include <algorithm>
#include <cstdint>
#include <initializer_list>

#include <neve/base/ascii.hpp>

#include "dataset/values/cell_text.hpp"
#include "dataset/values/day_number.hpp"
#include "dataset/values/era_year.hpp"
#include "dataset/values/period_names.hpp"
#include "dataset/values/time_of_day.hpp"

namespace neve::dataset {
namespace {

constexpr std::string_view kApostrophe = "\xE2\x80\x99";  // as word processors set it
constexpr int kOldestShortYear = 69;                      // POSIX: 69 to 99 are 1969 to 1999

constexpr bool letter(char c) noexcept { return is_letter(c) || static_cast<unsigned char>(c) >= 0x80; }

/// Takes a number of at most four digits; -1 if there is none or it is longer. `count` is how many there were.
int take_digits(std::string_view& text, int& count) {
  int value = 0;
  count = 0;
  while (!text.empty() && is_digit(text.front())) {
    if (++count > 4) return -1;
    value = value * 10 + (text.front() - '0');
    text.remove_prefix(1);
  }
  return count == 0 ? -1 : value;
}

std::string_view take_letters(std::string_view& text) {
  std::size_t count = 0;
  while (count < text.size() && letter(text[count]) && !text.substr(count).starts_with(kApostrophe)) ++count;
  const std::string_view word = text.substr(0, count);
  text.remove_prefix(count);
  return word;
}

bool set_year(ParsedDate& date, int value, int count) {
  if (count == 2) {
    date.year = value >= kOldestShortYear ? 1900 + value : 2000 + value;
    date.short_year = true;
    return true;
  }
  date.year = value;
  return count == 4 && value >= 1000;
}

bool skip_one_of(std::string_view& text, std::string_view separators) {
  if (text.empty() || separators.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

void skip_spaces(std::string_view& text) {
  while (skip_one_of(text, " ")) {
  }
}

/// What stands before a year behind the name of a month or a quarter, as in Jan '23.
void skip_to_year(std::string_view& text, std::string_view separators) {
  while (skip_one_of(text, separators)) {
  }
  if (text.starts_with(kApostrophe)) {
    text.remove_prefix(kApostrophe.size());
  } else {
    skip_one_of(text, "'");
  }
}

// Each of these fills `date` from what is left of the cell, and says whether it is a date of its form.

/// What follows a whole date must be a time of day or nothing, or the day from which a booking counts: 01/16/2024 as of
/// 01/12/2024.
bool read_time(ParsedDate& date, std::string_view rest) {
  constexpr std::string_view kAsOf = " as of ";
  if (rest.empty()) return true;
  if (rest.starts_with(kAsOf)) return parse_date(rest.substr(kAsOf.size())).has_value();
  const TimeOfDay time = parse_time_of_day(rest);
  date.has_time = time == TimeOfDay::other;
  return time != TimeOfDay::none;
}

bool read_year_and_time(ParsedDate& date, std::string_view rest) {
  int count = 0;
  const int year = take_digits(rest, count);
  return year >= 0 && set_year(date, year, count) && read_time(date, rest);
}

/// Years of which T1 and the like may be a quarter, where other numbers may follow.
constexpr bool is_year_of_trimester(int year) noexcept { return year >= 1900 && year <= 2100; }

/// T1 of 2024-T1, 2024T1.
bool read_trimester(ParsedDate& date, std::string_view rest) {
  date.shape = DateShape::quarter;
  date.trimester = true;
  date.first = quarter_with_t(rest);
  return date.first > 0 && is_year_of_trimester(date.year);
}

/// Q1 of 2024-Q1, 2024Q1, QII of 2024-QII.
bool read_quarter(ParsedDate& date, std::string_view rest) {
  date.shape = DateShape::quarter;
  date.first = rest.size() == 2 ? quarter_of_name(rest) : 0;
  if (date.first == 0 && !rest.empty()) date.first = quarter_in_roman(rest.substr(1));
  return date.first > 0;
}

/// H1 of 2024-H1, 2024H1.
bool read_half(ParsedDate& date, std::string_view rest) {
  date.shape = DateShape::half;
  date.first = take_half(rest);
  return date.first > 0 && rest.empty() && is_year_of_trimester(date.year);
}

/// M01 of 2024-M01, M1 of 2024M1.
bool read_numbered_month(ParsedDate& date, std::string_view rest) {
  if (rest.size() > 3) return false;
  rest.remove_prefix(1);
  int count = 0;
  date.shape = DateShape::month;
  date.first = take_digits(rest, count);
  return rest.empty();
}

/// Jan of 2024-Jan and 2024 Jan, Jan-31 of 2024-Jan-31.
bool read_name_and_day(ParsedDate& date, std::string_view rest, char separator) {
  date.first = month_of_name(take_letters(rest));
  if (date.first == 0) return false;
  date.shape = DateShape::month;
  if (rest.empty()) return true;
  date.shape = DateShape::named;
  int count = 0;
  if (!skip_one_of(rest, {&separator, 1})) return false;
  date.second = take_digits(rest, count);
  return count >= 1 && count <= 2 && rest.empty();
}

/// 01 of 2024-01, 01-31 of 2024-01-31 and the rest of a time stamp.
bool read_month_and_day(ParsedDate& date, std::string_view rest, char separator) {
  int count = 0;
  date.first = take_digits(rest, count);
  if (date.first < 1 || date.first > 12 || count > 2) return false;
  if (rest.empty()) {
    date.shape = DateShape::month;
    return count == 2 && separator != '.';  // 2024.01 is a number
  }
  if (!skip_one_of(rest, {&separator, 1})) return false;
  if (separator == '.') skip_spaces(rest);
  date.second = take_digits(rest, count);
  if (separator == '.' && rest == ".") rest = {};
  return count >= 1 && count <= 2 && read_time(date, rest);
}

/// Takes one of these from the front.
bool take_one_of(std::string_view& text, std::initializer_list<std::string_view> words) {
  for (const std::string_view word : words) {
    if (!text.starts_with(word)) continue;
    text.remove_prefix(word.size());
    return true;
  }
  return false;
}

/// 1月5日 of 2024年1月5日, 1월 of 2024년 1월, 第1季度 of 2024年第1季度: every number has its unit behind it.
bool read_units(ParsedDate& date, std::string_view rest) {
  skip_spaces(rest);
  take_one_of(rest, {"第"});
  if (quarter_of_name(rest) > 0) return read_quarter(date, rest);
  int count = 0;
  date.first = take_digits(rest, count);
  if (count < 1 || count > 2) return false;
  if (take_one_of(rest, {"季度", "四半期", "분기"})) {
    date.shape = DateShape::quarter;
    return rest.empty() && date.first >= 1 && date.first <= 4;
  }
  if (!take_one_of(rest, {"月", "월"})) return false;
  skip_spaces(rest);
  date.shape = DateShape::month;
  if (rest.empty()) return true;
  date.shape = DateShape::year_first;
  date.second = take_digits(rest, count);
  return count >= 1 && count <= 2 && take_one_of(rest, {"日", "일"}) && read_time(date, rest);
}

/// What follows the four digits of a year.
bool read_year_first(ParsedDate& date, int year, std::string_view rest) {
  if (!set_year(date, year, 4)) return false;
  if (take_one_of(rest, {"年", "년"})) return read_units(date, rest);
  const char separator = rest.front();
  const bool separated = skip_one_of(rest, "-/. _");
  if (separator == '.') skip_spaces(rest);  // 2024. 1. 31., as in Hungary and Korea
  if (rest.empty()) return false;
  if (rest.front() == 'Q' || rest.front() == 'q') return read_quarter(date, rest);
  if (quarter_with_t(rest) > 0) return read_trimester(date, rest);
  if (std::string_view half = rest; take_half(half) > 0) return read_half(date, rest);
  const bool numbered = rest.size() >= 2 && is_digit(rest[1]);
  if (numbered && (rest.front() == 'M' || rest.front() == 'm')) return read_numbered_month(date, rest);
  if (letter(rest.front())) return read_name_and_day(date, rest, separated ? separator : '\0');
  const bool digits_may_follow = separator == '-' || separator == '/' || separator == '.';
  return digits_may_follow && read_month_and_day(date, rest, separator);
}

/// 31/01/2024, 1.2.24, 01/2024.
bool read_two_first(ParsedDate& date, int first, std::string_view rest) {
  date.shape = DateShape::two_first;
  date.first = first;
  const char separator = rest.front();
  rest.remove_prefix(1);
  if (separator == '.') skip_spaces(rest);  // 31. 1. 2024, as Czechs write it
  int count = 0;
  const int next = take_digits(rest, count);
  if (next < 0) return false;
  if (rest.empty() && count == 4 && separator != '.') {
    date.shape = DateShape::month;
    return set_year(date, next, count);
  }
  if (count > 2 || !skip_one_of(rest, {&separator, 1})) return false;
  if (separator == '.') skip_spaces(rest);
  date.second = next;
  return read_year_and_time(date, rest);
}

/// What follows the word in 1. Quartal 2024, 1 кв. 2024, 1. Halbjahr 2024.
bool read_period_word(ParsedDate& date, DateShape shape, int number, std::string_view rest) {
  date.shape = shape;
  date.first = number;
  while (skip_one_of(rest, ". -/")) {
  }
  int count = 0;
  const int year = take_digits(rest, count);
  const int most = shape == DateShape::half ? 2 : 4;
  return number >= 1 && number <= most && rest.empty() && count == 4 && set_year(date, year, count);
}

/// What makes a number the first, the second: 1st January, 1er janvier, 2e trimestre, 1º de enero. `with_blank`: only
/// before one, which goes too.
void skip_ordinal(std::string_view& text, bool with_blank) {
  for (const std::string_view ending : {"st", "nd", "rd", "th", "er", "e", "ème", "º", "°", "ª"}) {
    if (!text.starts_with(ending)) continue;
    const std::string_view rest = text.substr(ending.size());
    if (with_blank ? !rest.starts_with(' ') : !rest.empty() && letter(rest.front())) continue;
    text = rest.substr(with_blank ? 1 : 0);
    return;
  }
}

/// 31 Jan 2024, 31-Jan-24, 31. Januar 2024, 31 de enero de 2024, 31 января 2024 г.
bool read_day_and_name(ParsedDate& date, int day, std::string_view rest) {
  date.shape = DateShape::named;
  date.second = day;
  skip_ordinal(rest, true);
  while (skip_one_of(rest, ". -/")) {
  }
  take_one_of(rest, {"de "});
  const std::string_view name = take_letters(rest);
  if (is_word_for_quarter(name)) return read_period_word(date, DateShape::quarter, day, rest);
  if (is_word_for_half(name)) return read_period_word(date, DateShape::half, day, rest);
  date.first = month_of_name(name);
  if (date.first == 0) return false;
  while (skip_one_of(rest, "., -/")) {
  }
  take_one_of(rest, {"de ", "del "});
  if (rest.ends_with("г.") || rest.ends_with("р.")) rest = trimmed(rest.substr(0, rest.size() - 3));
  return read_year_and_time(date, rest);
}

/// II кв. 2024, I. Quartal 2024, I półrocze 2024; QII 2024, Q.II 2024. Without such a word it may be a month.
bool read_roman_first(ParsedDate& date, std::string_view rest) {
  const auto skip = [&rest] {
    while (skip_one_of(rest, ". -/")) {
    }
  };
  const auto is_q = [](std::string_view word) { return equals_ignoring_case(word, "q"); };
  std::string_view word = take_letters(rest);
  if (word.size() > 1 && is_q(word.substr(0, 1)))
    return read_period_word(date, DateShape::quarter, quarter_in_roman(word.substr(1)), rest);
  skip();
  const std::string_view next = take_letters(rest);
  if (is_q(word)) return read_period_word(date, DateShape::quarter, quarter_in_roman(next), rest);
  const int number = quarter_in_roman(word);
  if (number == 0) return false;
  if (is_word_for_half(next)) return read_period_word(date, DateShape::half, number, rest);
  const bool quarter = is_word_for_quarter(next) || is_q(next) || equals_ignoring_case(next, "kw");  // kwartał
  return quarter && read_period_word(date, DateShape::quarter, number, rest);
}

/// Jan 31, 2024; Jan 2024; Jan-24.
bool read_name_first(ParsedDate& date, std::string_view rest) {
  if (const char c = rest.front(); c == 'I' || c == 'Q' || c == 'q') {
    if (read_roman_first(date, rest)) return true;
    date = {};
  }
  date.first = month_of_name(take_letters(rest));
  if (date.first == 0) return false;
  skip_to_year(rest, "., -/_");
  take_one_of(rest, {"de ", "del "});
  int count = 0;
  const int number = take_digits(rest, count);
  if (number < 0) return false;
  if (rest.empty() || (count == 4 && (rest == " г." || rest == " р."))) {
    date.shape = DateShape::month;
    return set_year(date, number, count);
  }
  if (count > 2) return false;
  date.shape = DateShape::named;
  date.second = number;
  skip_ordinal(rest, false);
  while (skip_one_of(rest, ", -/")) {
  }
  return read_year_and_time(date, rest);
}

bool take_fiscal(std::string_view& text) {
  if (!equals_ignoring_case(text.substr(0, 2), "fy")) return false;
  text.remove_prefix(2);
  return true;
}

/// What follows FY in FY24 Q1, FY2024-Q1.
bool read_fiscal_quarter(ParsedDate& date, std::string_view rest) {
  skip_spaces(rest);
  int count = 0;
  const int year = take_digits(rest, count);
  if (year < 0 || !set_year(date, year, count)) return false;
  skip_one_of(rest, " -/_");
  return read_quarter(date, rest);
}

/// What follows the quarter of Q1 2024, Q1'24, 4Q2024, Q1 FY24.
bool read_quarter_first(ParsedDate& date, int quarter, std::string_view rest) {
  date.shape = DateShape::quarter;
  date.first = quarter;
  skip_to_year(rest, " -/_");
  if (take_fiscal(rest)) skip_spaces(rest);
  int count = 0;
  const int year = take_digits(rest, count);
  return rest.empty() && year > 0 && set_year(date, year, count);
}

/// H1 2024, H1'24, 1H24, HY1 FY24. H12024 is a code rather, and 1h24 an hour and 24 minutes.
bool read_half_first(ParsedDate& date, std::string_view rest) {
  const bool digit_first = is_digit(rest.front());
  const bool hours = digit_first && rest.size() > 2 && rest.size() < 6 && rest[1] == 'h' && !is_letter(rest[2]);
  const int half = take_half(rest);
  if (hours || (!digit_first && !rest.empty() && is_digit(rest.front()))) return false;
  const bool read = read_quarter_first(date, half, rest);
  date.shape = DateShape::half;
  return read && is_year_of_trimester(date.year);
}

/// What follows the quarter of T1 2024, 1T-2024, 1T2024. `digit_first`: as in the latter; T12024 is a code rather.
bool read_trimester_first(ParsedDate& date, int quarter, std::string_view rest, bool digit_first) {
  date.trimester = true;
  if (!digit_first && !rest.empty() && is_digit(rest.front())) return false;
  if (!read_quarter_first(date, quarter, rest)) return false;
  return !date.short_year && is_year_of_trimester(date.year);
}

/// 20240131.
bool read_compact(ParsedDate& date, std::string_view digits) {
  const auto pair_at = [digits](std::size_t at) { return (digits[at] - '0') * 10 + (digits[at + 1] - '0'); };
  date.shape = DateShape::compact;
  date.first = pair_at(4);
  date.second = pair_at(6);
  return set_year(date, pair_at(0) * 100 + pair_at(2), 4);
}

/// Takes the name of a weekday and what parts it from the day at the front: `Sun, ` of `Sun, 14 Jun 2009`, `lundi ` of
/// `lundi 5 mai 2025`, `Mo. ` of `Mo. 5.5.2025`.
void skip_weekday(std::string_view& cell) {
  const std::size_t end = cell.find(' ');
  if (end == std::string_view::npos || end + 4 > cell.size()) return;
  std::string_view name = cell.substr(0, end);
  if (name.ends_with(',')) name.remove_suffix(1);
  if (name.ends_with('.')) name.remove_suffix(1);
  if (!name.empty() && is_name_of_weekday(name)) cell = cell.substr(end + 1);
}

/// 令和5年1月5日 from behind the year on.
bool read_era(ParsedDate& date, int year, std::string_view rest) {
  date.year = year;
  return read_units(date, rest);
}

bool read_any(ParsedDate& date, std::string_view cell) {
  if (letter(cell.front())) {
    skip_weekday(cell);
    if (const int year = take_era_year(cell); year > 0) return !cell.empty() && read_era(date, year, cell);
  }
  if (const int quarter = quarter_with_t(cell.substr(0, 2)); quarter > 0) {
    return read_trimester_first(date, quarter, cell.substr(2), is_digit(cell.front()));
  }
  if (const int quarter = quarter_of_name(cell.substr(0, 2)); quarter > 0) {
    return read_quarter_first(date, quarter, cell.substr(2));
  }
  if (std::string_view half = cell; take_half(half) > 0) return read_half_first(date, cell);
  if (std::string_view rest = cell; take_fiscal(rest)) return read_fiscal_quarter(date, rest);
  if (letter(cell.front())) return read_name_first(date, cell);
  if (cell.size() == 8 && only_digits(cell)) return read_compact(date, cell);
  std::string_view rest = cell;
  int count = 0;
  const int number = take_digits(rest, count);
  if (number < 0 || rest.empty()) return false;
  if (count == 4) return read_year_first(date, number, rest);
  if (count > 2) return false;
  const std::size_t next = rest.starts_with(". ") ? 2 : 1;
  const bool numbers =
      (rest.front() == '/' || rest.front() == '-' || rest.front() == '.') && rest.size() > next && is_digit(rest[next]);
  return numbers ? read_two_first(date, number, rest) : read_day_and_name(date, number, rest);
}

}  // namespace

std::optional<ParsedDate> parse_date(std::string_view cell) {
  if (cell.size() < 4 || cell.size() > 48) return std::nullopt;
  ParsedDate date;
  if (!read_any(date, cell)) return std::nullopt;
  const bool either = days_of(date, false) || (date.shape == DateShape::two_first && days_of(date, true));
  return either ? std::optional(date) : std::nullopt;
}

std::optional<std::int32_t> days_of(const ParsedDate& date, bool day_first) {
  switch (date.shape) {
    case DateShape::two_first:
      return day_first ? days_from(date.year, date.second, date.first) : days_from(date.year, date.first, date.second);
    case DateShape::quarter:
      return days_from(date.year, date.first * 3 - 2, 1);
    case DateShape::half:
      return days_from(date.year, date.first * 6 - 5, 1);
    case DateShape::month:
      return days_from(date.year, date.first, 1);
    case DateShape::year_first:
    case DateShape::compact:
    case DateShape::named:
      break;
  }
  return days_from(date.year, date.first, date.second);
}

}  // namespace neve::dataset
