#include "dataset/values/date_text.hpp"

#include <array>

#include <neve/base/ascii.hpp>

#include "dataset/values/cell_text.hpp"
#include "dataset/values/day_number.hpp"
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

/// What follows a whole date must be a time of day or nothing.
std::optional<ParsedDate> with_time(ParsedDate date, std::string_view rest) {
  if (rest.empty()) return date;
  const TimeOfDay time = parse_time_of_day(rest);
  if (time == TimeOfDay::none) return std::nullopt;
  date.has_time = time == TimeOfDay::other;
  return date;
}

/// 2024-Jan, 2024 Jan, 2024-Jan-31.
std::optional<ParsedDate> parse_year_and_name(ParsedDate date, std::string_view rest, char separator) {
  date.first = month_of_name(take_letters(rest));
  if (date.first == 0) return std::nullopt;
  date.shape = DateShape::month;
  if (rest.empty()) return date;
  date.shape = DateShape::named;
  int count = 0;
  if (!skip_one_of(rest, {&separator, 1})) return std::nullopt;
  date.second = take_digits(rest, count);
  return count >= 1 && count <= 2 && rest.empty() ? std::optional(date) : std::nullopt;
}

/// 2024-Q1, 2024Q1, 2024-M01, 2024M1, 2024-01, 2024-01-31 and the rest of a time stamp.
std::optional<ParsedDate> parse_year_first(int year, std::string_view rest) {
  ParsedDate date;
  if (!set_year(date, year, 4)) return std::nullopt;
  std::string_view after = rest;
  const bool separated = skip_one_of(after, "-/. ") || skip_one_of(after, "_");
  if (after.size() >= 2 && (after.front() == 'Q' || after.front() == 'q')) {
    date.shape = DateShape::quarter;
    date.first = after[1] - '0';
    const bool good = after.size() == 2 && date.first >= 1 && date.first <= 4;
    return good ? std::optional(date) : std::nullopt;
  }
  int count = 0;
  if (after.size() >= 2 && after.size() <= 3 && (after.front() == 'M' || after.front() == 'm') && is_digit(after[1])) {
    after.remove_prefix(1);
    date.shape = DateShape::month;
    date.first = take_digits(after, count);
    return after.empty() ? std::optional(date) : std::nullopt;
  }
  if (!after.empty() && letter(after.front())) return parse_year_and_name(date, after, separated ? rest.front() : '\0');
  if (!separated || rest.front() == ' ' || rest.front() == '_') return std::nullopt;
  date.first = take_digits(after, count);
  if (date.first < 1 || date.first > 12 || count > 2) return std::nullopt;
  if (after.empty()) {
    date.shape = DateShape::month;
    return count == 2 && rest.front() != '.' ? std::optional(date) : std::nullopt;  // 2024.01 is a number
  }
  if (after.front() != rest.front()) return std::nullopt;
  after.remove_prefix(1);
  date.second = take_digits(after, count);
  if (count < 1 || count > 2) return std::nullopt;
  return with_time(date, after);
}

/// 31/01/2024, 1.2.24, 01/2024.
std::optional<ParsedDate> parse_two_first(int first, std::string_view rest) {
  ParsedDate date;
  date.shape = DateShape::two_first;
  date.first = first;
  const char separator = rest.front();
  rest.remove_prefix(1);
  int count = 0;
  const int next = take_digits(rest, count);
  if (next < 0) return std::nullopt;
  if (rest.empty() && count == 4 && separator != '.') {
    date.shape = DateShape::month;
    return set_year(date, next, count) ? std::optional(date) : std::nullopt;
  }
  if (count > 2 || rest.empty() || rest.front() != separator) return std::nullopt;
  rest.remove_prefix(1);
  date.second = next;
  const int year = take_digits(rest, count);
  if (year < 0 || !set_year(date, year, count)) return std::nullopt;
  return with_time(date, rest);
}

/// 31 Jan 2024, 31-Jan-24, 31. Januar 2024.
std::optional<ParsedDate> parse_day_and_name(int day, std::string_view rest) {
  ParsedDate date;
  date.shape = DateShape::named;
  date.second = day;
  while (skip_one_of(rest, ". -/")) {
  }
  date.first = month_of_name(take_letters(rest));
  if (date.first == 0) return std::nullopt;
  while (skip_one_of(rest, "., -/")) {
  }
  int count = 0;
  const int year = take_digits(rest, count);
  if (year < 0 || !set_year(date, year, count)) return std::nullopt;
  return with_time(date, rest);
}

/// Jan 31, 2024; Jan 2024; Jan-24; Q1 2024.
std::optional<ParsedDate> parse_name_first(std::string_view cell) {
  std::string_view rest = cell;
  ParsedDate date;
  int count = 0;
  if ((cell.front() == 'Q' || cell.front() == 'q') && cell.size() >= 4 && cell[1] >= '1' && cell[1] <= '4') {
    date.shape = DateShape::quarter;
    date.first = cell[1] - '0';
    rest.remove_prefix(2);
    skip_to_year(rest, " -/_");
    const int year = take_digits(rest, count);
    return rest.empty() && year > 0 && set_year(date, year, count) ? std::optional(date) : std::nullopt;
  }
  date.first = month_of_name(take_letters(rest));
  if (date.first == 0) return std::nullopt;
  skip_to_year(rest, "., -/_");
  const int number = take_digits(rest, count);
  if (number < 0) return std::nullopt;
  if (rest.empty()) {
    date.shape = DateShape::month;
    return set_year(date, number, count) ? std::optional(date) : std::nullopt;
  }
  if (count > 2) return std::nullopt;
  date.shape = DateShape::named;
  date.second = number;
  while (skip_one_of(rest, ", -/")) {
  }
  const int year = take_digits(rest, count);
  if (year < 0 || !set_year(date, year, count)) return std::nullopt;
  return with_time(date, rest);
}

/// Takes the name of a weekday and the comma behind it from the front: `Sun, ` of `Sun, 14 Jun 2009`.
void skip_weekday(std::string_view& cell) {
  constexpr std::array<std::string_view, 14> kWeekdays{"mon",       "monday",   "tue",      "tuesday", "wed",
                                                       "wednesday", "thu",      "thursday", "fri",     "friday",
                                                       "sat",       "saturday", "sun",      "sunday"};
  std::string_view rest = cell;
  const std::string_view name = take_letters(rest);
  if (!rest.starts_with(", ") || rest.size() < 6) return;
  for (const std::string_view weekday : kWeekdays) {
    if (equals_ignoring_case(name, weekday)) cell = rest.substr(2);
  }
}

std::optional<ParsedDate> parse_any(std::string_view cell) {
  if (letter(cell.front())) skip_weekday(cell);
  if (letter(cell.front())) return parse_name_first(cell);
  if (!is_digit(cell.front())) return std::nullopt;
  std::size_t digits = 0;
  while (digits < cell.size() && is_digit(cell[digits])) ++digits;
  if (digits == cell.size() && digits == 8) {
    const auto number = [&](std::size_t at, std::size_t size) {
      int value = 0;
      for (std::size_t i = at; i < at + size; ++i) value = value * 10 + (cell[i] - '0');
      return value;
    };
    ParsedDate date;
    date.shape = DateShape::compact;
    date.first = number(4, 2);
    date.second = number(6, 2);
    return set_year(date, number(0, 4), 4) ? std::optional(date) : std::nullopt;
  }
  if (digits == 0 || digits > 4 || digits == cell.size()) return std::nullopt;
  std::string_view rest = cell;
  int count = 0;
  const int number = take_digits(rest, count);
  if (count == 4) return parse_year_first(number, rest);
  if (count > 2) return std::nullopt;
  if (count == 1 && number >= 1 && number <= 4 && (rest.front() == 'Q' || rest.front() == 'q')) {  // 4Q2024, 1Q24
    ParsedDate date;
    date.shape = DateShape::quarter;
    date.first = number;
    rest.remove_prefix(1);
    skip_to_year(rest, " -/_");
    const int year = take_digits(rest, count);
    return rest.empty() && year > 0 && set_year(date, year, count) ? std::optional(date) : std::nullopt;
  }
  const bool numeric =
      (rest.front() == '/' || rest.front() == '-' || rest.front() == '.') && rest.size() > 1 && is_digit(rest[1]);
  return numeric ? parse_two_first(number, rest) : parse_day_and_name(number, rest);
}

}  // namespace

std::optional<ParsedDate> parse_date(std::string_view cell) {
  if (cell.size() < 4 || cell.size() > 48) return std::nullopt;
  const auto date = parse_any(cell);
  if (!date) return std::nullopt;
  const bool either = days_of(*date, false) || (date->shape == DateShape::two_first && days_of(*date, true));
  return either ? date : std::nullopt;
}

std::optional<std::int32_t> days_of(const ParsedDate& date, bool day_first) {
  switch (date.shape) {
    case DateShape::two_first:
      return day_first ? days_from(date.year, date.second, date.first) : days_from(date.year, date.first, date.second);
    case DateShape::quarter:
      return days_from(date.year, date.first * 3 - 2, 1);
    case DateShape::month:
      return days_from(date.year, date.first, 1);
    case DateShape::year_first:
    case DateShape::compact:
    case DateShape::named:
      break;
  }
  return days_from(date.year, date.first, date.second);
}

int month_of_name(std::string_view name) {
  // English, German, French, Spanish: whole names, then abbreviations.
  static constexpr std::array<std::array<std::string_view, 9>, 12> kNames{{
      {"january", "januar", "janvier", "enero", "jan", "janv", "ene", "jän", "jänner"},
      {"february", "februar", "février", "febrero", "feb", "févr", "fev", "fevrier", ""},
      {"march", "märz", "mars", "marzo", "mar", "mär", "mrz", "", ""},
      {"april", "avril", "abril", "apr", "avr", "abr", "", "", ""},
      {"may", "mai", "mayo", "", "", "", "", "", ""},
      {"june", "juni", "juin", "junio", "jun", "", "", "", ""},
      {"july", "juli", "juillet", "julio", "jul", "juil", "", "", ""},
      {"august", "août", "agosto", "aug", "aout", "ago", "", "", ""},
      {"september", "septembre", "septiembre", "sep", "sept", "", "", "", ""},
      {"october", "oktober", "octobre", "octubre", "oct", "okt", "", "", ""},
      {"november", "novembre", "noviembre", "nov", "", "", "", "", ""},
      {"december", "dezember", "décembre", "diciembre", "dec", "dez", "déc", "dic", "decembre"},
  }};
  // Amounts and dates in digits end here: they are asked for each cell.
  if (name.size() < 3 || name.size() > 12 || !letter(name.front())) return 0;
  const std::string lowered = lower_case(name);
  for (std::size_t month = 0; month < kNames.size(); ++month) {
    for (const std::string_view known : kNames[month]) {
      if (!known.empty() && known == lowered) return static_cast<int>(month) + 1;
    }
  }
  return 0;
}

int quarter_of_name(std::string_view name) {
  const auto number = [](char c) { return c >= '1' && c <= '4' ? c - '0' : 0; };
  if (name.size() == 2 && (name[0] == 'Q' || name[0] == 'q')) return number(name[1]);
  if (name.size() == 2 && (name[1] == 'Q' || name[1] == 'q')) return number(name[0]);
  if (name.size() == 9 && equals_ignoring_case(name.substr(0, 8), "quarter ")) return number(name[8]);
  return 0;
}

}  // namespace neve::dataset
