#include "values/json_values.hpp"

#include <nanobind/stl/string.h>

#include <string>
#include <string_view>

#include <neve/base/error.hpp>

#include "values/numpy_types.hpp"

namespace nb = nanobind;

namespace neve::python {
namespace {

Json integer_from_python(nb::handle value, const JsonPath& path) {
  int overflow = 0;
  const long long number = PyLong_AsLongLongAndOverflow(value.ptr(), &overflow);
  if (overflow == 0) {
    if (number == -1 && PyErr_Occurred()) throw nb::python_error();
    return static_cast<std::int64_t>(number);
  }
  if (overflow > 0) {
    const unsigned long long positive = PyLong_AsUnsignedLongLong(value.ptr());
    if (!PyErr_Occurred()) return static_cast<std::uint64_t>(positive);
    PyErr_Clear();
  }
  throw Error(ErrorCode::unsupported,
              place_of(path) + " is an integer outside 64 bits, which JSON here cannot hold; store it as text");
}

/// The class that JSON has and that the value's is derived from, as those of members of an enumeration that are text as
/// well and of an OrderedDict are; empty if it is derived from none. NumPy's own scalars count as what they are.
std::string_view base_of_derived(nb::handle value) {
  PyObject* object = value.ptr();
  const std::string_view base = PyUnicode_Check(object) ? "str"
                                : PyFloat_Check(object) ? "float"
                                : PyLong_Check(object)  ? "int"
                                : PyDict_Check(object)  ? "dict"
                                : PyList_Check(object)  ? "list"
                                                        : "";
  const bool exact = PyUnicode_CheckExact(object) || PyFloat_CheckExact(object) || PyLong_CheckExact(object) ||
                     PyDict_CheckExact(object) || PyList_CheckExact(object);
  if (base.empty() || exact || (numpy_is_loaded() && NumpyTypes::get().is_scalar(value))) return "";
  return base;
}

/// A member's name as json.dumps would write it.
std::string name_from_python(nb::handle key, const JsonPath& path, JsonRules rules) {
  if (PyUnicode_Check(key.ptr()) && (rules == JsonRules::lenient || base_of_derived(key).empty()))
    return text_from_python(key);
  if (rules == JsonRules::lenient) {
    if (key.is_none()) return "null";
    if (PyBool_Check(key.ptr())) return key.ptr() == Py_True ? "true" : "false";
    if (PyFloat_Check(key.ptr())) return python_repr(PyFloat_AsDouble(key.ptr()));
    if (PyLong_Check(key.ptr())) return nb::cast<std::string>(nb::str(key));
  }
  throw Error(ErrorCode::invalid_argument, place_of(path) + " has a key of type " + type_of_value(key) + " (" +
                                               nb::cast<std::string>(nb::repr(key)) + "); JSON keys are text");
}

Json object_from_python(nb::handle value, const JsonPath& path, JsonRules rules) {
  Json object = Json::object();
  PyObject* key = nullptr;
  PyObject* member = nullptr;
  Py_ssize_t position = 0;
  while (PyDict_Next(value.ptr(), &position, &key, &member) != 0) {
    const std::string name = name_from_python(key, path, rules);
    object[name] = json_from_python(member, JsonPath(path, name), rules);
  }
  return object;
}

Json list_from_python(nb::handle value, const JsonPath& path, JsonRules rules) {
  Json list = Json::array();
  const bool tuple = PyTuple_Check(value.ptr());
  // The size is asked for anew each time: lenient rules call `__str__`, which may do anything.
  for (Py_ssize_t i = 0; i < PySequence_Size(value.ptr()); ++i) {
    PyObject* item = tuple ? PyTuple_GetItem(value.ptr(), i) : PyList_GetItem(value.ptr(), i);
    list.push_back(json_from_python(item, JsonPath(path, static_cast<std::size_t>(i)), rules));
  }
  return list;
}

}  // namespace

std::string place_of(const JsonPath& path) {
  const std::string text = path.dotted();
  return text.empty() ? "the value" : "'" + text + "'";
}

std::string type_of_value(nb::handle value) {
  return nb::cast<std::string>(nb::str(value.type().attr("__qualname__")));
}

std::string text_from_python(nb::handle text) {
  Py_ssize_t size = 0;
  if (const char* characters = PyUnicode_AsUTF8AndSize(text.ptr(), &size)) {
    return {characters, static_cast<std::size_t>(size)};
  }
  PyErr_Clear();
  const auto bytes = nb::steal(PyUnicode_AsEncodedString(text.ptr(), "utf-8", "surrogatepass"));
  if (!bytes.is_valid()) throw nb::python_error();
  return {PyBytes_AsString(bytes.ptr()), static_cast<std::size_t>(PyBytes_Size(bytes.ptr()))};
}

nb::object python_from_text(std::string_view text) {
  PyObject* made = PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "surrogatepass");
  if (made == nullptr && PyErr_ExceptionMatches(PyExc_UnicodeDecodeError) != 0) {
    PyErr_Clear();  // a message that quotes a server or a file name; what is stored is always text
    made = PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "backslashreplace");
  }
  if (made == nullptr) throw nb::python_error();
  return nb::steal(made);
}

Json json_from_python(nb::handle value, const JsonPath& path, JsonRules rules) {
  if (path.depth() > kMaxJsonDepth) {
    throw Error(ErrorCode::invalid_argument,
                "metadata nested deeper than " + std::to_string(kMaxJsonDepth) + " levels at " + place_of(path));
  }
  PyObject* object = value.ptr();
  if (object == Py_None) return nullptr;
  if (PyBool_Check(object)) return object == Py_True;
  if (rules == JsonRules::exact) {
    if (const std::string_view base = base_of_derived(value); !base.empty()) {
      throw Error(ErrorCode::invalid_argument, place_of(path) + " is of type " + type_of_value(value) +
                                                   ", which would come back as a " + std::string(base) + "; give a " +
                                                   std::string(base));
    }
  }
  if (PyUnicode_Check(object)) return text_from_python(value);
  if (PyFloat_Check(object)) return PyFloat_AsDouble(object);
  if (PyLong_Check(object)) return integer_from_python(value, path);
  if (PyDict_Check(object)) return object_from_python(value, path, rules);
  if (PyList_Check(object)) return list_from_python(value, path, rules);
  if (rules == JsonRules::lenient) {
    if (PyTuple_Check(object)) return list_from_python(value, path, rules);
    return text_from_python(nb::str(value));
  }
  const bool tuple = PyTuple_Check(object);
  throw Error(ErrorCode::invalid_argument,
              place_of(path) + " is of type " + type_of_value(value) +
                  (tuple ? ", which would come back as a list; give a list"
                         : ", which JSON cannot hold exactly; give None, bool, int, float, str, list or dict"));
}

nb::object python_from_json(const Json& value) {
  switch (value.type()) {
    case Json::value_t::boolean:
      return nb::bool_(value.get<bool>());
    case Json::value_t::number_integer:
      return nb::steal(PyLong_FromLongLong(value.get<std::int64_t>()));
    case Json::value_t::number_unsigned:
      return nb::steal(PyLong_FromUnsignedLongLong(value.get<std::uint64_t>()));
    case Json::value_t::number_float:
      return nb::steal(PyFloat_FromDouble(value.get<double>()));
    case Json::value_t::string:
      return python_from_text(value.get_ref<const std::string&>());
    case Json::value_t::array: {
      nb::object list = nb::steal(PyList_New(static_cast<Py_ssize_t>(value.size())));
      Py_ssize_t index = 0;
      for (const Json& item : value) PyList_SetItem(list.ptr(), index++, python_from_json(item).release().ptr());
      return list;
    }
    case Json::value_t::object: {
      nb::dict dict;
      for (const auto& [name, member] : value.get_ref<const Json::object_t&>()) {
        dict[python_from_text(name)] = python_from_json(member);
      }
      return dict;
    }
    default:
      return nb::none();
  }
}

}  // namespace neve::python
