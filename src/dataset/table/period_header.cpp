#include "dataset/table/period_header.hpp"

#include <algorithm>

#include <neve/base/ascii.hpp>

#include "dataset/values/cell_text.hpp"
#include "dataset/values/date_text.hpp"
#include "dataset/values/fiscal_year.hpp"

namespace neve::dataset {
namespace {

bool is_year(std::string_view text) {
  const bool digits = text.size() == 4 && only_digits(text);
  return digits && text >= "1900" && text <= "2099";
}

using Periods = std::vector<std::optional<HeaderPeriod>>;

std::size_t count(const Periods& periods) {
  return static_cast<std::size_t>(std::count_if(periods.begin(), periods.end(), [](const auto& p) { return !!p; }));
}

/// A header such as `Revenue 2023` taken apart.
struct WordsAndPeriod {
  std::string words;
  HeaderPeriod period;
};

std::optional<WordsAndPeriod> take_apart(std::string_view header) {
  const auto is_gap = [](char c) { return c == ' ' || c == '_'; };
  for (std::size_t i = 1; i + 1 < header.size(); ++i) {  // the longest period first: `Jan 2024` before `2024`
    if (!is_gap(header[i])) continue;
    if (auto period = period_of_header(header.substr(i + 1)))
      return WordsAndPeriod{std::string(trimmed(header.substr(0, i))), *std::move(period)};
  }
  for (std::size_t i = header.size(); i-- > 1;) {
    if (!is_gap(header[i])) continue;
    if (auto period = period_of_header(header.substr(0, i)))
      return WordsAndPeriod{std::string(trimmed(header.substr(i + 1))), *std::move(period)};
  }
  return std::nullopt;
}

/// Those beside words, which must be the same everywhere: of two measures, each would need a column of its own.
Periods periods_beside_words(std::span<const std::string> headers) {
  Periods periods;
  std::optional<std::string> words;
  for (const std::string& header : headers) {
    auto apart = take_apart(trimmed(header));
    if (apart && words && *words != apart->words) return Periods(headers.size());
    periods.push_back(apart ? std::optional(std::move(apart->period)) : std::nullopt);
    if (apart) words = std::move(apart->words);
  }
  return periods;
}

/// `Q7`: where there are such headers, Q1 is a question rather than a quarter.
bool is_question(std::string_view header) {
  return header.size() > 1 && (header.front() | 0x20) == 'q' && only_digits(header.substr(1)) &&
         quarter_of_name(header) == 0;
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
  const auto date = parse_date(text);
  if (!date || date->shape == DateShape::compact || date->shape == DateShape::two_first) return std::nullopt;
  return HeaderPeriod{std::string(text), date->shape == DateShape::quarter ? Grain::quarter : Grain::month};
}

std::vector<std::optional<HeaderPeriod>> periods_of_headers(std::span<const std::string> headers) {
  constexpr std::size_t kLeastRanges = 2;  // a single 2011-12 is December rather
  std::vector<std::optional<HeaderPeriod>> periods;
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
  if (ranges_found == 0 && count(periods) == 0) {
    Periods others = periods_beside_words(headers);
    return count(others) > 0 ? others : names_of_periods(headers);
  }
  if (ranges_found < kLeastRanges || months) return periods;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    if (ranges[i] && ranges[i]->range) periods[i] = HeaderPeriod{std::to_string(ranges[i]->year), Grain::year};
  }
  return periods;
}

}  // namespace neve::dataset
