#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#include <neve/base/bytes.hpp>

namespace neve {

/// Appends the bytes of `value`, lowest first; the machine is little-endian (array.cpp asserts it).
template <class T>
void append_little(std::string& text, T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  text.append(bytes, sizeof(T));
}

/// The integer at `offset`, lowest byte first. The caller has checked that it lies inside.
template <class T>
[[nodiscard]] T read_little(ByteSpan bytes, std::size_t offset) noexcept {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return value;
}

}  // namespace neve
