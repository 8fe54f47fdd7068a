#pragma once

#include <nanobind/nanobind.h>

#include <deque>
#include <string>

#include <neve/codec/array.hpp>

namespace neve::python {

/// Memory that arrays in Python look into: keeps the bytes' owner (heap, file mapping, network buffer) alive for as
/// long as an array needs it, longer than the cache and the file. Exports a read-only buffer.
struct Memory {
  Bytes bytes;
};

void bind_memory(nanobind::module_& module);

/// Whether an array handed to Python is a read-only look into neve's memory or a copy of its own.
enum class Writable { no, yes };

[[nodiscard]] inline Writable writable_if(bool wanted) { return wanted ? Writable::yes : Writable::no; }

/// Needs the GIL.
[[nodiscard]] nanobind::object python_from_array(const Array& array, Writable writable);
[[nodiscard]] nanobind::dict python_from_arrays(const ArrayMap& arrays, Writable writable);

/// An array of Python's as neve sees it, and the object whose memory that is: the array itself, or a contiguous copy of
/// it. None for an array without elements.
struct BorrowedArray {
  Array array;
  nanobind::object lender;
};

/// NumPy arrays as neve sees them: borrowed, valid while this object lives. Made and destroyed with the GIL; the arrays
/// may be read without.
class BorrowedArrays {
 public:
  BorrowedArrays() = default;
  ~BorrowedArrays();
  BorrowedArrays(const BorrowedArrays&) = delete;
  BorrowedArrays& operator=(const BorrowedArrays&) = delete;

  /// Elements that are not contiguous are copied, into C order. Throws `unsupported`, naming `place`, for objects,
  /// fields and subclasses whose extra content would be lost.
  [[nodiscard]] BorrowedArray borrow_from(nanobind::handle value, const std::string& place);
  /// The same, without the lender.
  [[nodiscard]] Array borrow(nanobind::handle value, const std::string& place) {
    return borrow_from(value, place).array;
  }

  /// The members of a dict. Throws also `invalid_argument` if it is no dict or a name is no text.
  [[nodiscard]] ArrayMap borrow_all(nanobind::handle dict);

 private:
  [[nodiscard]] const Py_buffer& acquire(nanobind::handle array);

  std::deque<Py_buffer> buffers_;
};

/// A copy that owns its memory, or a slice of neve's own memory if `array` is one.
[[nodiscard]] Array owned_copy(const Array& array);

}  // namespace neve::python
