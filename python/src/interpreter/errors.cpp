#include "interpreter/errors.hpp"

#include <exception>
#include <string>
#include <string_view>

#include <nanobind/stl/string.h>

namespace nb = nanobind;

namespace neve::python {

void set_python_error(const Error& error) {
  const std::string_view text = error.what();
  // A message may quote bytes that are no text.
  const auto message =
      nb::steal(PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "backslashreplace"));
  const std::string code(to_string(error.code()));
  const nb::object type = nb::module_::import_("neve.errors").attr("BY_CODE")[code.c_str()];
  PyErr_SetObject(type.ptr(), message.ptr());
}

std::optional<Error> own_error(nb::python_error& raised) {
  const nb::handle exception = raised.value();
  if (!nb::isinstance(exception, nb::module_::import_("neve.errors").attr("Error"))) return std::nullopt;
  const std::string code = nb::cast<std::string>(exception.attr("code"));
  for (int i = 0; i <= static_cast<int>(ErrorCode::internal); ++i) {
    if (code == to_string(static_cast<ErrorCode>(i)))
      return Error(static_cast<ErrorCode>(i), nb::cast<std::string>(nb::str(exception)));
  }
  return std::nullopt;
}

void register_errors() {
  nb::register_exception_translator([](const std::exception_ptr& pointer, void*) {
    try {
      std::rethrow_exception(pointer);
    } catch (const Error& error) {
      set_python_error(error);
    }
  });
}

}  // namespace neve::python
