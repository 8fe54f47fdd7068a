#include <neve/codec/array.hpp>

#include <bit>
#include <cstring>

#include <neve/base/buffer.hpp>
#include <neve/base/error.hpp>

#include "codec/array/fortran_rows.hpp"

namespace neve {

static_assert(std::endian::native == std::endian::little, "DType::of and Array::as take the machine for little-endian");

std::uint64_t element_count(const Shape& shape, std::size_t item_size) {
  constexpr std::uint64_t kMostBytes = (std::uint64_t{1} << 63) - 1;
  std::uint64_t count = 1;
  std::uint64_t bytes = item_size == 0 ? 1 : item_size;
  for (const std::uint64_t extent : shape) {
    count *= extent;
    if (extent == 0) continue;
    if (bytes > kMostBytes / extent) {
      throw Error(ErrorCode::too_large, "an array of shape " + to_text(shape) + " with " + std::to_string(item_size) +
                                            " bytes per element exceeds 2^63 bytes");
    }
    bytes *= extent;
  }
  return count;
}

std::string to_text(const Shape& shape) {
  std::string text = "(";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (i > 0) text += ", ";
    text += std::to_string(shape[i]);
  }
  return text + (shape.size() == 1 ? ",)" : ")");
}

Array::Array() : dtype_(DType::of<double>()), shape_{0}, order_(Order::c) {}

Array::Array(DType dtype, Shape shape, Order order, Bytes bytes)
    : dtype_(std::move(dtype)), shape_(std::move(shape)), order_(order), bytes_(std::move(bytes)) {
  const std::uint64_t wanted = element_count(shape_, dtype_.item_size()) * dtype_.item_size();
  if (wanted != bytes_.size()) {
    throw Error(ErrorCode::invalid_argument, "an array of " + dtype_.name() + " with shape " + to_text(shape_) +
                                                 " takes " + std::to_string(wanted) + " bytes, not " +
                                                 std::to_string(bytes_.size()));
  }
}

std::uint64_t Array::size() const noexcept {
  std::uint64_t count = 1;
  for (const std::uint64_t extent : shape_) count *= extent;
  return count;
}

Array Array::in_c_order() const {
  if (lies_in_c_order(*this)) return Array(dtype_, shape_, Order::c, bytes_);
  Buffer buffer(bytes_.size());
  std::byte* to = buffer.data();
  for_each_fortran_row(*this, [&](std::uint64_t row, std::uint64_t step, std::uint64_t count) {
    gather(bytes_.data() + row, step, count, dtype_.item_size(), to);
    to += count * dtype_.item_size();
  });
  return Array(dtype_, shape_, Order::c, std::move(buffer).freeze());
}

void Array::require(const DType& wanted, std::size_t alignment) const {
  if (!(wanted == dtype_)) {
    throw Error(ErrorCode::invalid_argument,
                "the array holds " + dtype_.name() + ", not " + wanted.name() + "; ask for the type it has");
  }
  if (reinterpret_cast<std::uintptr_t>(bytes_.data()) % alignment != 0) {
    throw Error(ErrorCode::invalid_argument, "the array's bytes are not aligned to " + std::to_string(alignment) +
                                                 " bytes for " + wanted.name() + "; copy them with Bytes::copy_of");
  }
}

bool operator==(const Array& a, const Array& b) noexcept {
  return a.dtype_ == b.dtype_ && a.shape_ == b.shape_ && a.order_ == b.order_ && a.bytes_.size() == b.bytes_.size() &&
         (a.bytes_.empty() || std::memcmp(a.bytes_.data(), b.bytes_.data(), a.bytes_.size()) == 0);
}

}  // namespace neve
