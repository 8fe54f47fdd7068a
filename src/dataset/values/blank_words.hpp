#pragma once

#include <string_view>

namespace neve::dataset {

/// Words that stand for "no value" among numbers, dates and booleans: `NA`, `n/a`, `null`, `-`, `#DIV/0!` and so on.
/// Among texts they are texts: a customer may be called None.
[[nodiscard]] bool stands_for_blank(std::string_view cell) noexcept;

/// 1 for true, yes, y, t; 0 for false, no, n, f; whatever their case. -1: neither.
[[nodiscard]] int truth_of_word(std::string_view cell) noexcept;

}  // namespace neve::dataset
