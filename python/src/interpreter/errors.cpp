#include "interpreter/errors.hpp"

#include <exception>
#include <string>
#include <string_view>

#include <nanobind/stl/string.h>

namespace nb = nanobind;

namespace neve::python {

nb::object message_object(std::string_view text) {
  return nb::steal(PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "backslashreplace"));
}

std::string message_of(nb::handle exception) {
  const nb::object text = nb::steal(PyObject_Str(exception.ptr()));
  if (!text.is_valid()) throw nb::python_error();
  const nb::object bytes = nb::steal(PyUnicode_AsEncodedString(text.ptr(), "utf-8", "backslashreplace"));
  if (!bytes.is_valid()) throw nb::python_error();
  return {PyBytes_AsString(bytes.ptr()), static_cast<std::size_t>(PyBytes_Size(bytes.ptr()))};
}

void set_python_error(const Error& error) {
  const nb::object message = message_object(error.what());
  const std::string code(to_string(error.code()));
  const nb::object type = nb::module_::import_("neve.errors").attr("BY_CODE")[code.c_str()];
  PyErr_SetObject(type.ptr(), message.ptr());
}

std::optional<Error> own_error(nb::python_error& raised) {
  const nb::handle exception = raised.value();
  if (!nb::isinstance(exception, nb::module_::import_("neve.errors").attr("Error"))) return std::nullopt;
  const std::string code = nb::cast<std::string>(exception.attr("code"));
  for (int i = 0; i <= static_cast<int>(ErrorCode::internal); ++i) {
    if (code == to_string(static_cast<ErrorCode>(i))) return Error(static_cast<ErrorCode>(i), message_of(exception));
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
