#pragma once

#include <neve/codec/entry.hpp>

namespace neve {

/// The entry with arrays that stay valid when what they borrow from is gone; copies only what is borrowed.
[[nodiscard]] inline Entry with_own_memory(const Entry& entry) {
  Entry owning{entry.meta, {}};
  for (const auto& [name, array] : entry.arrays) {
    const bool borrows = !array.bytes().owned() && !array.bytes().empty();
    owning.arrays.emplace(
        name,
        borrows ? Array(array.dtype(), array.shape(), array.order(), Bytes::copy_of(array.bytes().span())) : array);
  }
  return owning;
}

}  // namespace neve
