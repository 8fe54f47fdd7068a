#pragma once

#include <neve/base/error.hpp>

namespace neve::python {

/// Makes every `neve::Error` that reaches Python the exception class of its code (neve/errors.py).
void register_errors();

/// Sets the calling thread's Python error. Needs the GIL.
void set_python_error(const Error& error);

}  // namespace neve::python
