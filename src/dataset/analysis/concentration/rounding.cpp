#include "dataset/analysis/concentration/rounding.hpp"

#include <string>

namespace neve::dataset {
namespace {

/// `units` of 10^-places, in canonical digits.
DecimalText scaled_text(bool negative, const Wide& units, int places) {
  std::string digits = units.digits();
  const auto fraction = static_cast<std::size_t>(places);
  if (digits.size() <= fraction) digits.insert(0, fraction + 1 - digits.size(), '0');
  digits.insert(digits.size() - fraction, 1, '.');
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.') digits.pop_back();
  return DecimalText::parse(negative && digits != "0" ? "-" + digits : digits);
}

Wide times_power_of_ten(Wide value, int power) {
  for (int i = 0; i < power; ++i) value *= 10;
  return value;
}

}  // namespace

DecimalText sum_text(Int128 millionths) {
  return scaled_text(millionths < 0, Wide::of(magnitude(millionths)), kSumPlaces);
}

DecimalText ratio_text(const Wide& numerator, const Wide& denominator, int places) {
  return scaled_text(false, divide_half_even(times_power_of_ten(numerator, places), denominator), places);
}

DecimalText percent_text(Int128 part, Int128 total) {
  const Wide hundredfold = times_power_of_ten(Wide::of(magnitude(part)), 2 + kPercentPlaces);
  return scaled_text(part < 0, divide_half_even(hundredfold, Wide::of(magnitude(total))), kPercentPlaces);
}

}  // namespace neve::dataset
