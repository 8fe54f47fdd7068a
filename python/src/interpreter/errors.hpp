#pragma once

#include <optional>

#include <nanobind/nanobind.h>

#include <neve/base/error.hpp>

namespace neve::python {

/// Makes every `neve::Error` that reaches Python the exception class of its code (neve/errors.py).
void register_errors();

/// Sets the calling thread's Python error. Needs the GIL.
void set_python_error(const Error& error);

/// The `neve::Error` that an exception of Python stands for; nothing if it is none of neve's. Needs the GIL.
[[nodiscard]] std::optional<Error> own_error(nanobind::python_error& raised);

}  // namespace neve::python
