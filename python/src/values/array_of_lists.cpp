#include "values/array_of_lists.hpp"

#include <nanobind/stl/string.h>

#include <utility>

#include <neve/base/error.hpp>

#include "interpreter/errors.hpp"
#include "values/json_values.hpp"
#include "values/numpy_types.hpp"

namespace nb = nanobind;

namespace neve::python {
namespace {

constexpr int kMostDimensions = 64;  // NumPy's; deeper ones contain themselves

void refuse_nul_at_end(nb::handle text, const std::string& place) {
  const nb::object nul = PyUnicode_Check(text.ptr()) ? nb::object(nb::str("\0", 1)) : nb::object(nb::bytes("\0", 1));
  if (!nb::cast<bool>(text.attr("endswith")(nul))) return;
  throw Error(ErrorCode::unsupported, place + " has a text that ends in NUL, which NumPy takes for its padding");
}

/// What the innermost elements are; what may stand beside what in one array.
class Elements {
 public:
  explicit Elements(const std::string& place) : place_(place) {}

  void look_at(nb::handle value, int depth = 0) {
    PyObject* object = value.ptr();
    const bool list = PyList_CheckExact(object);
    if (!list && !PyTuple_CheckExact(object)) return look_at_element(value);
    if (depth > kMostDimensions) throw Error(ErrorCode::invalid_argument, place_ + " is nested too deep for an array");
    for (Py_ssize_t i = 0; i < PySequence_Size(object); ++i) {
      look_at(nb::handle(list ? PyList_GetItem(object, i) : PyTuple_GetItem(object, i)), depth + 1);
    }
  }

  /// Refuses an array that is not all of what was looked at.
  void require_kept(const nb::object& array) const {
    const bool integers_only = integers_ && !floats_;
    const int kinds = (booleans_ ? 1 : 0) + (integers_ || floats_ ? 1 : 0) + (texts_ ? 1 : 0) + (bytes_ ? 1 : 0) +
                      (dtype_.is_valid() ? 1 : 0);
    const nb::object dtype = array.attr("dtype");
    const std::string kind = nb::cast<std::string>(dtype.attr("kind"));
    if (mixed_ || kinds > 1 || (integers_only && kind != "i" && kind != "u") || (large_integers_ && floats_)) {
      throw Error(ErrorCode::unsupported, place_ + " has elements that are not of one type; NumPy would make them " +
                                              nb::cast<std::string>(nb::str(dtype)) +
                                              ": give numpy.array(..., dtype=...)");
    }
  }

 private:
  void look_at_element(nb::handle value) {
    PyObject* object = value.ptr();
    if (PyBool_Check(object)) {
      booleans_ = true;
    } else if (PyLong_CheckExact(object)) {
      integers_ = true;
      look_at_size(object);
    } else if (PyFloat_CheckExact(object) || PyComplex_CheckExact(object)) {
      floats_ = true;
    } else if (PyUnicode_CheckExact(object)) {
      texts_ = true;
      refuse_nul_at_end(value, place_);
    } else if (PyBytes_CheckExact(object)) {
      bytes_ = true;
      refuse_nul_at_end(value, place_);
    } else if (NumpyTypes::get().is_scalar(value)) {
      look_at_scalar(value);
    } else if (NumpyTypes::get().is_array(value)) {
      look_at_dtype(value.attr("dtype"));
    } else {
      throw Error(ErrorCode::unsupported,
                  place_ + " is or holds a " + type_of_value(value) +
                      ", of which only the bare numbers could be stored; give numpy.asarray(...)");
    }
  }

  /// Those of NumPy count as Python's: a mean and a number in one list are two numbers.
  void look_at_scalar(nb::handle value) {
    const nb::object dtype = value.attr("dtype");
    const std::string kind = nb::cast<std::string>(dtype.attr("kind"));
    if (kind == "b") {
      booleans_ = true;
    } else if (kind == "i" || kind == "u") {
      integers_ = true;
      look_at_size(nb::steal(PyNumber_Index(value.ptr())).ptr());
    } else if (kind == "f" || kind == "c") {
      floats_ = true;
    } else {
      if (PyUnicode_Check(value.ptr()) || PyBytes_Check(value.ptr())) refuse_nul_at_end(value, place_);
      look_at_dtype(dtype);
    }
  }

  void look_at_dtype(nb::object dtype) {
    mixed_ = mixed_ || (dtype_.is_valid() && !dtype_.equal(dtype));
    dtype_ = std::move(dtype);
  }

  /// Whether a float beside it would be another number.
  void look_at_size(PyObject* integer) {
    constexpr long long kExact = 1LL << 53;
    int overflow = 0;
    const long long number = PyLong_AsLongLongAndOverflow(integer, &overflow);
    large_integers_ = large_integers_ || overflow != 0 || number > kExact || number < -kExact;
  }

  const std::string& place_;
  bool booleans_ = false;
  bool integers_ = false;
  bool large_integers_ = false;
  bool floats_ = false;
  bool texts_ = false;
  bool bytes_ = false;
  bool mixed_ = false;
  nb::object dtype_;  // of arrays and dates
};

}  // namespace

nb::object array_of_lists(nb::handle value, const std::string& place) {
  const nb::object module = nb::borrow(NumpyTypes::get().module());
  if (PyMemoryView_Check(value.ptr())) return module.attr("asarray")(value);
  Elements elements(place);
  elements.look_at(value);
  nb::object array;
  try {
    array = module.attr("asarray")(value);
  } catch (nb::python_error& error) {
    if (!error.matches(PyExc_ValueError)) throw;
    throw Error(ErrorCode::invalid_argument, place + " is no array: " + message_of(error.value()));
  }
  elements.require_kept(array);
  return array;
}

nb::object array_of_scalar(nb::handle scalar, const std::string& place) {
  if (PyUnicode_Check(scalar.ptr()) || PyBytes_Check(scalar.ptr())) refuse_nul_at_end(scalar, place);
  return NumpyTypes::get().module().attr("asarray")(scalar);
}

}  // namespace neve::python
