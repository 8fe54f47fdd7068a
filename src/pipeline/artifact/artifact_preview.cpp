#include "pipeline/artifact/artifact_preview.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdint>

namespace neve {
namespace {

constexpr std::size_t kHeadValues = 8;
constexpr std::size_t kTextCharacters = 240;

template <class T>
Json as_json(T value) {
  return Json(value);
}
template <class T>
Json as_json(std::complex<T> value) {
  return Json::array({value.real(), value.imag()});
}

template <class T>
void describe_elements(const Array& array, Json& preview) {
  const std::span<const T> values = array.as<T>();
  Json head = Json::array();
  for (const T& value : values.first(std::min(values.size(), kHeadValues))) head.push_back(as_json(value));
  preview["head"] = std::move(head);
  if constexpr (std::is_arithmetic_v<T>) {
    const T* low = nullptr;
    const T* high = nullptr;
    for (const T& value : values) {
      if constexpr (std::is_floating_point_v<T>) {
        if (!std::isfinite(value)) continue;
      }
      if (low == nullptr || value < *low) low = &value;
      if (high == nullptr || value > *high) high = &value;
    }
    if (low != nullptr) preview["min"] = *low;
    if (high != nullptr) preview["max"] = *high;
  }
}

/// Describes the elements if they are of type T in the machine's byte order.
template <class T>
bool describe_if(const Array& array, Json& preview) {
  if (!(array.dtype() == DType::of<T>())) return false;
  describe_elements<T>(array, preview);
  return true;
}

template <class... T>
void describe_first_match(const Array& array, Json& preview) {
  static_cast<void>((describe_if<T>(array, preview) || ...));
}

std::string axis_text(const Axis& axis) { return axis.unit.empty() ? axis.label : axis.label + " (" + axis.unit + ")"; }

}  // namespace

Json preview_of(const Array& array) {
  Json preview = {{"dtype", array.dtype().name()}, {"shape", array.shape()}};
  describe_first_match<double, float, std::int8_t, std::int16_t, std::int32_t, std::int64_t, std::uint8_t,
                       std::uint16_t, std::uint32_t, std::uint64_t, std::complex<double>, std::complex<float>>(array,
                                                                                                               preview);
  return preview;
}

Json preview_of(const Json& document) {
  const std::string text = dump_compact_json(document);
  return {{"bytes", text.size()}, {"text", text.substr(0, kTextCharacters)}};
}

Json preview_of(const Plot& plot) {
  Json preview = {
      {"title", plot.title}, {"x", axis_text(plot.x)}, {"y", axis_text(plot.y)}, {"lines", plot.lines.size()}};
  if (plot.map) preview["map"] = {plot.map->x.size(), plot.map->y.size()};
  return preview;
}

}  // namespace neve
