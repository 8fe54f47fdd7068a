#include <neve/dataset/analysis/threshold.hpp>

#include <algorithm>

#include <neve/base/ascii.hpp>
#include <neve/base/error.hpp>

#include "dataset/analysis/concentration/rounding.hpp"

namespace neve::dataset {
namespace {

constexpr std::int64_t kMicro = 1'000'000;

[[noreturn]] void refuse(std::string_view text) {
  throw Error(ErrorCode::invalid_argument,
              "threshold '" + std::string(text.substr(0, 80)) +
                  "' is out of range: it is a percentage above 0 and at most 100, with at most six decimals");
}

/// Digits as an integer; the text holds at most nine.
std::int64_t number_of(std::string_view digits) {
  std::int64_t value = 0;
  for (const char digit : digits) value = value * 10 + (digit - '0');
  return value;
}

}  // namespace

Threshold Threshold::parse(std::string_view text) {
  std::string_view rest = text;
  if (rest.ends_with('%')) rest.remove_suffix(1);
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  while (rest.ends_with(' ')) rest.remove_suffix(1);
  const std::size_t point = rest.find('.');
  const std::string_view whole = rest.substr(0, point);
  std::string fraction(point == std::string_view::npos ? "" : rest.substr(point + 1));
  while (fraction.ends_with('0')) fraction.pop_back();
  if (rest.empty() || whole.empty() || whole.size() > 9 || fraction.size() > 6 || !only_digits(whole) ||
      !only_digits(fraction)) {
    refuse(text);
  }
  fraction.resize(6, '0');
  const std::int64_t micro_percent = number_of(whole) * kMicro + number_of(fraction);
  if (micro_percent <= 0 || micro_percent > 100 * kMicro) refuse(text);
  return Threshold(micro_percent);
}

std::string Threshold::text() const { return sum_text(micro_percent_).text(); }

std::vector<Threshold> default_thresholds() { return parse_thresholds("10,20,50"); }

std::vector<Threshold> parse_thresholds(std::string_view list) {
  std::vector<Threshold> thresholds;
  for (;;) {
    const std::size_t comma = list.find(',');
    thresholds.push_back(Threshold::parse(list.substr(0, comma)));
    if (comma == std::string_view::npos) return canonical_thresholds(std::move(thresholds));
    list.remove_prefix(comma + 1);
  }
}

std::vector<Threshold> canonical_thresholds(std::vector<Threshold> thresholds) {
  std::sort(thresholds.begin(), thresholds.end());
  thresholds.erase(std::unique(thresholds.begin(), thresholds.end()), thresholds.end());
  if (thresholds.empty() || thresholds.size() > kMaxThresholds) {
    throw Error(ErrorCode::invalid_argument,
                "an analysis takes 1 to 20 thresholds, not " + std::to_string(thresholds.size()) + "; leave some out");
  }
  return thresholds;
}

}  // namespace neve::dataset
