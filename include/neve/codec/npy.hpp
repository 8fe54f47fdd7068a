#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <neve/base/bytes.hpp>
#include <neve/codec/array.hpp>

namespace neve {

/// The header of an NPY file. A plain value.
struct NpyHeader {
  DType dtype;
  Shape shape;
  Order order = Order::c;
  std::size_t header_bytes = 0;  ///< the elements start here
  std::uint64_t data_bytes = 0;  ///< and are this many bytes long
};

/// Reads the header at the start of `file`, which may be longer or end with the header: NPY 1.0, 2.0 and 3.0.
///
/// Throws `corrupt` for anything but a complete, well-formed header, `unsupported` for object, structured and unknown
/// dtypes (named) and later versions, `too_large` for a header of more than 10,000 bytes, more than 64 dimensions or a
/// shape beyond 2^63 bytes. Source: NEP 1 and numpy.lib.format.
[[nodiscard]] NpyHeader parse_npy_header(ByteSpan file);

/// The header neve writes: version 1.0, a multiple of 64 bytes long. It depends on the arguments only.
[[nodiscard]] std::string make_npy_header(const DType& dtype, const Shape& shape, Order order);

/// The array of an NPY file in memory, a slice of `file` where the elements lie aligned, a copy where they do not.
/// Throws as `parse_npy_header` does, and `corrupt` unless the file holds exactly the elements the header promises.
[[nodiscard]] Array read_npy(const Bytes& file);

/// An NPY file as pieces for a gathering write: the header, then the elements, shared with `array`.
[[nodiscard]] std::vector<Bytes> gather_npy(const Array& array);

}  // namespace neve
