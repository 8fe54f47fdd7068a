#include "dataset/table/period_header.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <neve/base/ascii.hpp>

#include "dataset/values/cell_text.hpp"
#include "dataset/values/date_digits.hpp"
#include "dataset/values/date_text.hpp"
#include "dataset/values/fiscal_year.hpp"
#include "dataset/values/period_names.hpp"

namespace neve::dataset {
namespace {

bool is_year(std::string_view text) {
  const bool digits = text.size() == 4 && only_digits(text);
  return digits && text >= "1900" && text <= "2099";
}

/// `2024E`, `FY24 A`: the year, and the letter in lower case.
struct LetteredYear {
  int year = 0;
  char letter = '\0';

  /// Whether the letter says that numbers are actual, an estimate or a forecast.
  [[nodiscard]] bool known() const noexcept { return letter == 'a' || letter == 'e' || letter == 'f'; }
};

std::optional<LetteredYear> lettered_year_of(std::string_view text) {
  if (text.size() < 5 || !is_letter(text.back())) return std::nullopt;
  const std::string_view before = trimmed(text.substr(0, text.size() - 1));
  const char letter = static_cast<char>(text.back() | 0x20);
  const auto fiscal = parse_fiscal_year(is_year(before) ? "FY" + std::string(before) : std::string(before));
  return fiscal && !fiscal->range ? std::optional(LetteredYear{fiscal->year, letter}) : std::nullopt;
}

std::optional<YearMonth> year_month_of_header(std::string_view text) {
  if (const auto month = dotted_month_of(text)) return month;
  constexpr std::size_t kDigits = 6;
  if (text.size() != kDigits || !only_digits(text)) return std::nullopt;
  std::uint64_t number = 0;
  for (const char c : text) number = number * 10 + static_cast<unsigned>(c - '0');
  return year_month_of(number);
}

using Periods = std::vector<std::optional<HeaderPeriod>>;

std::size_t count(const Periods& periods) {
  return static_cast<std::size_t>(std::count_if(periods.begin(), periods.end(), [](const auto& p) { return !!p; }));
}

/// A header such as `Revenue 2023` taken apart.
struct WordsAndPeriod {
  std::string words;
  HeaderPeriod period;
  std::string before;  // of a period that has words on both sides, those before it
};

bool is_gap(char c) noexcept { return c == ' ' || c == '_'; }

/// `Umsatz 2023 (TEUR)`, whose words are `Umsatz (TEUR)`: so amounts in another unit have other words.
std::optional<WordsAndPeriod> take_from_the_middle(std::string_view header) {
  for (std::size_t begin = 1; begin + 1 < header.size(); ++begin) {
    if (!is_gap(header[begin])) continue;
    for (std::size_t end = header.size(); --end > begin + 1;) {  // the longest first
      if (!is_gap(header[end])) continue;
      auto period = period_of_header(header.substr(begin + 1, end - begin - 1));
      if (!period) continue;
      const std::string_view before = trimmed(header.substr(0, begin));
      const std::string_view behind = trimmed(header.substr(end + 1));
      return WordsAndPeriod{std::string(before) + ' ' + std::string(behind), *std::move(period), std::string(before)};
    }
  }
  return std::nullopt;
}

std::optional<WordsAndPeriod> take_apart(std::string_view header) {
  for (std::size_t i = 1; i + 1 < header.size(); ++i) {  // the longest period first: `Jan 2024` before `2024`
    if (!is_gap(header[i])) continue;
    if (auto period = period_of_header(header.substr(i + 1)))
      return WordsAndPeriod{std::string(trimmed(header.substr(0, i))), *std::move(period), {}};
  }
  for (std::size_t i = header.size(); i-- > 1;) {
    if (!is_gap(header[i])) continue;
    if (auto period = period_of_header(header.substr(0, i)))
      return WordsAndPeriod{std::string(trimmed(header.substr(i + 1))), *std::move(period), {}};
  }
  return take_from_the_middle(header);
}

/// A third of a year may be called as a quarter is: without the fourth it is no period.
void leave_trimesters_without_fourth(Periods& periods) {
  const auto fourth = [](const auto& period) { return period && period->trimester && period->text.ends_with("Q4"); };
  if (std::any_of(periods.begin(), periods.end(), fourth)) return;
  for (auto& period : periods) {
    if (period && period->trimester) period.reset();
  }
}

using Apart = std::vector<std::optional<WordsAndPeriod>>;
using PeriodsOf = std::map<std::string, std::set<std::string>>;  // measures

/// All the same words, or those of several measures that have the same periods each.
Periods periods_of_measures(const Apart& headers) {
  Periods periods;
  PeriodsOf periods_of;
  std::size_t found = 0;
  for (const auto& apart : headers) {
    periods.emplace_back();
    if (!apart) continue;
    ++found;
    periods_of[apart->words].insert(apart->period.text);
    periods.back() = apart->period;
    periods.back()->measure = apart->words;
  }
  if (periods_of.size() > 1) {
    const std::set<std::string>& first = periods_of.begin()->second;
    const auto is_first = [&](const auto& measure) { return measure.second == first; };
    const bool alike = std::all_of(periods_of.begin(), periods_of.end(), is_first);
    return alike && first.size() > 1 && found == first.size() * periods_of.size() ? periods : Periods(headers.size());
  }
  for (auto& period : periods) {
    if (period) period->measure.clear();
  }
  return periods;
}

/// Whether a header with words on both sides, such as `Revenue 2023 (EUR)`, has the period that `Revenue 2021` and
/// `Revenue 2022` lack: then it is in another unit.
bool has_what_others_lack(const Apart& headers) {
  PeriodsOf periods_of;
  for (const auto& apart : headers) {
    if (apart && apart->before.empty()) periods_of[apart->words].insert(apart->period.text);
  }
  return std::any_of(headers.begin(), headers.end(), [&](const auto& apart) {
    if (!apart || apart->before.empty()) return false;
    const auto measure = periods_of.find(apart->before);
    return measure != periods_of.end() && !measure->second.contains(apart->period.text);
  });
}

/// Those beside words. A header with words on both sides of its period may be a remark beside those that have the
/// periods: `Revenue 2022`, `Revenue 2023`, `Change 2023 (%)`.
Periods periods_beside_words(std::span<const std::string> headers) {
  Apart apart;
  for (const std::string& header : headers) apart.push_back(take_apart(trimmed(header)));
  Periods periods = periods_of_measures(apart);
  if (count(periods) > 1 || has_what_others_lack(apart)) return periods;
  for (auto& header : apart) {
    if (header && !header->before.empty()) header.reset();
  }
  return periods_of_measures(apart);
}

/// `Q7`: where there are such headers, Q1 is a question rather than a quarter.
bool is_question(std::string_view header) {
  return header.size() > 1 && (header.front() | 0x20) == 'q' && only_digits(header.substr(1)) &&
         quarter_of_name(header) == 0;
}

Periods year_months_of(std::span<const std::string> headers) {
  Periods periods;
  for (const std::string& header : headers) {
    const auto month = year_month_of_header(trimmed(header));
    periods.emplace_back();
    if (month) periods.back() = HeaderPeriod{fmt::format("{:04}-{:02}", month->year, month->month), Grain::month};
  }
  return periods;
}

/// `2022A` beside `2022B` is a class of a school rather.
void leave_other_letters(std::span<const std::string> headers, Periods& periods) {
  std::vector<std::optional<LetteredYear>> lettered;
  for (const std::string& header : headers) lettered.push_back(lettered_year_of(trimmed(header)));
  if (std::all_of(lettered.begin(), lettered.end(), [](const auto& year) { return !year || year->known(); })) return;
  for (std::size_t i = 0; i < periods.size(); ++i) {
    if (lettered[i]) periods[i].reset();
  }
}

Periods names_of_periods(std::span<const std::string> headers) {
  Periods periods;
  const auto is = [](std::string_view header) { return is_question(trimmed(header)); };
  const bool questions = std::any_of(headers.begin(), headers.end(), is);
  for (const std::string& header : headers) {
    const std::string text(trimmed(header));
    const bool quarter = quarter_of_name(text) > 0 && !questions;
    periods.emplace_back();
    if (quarter || month_of_name(text) > 0)
      periods.back() = HeaderPeriod{text, quarter ? Grain::quarter : Grain::month, false};
  }
  return periods;
}

}  // namespace

std::optional<HeaderPeriod> period_of_header(std::string_view header) {
  const std::string_view text = trimmed(header);
  if (is_year(text)) return HeaderPeriod{std::string(text), Grain::year};
  const auto fiscal = parse_fiscal_year(text);
  if (fiscal && !fiscal->range) return HeaderPeriod{std::to_string(fiscal->year), Grain::year};
  const auto lettered = lettered_year_of(text);
  if (lettered && lettered->known()) return HeaderPeriod{std::to_string(lettered->year), Grain::year};
  // Not T123, as tags of tanks and thermometers are.
  if (const int quarter = quarter_with_t(text.substr(0, 2));
      quarter > 0 && is_digit(text.front()) && text.size() == 4 && only_digits(text.substr(2)))
    return HeaderPeriod{fmt::format("20{}-Q{}", text.substr(2), quarter), Grain::quarter, true, {}, true};  // 1T23
  const auto date = parse_date(text);
  if (date && date->trimester)
    return HeaderPeriod{fmt::format("{:04}-Q{}", date->year, date->first), Grain::quarter, true, {}, true};
  if (!date || date->shape == DateShape::compact || date->shape == DateShape::two_first ||
      date->shape == DateShape::half)
    return std::nullopt;
  return HeaderPeriod{std::string(text), date->shape == DateShape::quarter ? Grain::quarter : Grain::month};
}

bool are_year_months(std::span<const std::string> headers) {
  constexpr std::size_t kLeast = 2;
  std::set<std::string_view> found;
  for (const std::string& header : headers) {
    const std::string_view text = trimmed(header);
    if (text.empty() || text.find_first_not_of("0123456789.") != std::string_view::npos) continue;
    if (!year_month_of_header(text) || !found.insert(text).second) return false;
  }
  return found.size() >= kLeast;
}

std::string unlike_measures(std::span<const std::string> headers) {
  constexpr std::size_t kFew = 6;
  constexpr std::size_t kMostMeasures = 12;  // more are names of something that happen to have a number
  std::map<std::string, std::vector<std::string>> periods_of;
  std::set<std::set<std::string>> kinds;
  for (const std::string& header : headers) {
    if (const auto apart = take_apart(trimmed(header))) periods_of[apart->words].push_back(apart->period.text);
  }
  std::string text;
  for (const auto& [words, periods] : periods_of) {
    kinds.emplace(periods.begin(), periods.end());
    const std::size_t shown = std::min(periods.size(), kFew);
    text += fmt::format("{}'{}' has {}{}", text.empty() ? "" : ", ", words,
                        fmt::join(periods.begin(), periods.begin() + static_cast<std::ptrdiff_t>(shown), " and "),
                        shown < periods.size() ? " and more" : "");
  }
  return kinds.size() > 1 && periods_of.size() <= kMostMeasures ? text : std::string();
}

std::vector<std::optional<HeaderPeriod>> periods_of_headers(std::span<const std::string> headers) {
  constexpr std::size_t kLeastRanges = 2;  // a single 2011-12 is December rather
  Periods periods;
  std::vector<std::optional<FiscalYear>> ranges;
  std::size_t ranges_found = 0;
  bool months = false;
  for (const std::string& header : headers) {
    periods.push_back(period_of_header(header));
    ranges.push_back(parse_fiscal_year(trimmed(header)));
    const bool range = ranges.back() && ranges.back()->range;
    ranges_found += range ? 1 : 0;
    months = months || (!range && periods.back() && periods.back()->grain == Grain::month);
  }
  leave_other_letters(headers, periods);
  leave_trimesters_without_fourth(periods);
  if (ranges_found == 0 && count(periods) == 0) {
    if (are_year_months(headers)) return year_months_of(headers);
    Periods others = periods_beside_words(headers);
    leave_trimesters_without_fourth(others);
    return count(others) > 0 ? others : names_of_periods(headers);
  }
  if (ranges_found < kLeastRanges || months) return periods;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    if (ranges[i] && ranges[i]->range) periods[i] = HeaderPeriod{std::to_string(ranges[i]->year), Grain::year};
  }
  return periods;
}

}  // namespace neve::dataset
