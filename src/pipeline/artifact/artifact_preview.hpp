#pragma once

#include <neve/codec/array.hpp>
#include <neve/codec/json.hpp>
#include <neve/pipeline/plot.hpp>

namespace neve {

/// What is kept of an artifact in any case: a few hundred bytes of JSON, the same for the same content.
///   array: dtype, shape, the first values, and for real numbers the smallest and largest finite one
///   document: its size in bytes and the beginning of its text
///   plot: title, axis labels, and how many lines and map cells
[[nodiscard]] Json preview_of(const Array& array);
[[nodiscard]] Json preview_of(const Json& document);
[[nodiscard]] Json preview_of(const Plot& plot);

}  // namespace neve
