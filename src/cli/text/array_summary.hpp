#pragma once

#include <string>

#include <neve/codec/array.hpp>
#include <neve/codec/json.hpp>

namespace neve::cli {

/// dtype, shape, bytes and, where elements have an order, the least and the greatest; NaN and infinities are counted
/// and left out of both. For complex elements the range is that of their magnitude.
[[nodiscard]] Json array_summary(const Array& array);

/// "(3, 4)".
[[nodiscard]] std::string shape_text(const Shape& shape);

}  // namespace neve::cli
