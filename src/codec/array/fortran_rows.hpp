#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include <neve/codec/array.hpp>

namespace neve {

// Copies `count` elements that lie `step` bytes apart; a fixed size lets the compiler use plain loads.
template <std::size_t Size>
void gather_fixed(const std::byte* from, std::uint64_t step, std::uint64_t count, std::byte* to) {
  for (std::uint64_t i = 0; i < count; ++i) std::memcpy(to + i * Size, from + i * step, Size);
}

/// Copies `count` elements of `size` bytes that lie `step` bytes apart.
inline void gather(const std::byte* from, std::uint64_t step, std::uint64_t count, std::size_t size, std::byte* to) {
  switch (size) {
    case 1:
      return gather_fixed<1>(from, step, count, to);
    case 2:
      return gather_fixed<2>(from, step, count, to);
    case 4:
      return gather_fixed<4>(from, step, count, to);
    case 8:
      return gather_fixed<8>(from, step, count, to);
    case 16:
      return gather_fixed<16>(from, step, count, to);
    default:
      for (std::uint64_t i = 0; i < count; ++i) std::memcpy(to + i * size, from + i * step, size);
  }
}

/// Whether the elements already follow each other in C order.
inline bool lies_in_c_order(const Array& array) {
  return array.order() == Order::c || array.shape().size() < 2 || array.bytes().empty();
}

/// Calls `row(offset, step, count)` for each run of the last index in C order, of an array that does not lie in it:
/// `count` elements from byte `offset` on, `step` bytes apart. The other indices count like an odometer.
template <class Row>
void for_each_fortran_row(const Array& array, Row row) {
  const Shape& shape = array.shape();
  std::vector<std::uint64_t> steps(shape.size());
  std::uint64_t step = array.dtype().item_size();
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    steps[axis] = step;
    step *= shape[axis];
  }
  const std::size_t last = shape.size() - 1;
  std::vector<std::uint64_t> index(last, 0);
  std::uint64_t offset = 0;
  while (true) {
    row(offset, steps[last], shape[last]);
    std::size_t axis = last;
    while (axis > 0) {
      --axis;
      offset += steps[axis];
      if (++index[axis] < shape[axis]) break;
      if (axis == 0) return;
      offset -= steps[axis] * shape[axis];
      index[axis] = 0;
    }
  }
}

}  // namespace neve
