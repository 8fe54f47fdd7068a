#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <string_view>

#include <neve/codec/json.hpp>

namespace neve {
namespace {

struct Decimal {
  std::array<char, 40> storage;
  std::string_view digits;  // without point, sign and exponent
  int exponent = 0;         // of the first digit
};

void shortest_decimal(double magnitude, Decimal& decimal) {
  char* const begin = decimal.storage.data();
  const char* const end =
      std::to_chars(begin, begin + decimal.storage.size(), magnitude, std::chars_format::scientific).ptr;
  const std::string_view text(begin, static_cast<std::size_t>(end - begin));
  const std::size_t mark = text.find('e');
  const std::size_t sign = text[mark + 1] == '+' ? 1 : 0;  // from_chars reads a minus, but no plus
  std::from_chars(begin + mark + 1 + sign, end, decimal.exponent);
  std::size_t count = mark;
  if (mark > 1) {  // close the gap where the point was
    begin[1] = begin[0];
    decimal.digits = text.substr(1, mark - 1);
  } else {
    decimal.digits = text.substr(0, count);
  }
}

std::string in_exponent_form(const Decimal& decimal) {
  std::string text(decimal.digits.substr(0, 1));
  if (decimal.digits.size() > 1) text.append(".").append(decimal.digits.substr(1));
  const int magnitude = std::abs(decimal.exponent);
  text.append(decimal.exponent < 0 ? "e-" : "e+").append(magnitude < 10 ? "0" : "").append(std::to_string(magnitude));
  return text;
}

std::string in_plain_form(const Decimal& decimal) {
  const std::string_view digits = decimal.digits;
  if (decimal.exponent < 0)
    return "0." + std::string(static_cast<std::size_t>(-decimal.exponent - 1), '0').append(digits);
  const std::size_t whole = static_cast<std::size_t>(decimal.exponent) + 1;
  if (digits.size() <= whole) return std::string(digits).append(whole - digits.size(), '0').append(".0");
  return std::string(digits.substr(0, whole)).append(".").append(digits.substr(whole));
}

}  // namespace

std::string python_repr(double value) {
  if (std::isnan(value)) return "nan";
  const std::string sign = std::signbit(value) ? "-" : "";
  if (std::isinf(value)) return sign + "inf";
  Decimal decimal;
  shortest_decimal(std::abs(value), decimal);
  // The bounds of float.__repr__: Python, Objects/floatobject.c and PyOS_double_to_string with format 'r'.
  const bool plain = decimal.exponent >= -4 && decimal.exponent < 16;
  return sign + (plain ? in_plain_form(decimal) : in_exponent_form(decimal));
}

}  // namespace neve
