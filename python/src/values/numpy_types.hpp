#pragma once

#include <nanobind/nanobind.h>

#include <string_view>

#include <neve/codec/array.hpp>

namespace neve::python {

/// What is needed of NumPy, imported when an array is first met: `import neve` does without. The objects are kept for
/// ever, because arrays may outlive the interpreter's tidying up.
class NumpyTypes {
 public:
  /// Needs the GIL.
  [[nodiscard]] static const NumpyTypes& get();

  [[nodiscard]] bool is_array(nanobind::handle value) const;  ///< exactly ndarray, or a memmap
  [[nodiscard]] bool is_scalar(
      nanobind::handle value) const;  ///< float32(1), datetime64("2020"); not a subclass of its own
  [[nodiscard]] nanobind::handle ndarray() const { return ndarray_; }
  [[nodiscard]] nanobind::handle module() const { return module_; }

  /// The dtype object for `dtype`; made once.
  [[nodiscard]] nanobind::object dtype_object(const DType& dtype) const;
  /// The other way round. Throws `unsupported`, naming it, for object, structured and unknown types.
  [[nodiscard]] DType dtype_of(nanobind::handle array) const;

 private:
  NumpyTypes();

  nanobind::handle module_;
  nanobind::handle ndarray_;
  nanobind::handle memmap_;
  nanobind::handle generic_;
  nanobind::handle dtype_;
};

/// Whether NumPy has been imported by anybody: if not, nothing can be an array. Needs the GIL.
[[nodiscard]] bool numpy_is_loaded();

}  // namespace neve::python
