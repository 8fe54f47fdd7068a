#include "cli/text/array_summary.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstring>
#include <type_traits>

namespace neve::cli {
namespace {

/// Least and greatest of what can be compared. A plain value.
template <class T>
struct Range {
  std::uint64_t compared = 0;
  std::uint64_t not_finite = 0;
  T least{};
  T greatest{};

  void add(T value) {
    if constexpr (std::is_floating_point_v<T>) {
      if (!std::isfinite(value)) {
        ++not_finite;
        return;
      }
    }
    least = compared == 0 ? value : std::min(least, value);
    greatest = compared == 0 ? value : std::max(greatest, value);
    ++compared;
  }
};

/// Reads elements wherever they lie: an array in a file need not be aligned for its type.
template <class Element, class Ordered, class Convert>
void add_range(const Array& array, Json& summary, Convert convert) {
  Range<Ordered> range;
  const ByteSpan bytes = array.bytes().span();
  for (std::size_t at = 0; at + sizeof(Element) <= bytes.size(); at += sizeof(Element)) {
    Element element{};
    std::memcpy(&element, bytes.data() + at, sizeof element);
    range.add(convert(element));
  }
  if (range.compared > 0) {
    summary["min"] = range.least;
    summary["max"] = range.greatest;
  }
  if (range.not_finite > 0) summary["not_finite"] = range.not_finite;
}

template <class T>
void add_plain(const Array& array, Json& summary) {
  add_range<T, T>(array, summary, [](T value) { return value; });
}

template <class T>
void add_magnitude(const Array& array, Json& summary) {
  add_range<std::complex<T>, T>(array, summary, [](const std::complex<T>& value) { return std::abs(value); });
}

}  // namespace

std::string shape_text(const Shape& shape) {
  std::string text = "(";
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  return text + (shape.size() == 1 ? ",)" : ")");
}

Json array_summary(const Array& array) {
  Json summary = {{"dtype", array.dtype().name()}, {"shape", array.shape()}, {"bytes", array.bytes().size()}};
  if (array.order() == Order::fortran) summary["order"] = "fortran";
  const DType& type = array.dtype();
  if (type == DType::of<double>()) add_plain<double>(array, summary);
  if (type == DType::of<float>()) add_plain<float>(array, summary);
  if (type == DType::of<std::int64_t>()) add_plain<std::int64_t>(array, summary);
  if (type == DType::of<std::int32_t>()) add_plain<std::int32_t>(array, summary);
  if (type == DType::of<std::int16_t>()) add_plain<std::int16_t>(array, summary);
  if (type == DType::of<std::int8_t>()) add_plain<std::int8_t>(array, summary);
  if (type == DType::of<std::uint64_t>()) add_plain<std::uint64_t>(array, summary);
  if (type == DType::of<std::uint32_t>()) add_plain<std::uint32_t>(array, summary);
  if (type == DType::of<std::uint16_t>()) add_plain<std::uint16_t>(array, summary);
  if (type == DType::of<std::uint8_t>()) add_plain<std::uint8_t>(array, summary);
  if (type == DType::of<std::complex<double>>()) add_magnitude<double>(array, summary);
  if (type == DType::of<std::complex<float>>()) add_magnitude<float>(array, summary);
  return summary;
}

}  // namespace neve::cli
