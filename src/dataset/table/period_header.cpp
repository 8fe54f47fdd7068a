#include "dataset/table/period_header.hpp"

#include <algorithm>

#include "dataset/values/cell_text.hpp"
#include "dataset/values/date_text.hpp"

namespace neve::dataset {
namespace {

bool is_year(std::string_view text) {
  const bool digits =
      text.size() == 4 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
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

}  // namespace neve::dataset
