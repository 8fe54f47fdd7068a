#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <neve/base/bytes.hpp>

namespace neve {

/// The element type of an array, as NumPy describes it: kind, size and byte order, plus the unit of a datetime.
///
/// Kinds: `b` bool, `i` signed, `u` unsigned, `f` float, `c` complex, `S` bytes, `U` UCS-4 text, `M` datetime64,
/// `m` timedelta64. A plain value; the descr string reaches files, so its spelling is NumPy's.
class DType {
 public:
  /// From a NumPy descr such as `<f8`, `|b1`, `>c16`, `<U12`, `<M8[ns]`. Throws `unsupported`, naming the descr, for
  /// object
  /// (`|O`), void, structured and unknown types.
  [[nodiscard]] static DType parse(std::string_view descr);

  /// The DType of a C++ arithmetic or std::complex type in the machine's byte order.
  template <class T>
  [[nodiscard]] static DType of();

  [[nodiscard]] char kind() const noexcept { return kind_; }
  /// Bytes per element; 0 for the empty `S0`/`U0`.
  [[nodiscard]] std::size_t item_size() const noexcept { return item_size_; }
  /// The alignment an element needs in memory to be read in place: 1, 2, 4 or 8.
  [[nodiscard]] std::size_t alignment() const noexcept;
  /// `<` little, `>` big, `|` where order has no meaning.
  [[nodiscard]] char byte_order() const noexcept { return byte_order_; }

  /// As NumPy writes it into a file: `<f8`.
  [[nodiscard]] const std::string& descr() const noexcept { return descr_; }
  /// As `str(dtype)` prints it, which is what array digests contain: `float64`, but `>f8` for the foreign byte order.
  [[nodiscard]] std::string name() const;

  friend bool operator==(const DType& a, const DType& b) noexcept { return a.descr_ == b.descr_; }

 private:
  [[nodiscard]] static DType native(char kind, std::size_t item_size);
  DType(char kind, std::size_t item_size, char byte_order, std::string descr)
      : kind_(kind), item_size_(item_size), byte_order_(byte_order), descr_(std::move(descr)) {}

  char kind_;
  std::size_t item_size_;
  char byte_order_;
  std::string descr_;
};

using Shape = std::vector<std::uint64_t>;

/// Number of elements; 1 for an empty shape. Throws `too_large`, naming the shape, if the elements of a shape with its
/// zeros left out would not fit 2^63 - 1 bytes, which is also where NumPy stops.
[[nodiscard]] std::uint64_t element_count(const Shape& shape, std::size_t item_size);

/// As Python prints the tuple: `()`, `(3,)`, `(3, 4)`.
[[nodiscard]] std::string to_text(const Shape& shape);

/// In which order the elements of an array follow each other in memory. Reaches NPY headers.
enum class Order { c, fortran };

/// An n-dimensional array: element type, shape, order and bytes. Immutable; copies share the bytes. A 0-dimensional
/// array has an empty shape and one element. Safe to read from any thread.
class Array {
 public:
  /// No elements: float64 of shape `(0,)`, until something is assigned. A state may have it as a plain member.
  Array();
  /// Throws `invalid_argument` unless `bytes` holds exactly the elements `shape` asks for (checked without overflow).
  Array(DType dtype, Shape shape, Order order, Bytes bytes);

  /// Takes `values` over, C order, without copying the elements.
  template <class T>
  [[nodiscard]] static Array from(std::vector<T> values, Shape shape);
  /// The same, one-dimensional.
  template <class T>
  [[nodiscard]] static Array from(std::vector<T> values);
  /// A 0-dimensional array.
  template <class T>
  [[nodiscard]] static Array scalar(T value);
  /// Borrows `values`, which the caller keeps alive and unchanged as long as the array or a copy of it is used.
  template <class T>
  [[nodiscard]] static Array view(std::span<const T> values, Shape shape);

  [[nodiscard]] const DType& dtype() const noexcept { return dtype_; }
  [[nodiscard]] const Shape& shape() const noexcept { return shape_; }
  [[nodiscard]] Order order() const noexcept { return order_; }
  [[nodiscard]] const Bytes& bytes() const noexcept { return bytes_; }
  /// Number of elements; 1 for a 0-dimensional array.
  [[nodiscard]] std::uint64_t size() const noexcept;

  /// The same elements, the last index fastest: this array if it is so, which shares the bytes, or a copy.
  [[nodiscard]] Array in_c_order() const;

  /// The elements in memory order, borrowed from this array; arrays from NumPy may be in Fortran order (`in_c_order`).
  /// Throws `invalid_argument`, naming both types, unless T is the array's type in the machine's byte order, or if the
  /// bytes are not aligned for T.
  template <class T>
  [[nodiscard]] std::span<const T> as() const;

  /// Same dtype, shape, order and bytes.
  friend bool operator==(const Array& a, const Array& b) noexcept;

 private:
  void require(const DType& wanted, std::size_t alignment) const;

  DType dtype_;
  Shape shape_;
  Order order_;
  Bytes bytes_;
};

/// Arrays by name, in the order files list them.
using ArrayMap = std::map<std::string, Array>;

/// SHA-256 over dtype name, Python-style shape tuple and the elements in C order (contract C3); 64 hexadecimal digits.
///
/// As in phys-pipeline, a 0-dimensional array counts as one of shape `(1,)`. Cost: about 2 GB/s; Fortran order about
/// half.
[[nodiscard]] std::string array_digest(const Array& array);

// ---- implementation of the templates ----

template <class T>
DType DType::of() {
  if constexpr (std::is_same_v<T, bool>) {
    return native('b', 1);
  } else if constexpr (std::is_same_v<T, std::complex<float>> || std::is_same_v<T, std::complex<double>>) {
    return native('c', sizeof(T));
  } else {
    static_assert(std::is_arithmetic_v<T> && sizeof(T) <= 8, "neve arrays hold arithmetic and std::complex elements");
    return native(std::is_floating_point_v<T> ? 'f' : std::is_signed_v<T> ? 'i' : 'u', sizeof(T));
  }
}

template <class T>
Array Array::from(std::vector<T> values, Shape shape) {
  static_assert(!std::is_same_v<T, bool>,
                "std::vector<bool> holds no bytes; use std::uint8_t and DType::parse(\"|b1\")");
  return Array(DType::of<T>(), std::move(shape), Order::c, Bytes::from(std::move(values)));
}

template <class T>
Array Array::from(std::vector<T> values) {
  const std::uint64_t count = values.size();
  return from(std::move(values), Shape{count});
}

template <class T>
Array Array::scalar(T value) {
  return Array(DType::of<T>(), {}, Order::c, Bytes::copy_of(std::as_bytes(std::span<const T, 1>(&value, 1))));
}

template <class T>
Array Array::view(std::span<const T> values, Shape shape) {
  return Array(DType::of<T>(), std::move(shape), Order::c, Bytes::borrowed(std::as_bytes(values)));
}

template <class T>
std::span<const T> Array::as() const {
  require(DType::of<T>(), alignof(T));
  return {reinterpret_cast<const T*>(bytes_.data()), bytes_.size() / sizeof(T)};
}

}  // namespace neve
