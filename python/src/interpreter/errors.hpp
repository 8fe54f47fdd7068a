#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <nanobind/nanobind.h>

#include <neve/base/error.hpp>

namespace neve::python {

/// Makes every `neve::Error` that reaches Python the exception class of its code (neve/errors.py).
void register_errors();

/// A message as a text of Python's; it may quote bytes that are no text. Needs the GIL.
[[nodiscard]] nanobind::object message_object(std::string_view text);

/// What an exception, or a text, says; it may have lone surrogates in it. Throws what its `__str__` raises. Needs the
/// GIL.
[[nodiscard]] std::string message_of(nanobind::handle exception);

/// Sets the calling thread's Python error. Needs the GIL.
void set_python_error(const Error& error);

/// The `neve::Error` that an exception of Python stands for; nothing if it is none of neve's. Needs the GIL.
[[nodiscard]] std::optional<Error> own_error(nanobind::python_error& raised);

}  // namespace neve::python
