#pragma once

#include <nanobind/nanobind.h>

#include <utility>

#include "interpreter/gil.hpp"

namespace neve::python {

/// A Python object that threads without the GIL may let go of.
class GilObject {
 public:
  /// Needs the GIL.
  explicit GilObject(nanobind::object object) : object_(object.release()) {}
  ~GilObject() {
    if (!nanobind::is_alive()) return;  // the interpreter has gone, and the object with it
    const GilAcquire acquire;
    object_.dec_ref();
  }
  GilObject(const GilObject&) = delete;
  GilObject& operator=(const GilObject&) = delete;

  [[nodiscard]] nanobind::handle get() const noexcept { return object_; }

 private:
  nanobind::handle object_;
};

}  // namespace neve::python
