#pragma once

#include <string>
#include <string_view>

namespace neve::dataset {

/// An exact decimal number as its canonical digits: `-0.5`, `4546.67`, `100`; no exponent, no trailing zeros after the
/// point, no negative zero. What it was rounded to is said where it is used. A plain value.
class DecimalText {
 public:
  /// Zero.
  DecimalText() = default;

  /// Throws `invalid_argument` if `digits` is not in that form.
  [[nodiscard]] static DecimalText parse(std::string_view digits);

  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] bool negative() const noexcept { return text_.front() == '-'; }

  /// The nearest double: for charts and bars, never for a comparison.
  [[nodiscard]] double approximate() const;

  friend bool operator==(const DecimalText&, const DecimalText&) = default;

 private:
  std::string text_ = "0";
};

}  // namespace neve::dataset
