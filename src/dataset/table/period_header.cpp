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

}  // namespace

std::optional<HeaderPeriod> period_of_header(std::string_view header) {
  std::string_view text = trimmed(header);
  if (text.size() >= 6 && equals_ignoring_case(text.substr(0, 2), "fy")) text = trimmed(text.substr(2));
  if (is_year(text)) return HeaderPeriod{std::string(text), Grain::year};
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
  if (ranges_found < kLeastRanges || months) return periods;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    if (ranges[i] && ranges[i]->range) periods[i] = HeaderPeriod{std::to_string(ranges[i]->year), Grain::year};
  }
  return periods;
}

}  // namespace neve::dataset
