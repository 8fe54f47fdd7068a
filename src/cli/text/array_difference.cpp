#include "cli/text/array_difference.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace neve::cli {
namespace {

/// Wide enough for every 64-bit integer and every float64.
using Number = std::complex<long double>;
using Read = Number (*)(const std::byte*);

/// An array in a file need not be aligned for its type.
template <class T>
Number read(const std::byte* bytes) {
  T element{};
  std::memcpy(&element, bytes, sizeof element);
  return Number(element);
}

template <class T>
Number read_complex(const std::byte* bytes) {
  return {read<T>(bytes).real(), read<T>(bytes + sizeof(T)).real()};
}

/// Null for what is no number of this machine.
Read reader_of(const DType& type) {
  if (type == DType::of<bool>()) return read<std::uint8_t>;
  if (type == DType::of<std::int8_t>()) return read<std::int8_t>;
  if (type == DType::of<std::int16_t>()) return read<std::int16_t>;
  if (type == DType::of<std::int32_t>()) return read<std::int32_t>;
  if (type == DType::of<std::int64_t>()) return read<std::int64_t>;
  if (type == DType::of<std::uint8_t>()) return read<std::uint8_t>;
  if (type == DType::of<std::uint16_t>()) return read<std::uint16_t>;
  if (type == DType::of<std::uint32_t>()) return read<std::uint32_t>;
  if (type == DType::of<std::uint64_t>()) return read<std::uint64_t>;
  if (type == DType::of<float>()) return read<float>;
  if (type == DType::of<double>()) return read<double>;
  if (type == DType::of<std::complex<float>>()) return read_complex<float>;
  if (type == DType::of<std::complex<double>>()) return read_complex<double>;
  return nullptr;
}

/// The index of the element that is `position`th in an array of that order.
Shape index_at(std::uint64_t position, const Shape& shape, Order order) {
  Shape index(shape.size());
  for (std::size_t step = 0; step < shape.size(); ++step) {
    const std::size_t axis = order == Order::c ? shape.size() - 1 - step : step;
    index[axis] = position % shape[axis];
    position /= shape[axis];
  }
  return index;
}

std::uint64_t position_of(const Shape& index, const Shape& shape, Order order) {
  std::uint64_t position = 0;
  for (std::size_t step = 0; step < shape.size(); ++step) {
    const std::size_t axis = order == Order::c ? step : shape.size() - 1 - step;
    position = position * shape[axis] + index[axis];
  }
  return position;
}

/// |value|; hypot, which is slow, only where it is needed.
long double magnitude(const Number& value) { return value.imag() == 0 ? std::abs(value.real()) : std::abs(value); }

bool is_nan(const Number& value) { return std::isnan(value.real()) || std::isnan(value.imag()); }

bool is_finite(const Number& value) { return std::isfinite(value.real()) && std::isfinite(value.imag()); }

bool equal(const Number& a, const Number& b) { return a == b || (is_nan(a) && is_nan(b)); }

/// Sums of squares, over the elements that are finite in both.
struct Squares {
  long double difference = 0;
  long double value = 0;
};

/// Adds two elements that differ; true if no two before were as far apart.
bool add_numbers(ArrayDifference& sum, Squares& squares, const Number& a, const Number& b) {
  if (!is_finite(a) || !is_finite(b)) {
    ++sum.not_finite;
    return false;
  }
  squares.difference += std::norm(a - b);
  const long double apart = magnitude(a - b);
  if (b != Number(0)) sum.relative = std::max(sum.relative.value_or(0), static_cast<double>(apart / magnitude(b)));
  const auto absolute = static_cast<double>(apart);
  if (sum.absolute && *sum.absolute >= absolute) return false;
  sum.absolute = absolute;
  return true;
}

}  // namespace

std::optional<ArrayDifference> difference(const Array& a, const Array& b) {
  const Read read_a = reader_of(a.dtype()), read_b = reader_of(b.dtype());
  const bool numbers = read_a != nullptr && read_b != nullptr;
  if (a.shape() != b.shape() || (!numbers && a.dtype() != b.dtype())) return std::nullopt;
  const bool same_order = a.order() == b.order();
  const std::size_t size_a = a.dtype().item_size(), size_b = b.dtype().item_size();
  ArrayDifference sum{.elements = a.size()};
  if (a.dtype() == b.dtype() && same_order && std::ranges::equal(a.bytes().span(), b.bytes().span())) return sum;
  Squares squares;
  for (std::uint64_t i = 0; i < sum.elements; ++i) {
    const std::uint64_t j = same_order ? i : position_of(index_at(i, a.shape(), a.order()), b.shape(), b.order());
    const std::byte* const at_a = a.bytes().data() + i * size_a;
    const std::byte* const at_b = b.bytes().data() + j * size_b;
    const Number value_a = numbers ? read_a(at_a) : Number(), value_b = numbers ? read_b(at_b) : Number();
    if (is_finite(value_a) && is_finite(value_b)) squares.value += std::norm(value_b);
    if (numbers ? equal(value_a, value_b) : std::equal(at_a, at_a + size_a, at_b)) continue;
    ++sum.different;
    const bool farthest = numbers && add_numbers(sum, squares, value_a, value_b);
    if (farthest || sum.different == 1) sum.at = index_at(i, a.shape(), a.order());
  }
  if (sum.absolute && squares.value > 0) sum.norm = static_cast<double>(std::sqrt(squares.difference / squares.value));
  return sum;
}

}  // namespace neve::cli
