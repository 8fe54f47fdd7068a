#include <neve/dataset/analysis/decimal_text.hpp>

#include <charconv>

#include <neve/base/ascii.hpp>
#include <neve/base/error.hpp>

namespace neve::dataset {
namespace {

bool all_digits(std::string_view text) { return !text.empty() && only_digits(text); }

bool canonical(std::string_view digits) {
  if (digits == "0") return true;
  if (digits.starts_with('-')) digits.remove_prefix(1);
  const std::size_t point = digits.find('.');
  const std::string_view whole = digits.substr(0, point);
  if (!all_digits(whole) || (whole.size() > 1 && whole.front() == '0')) return false;
  if (point == std::string_view::npos) return whole != "0";
  const std::string_view fraction = digits.substr(point + 1);
  return all_digits(fraction) && fraction.back() != '0';
}

}  // namespace

DecimalText DecimalText::parse(std::string_view digits) {
  if (!canonical(digits)) {
    throw Error(ErrorCode::invalid_argument, "'" + std::string(digits.substr(0, 80)) +
                                                 "' is not a decimal number in its shortest form, such as -12.5");
  }
  DecimalText value;
  value.text_ = digits;
  return value;
}

double DecimalText::approximate() const {
  double value = 0;
  std::from_chars(text_.data(), text_.data() + text_.size(), value);  // no locale, unlike strtod
  return value;
}

}  // namespace neve::dataset
