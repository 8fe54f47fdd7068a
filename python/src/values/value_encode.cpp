#include <nanobind/stl/string.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include <neve/base/error.hpp>
#include <neve/key/state_digest.hpp>

#include "interpreter/errors.hpp"
#include "interpreter/gil.hpp"
#include "values/array_of_lists.hpp"
#include "values/json_values.hpp"
#include "values/numpy_types.hpp"
#include "values/value_codec.hpp"

namespace nb = nanobind;

namespace neve::python {
namespace {

Json tagged(const char* tag, Json content) { return {{"$", tag}, {"of", std::move(content)}}; }

Json float_as_json(double value) {
  if (std::isfinite(value)) return value;
  return tagged("float", std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf");
}

/// Whether a dict reads back in the order it is in: names in ascending order of code points, none of them our mark.
bool is_plain(nb::handle dict) {
  PyObject* key = nullptr;
  Py_ssize_t position = 0;
  PyObject* before = nullptr;
  while (PyDict_Next(dict.ptr(), &position, &key, nullptr) != 0) {
    if (!PyUnicode_CheckExact(key)) return false;
    if (PyUnicode_CompareWithASCIIString(key, "$") == 0) return false;
    if (before != nullptr && PyUnicode_Compare(before, key) >= 0) return false;
    before = key;
  }
  return true;
}

/// What a key of a dict is called in places; it may be anything.
std::string name_of(nb::handle key) {
  const nb::object text = nb::steal(PyObject_Str(key.ptr()));
  if (text.is_valid()) return text_from_python(text);
  if (PyErr_ExceptionMatches(PyExc_Exception) == 0) throw nb::python_error();
  PyErr_Clear();  // an integer of too many digits
  return type_of_value(key);
}

}  // namespace

Json ValueEncoder::encode(nb::handle value, const JsonPath& path) {
  // A level here is up to two in the JSON. What a codec gives for a value has the value's place.
  if (std::max(path.depth(), descriptions_) > kMaxJsonDepth / 2) {
    throw Error(ErrorCode::unsupported, place_of(path) + " is nested too deep, or contains itself");
  }
  constexpr std::size_t kSmallValue = 8;
  size_ += kSmallValue;
  PyObject* object = value.ptr();
  if (object == Py_None) return nullptr;
  if (PyBool_Check(object)) return object == Py_True;
  if (PyUnicode_CheckExact(object)) return encode_text(value);
  if (PyLong_CheckExact(object)) return encode_integer(value);
  if (PyFloat_CheckExact(object)) return float_as_json(PyFloat_AsDouble(object));
  if (PyList_CheckExact(object)) return encode_list(value, path);
  if (PyTuple_CheckExact(object)) return tagged("tuple", encode_list(value, path));
  if (PyDict_CheckExact(object)) return encode_dict(value, path);
  if (numpy_is_loaded()) {
    const NumpyTypes& numpy = NumpyTypes::get();
    if (numpy.is_array(value)) return encode_array(value, path);
    if (numpy.is_scalar(value)) return tagged("scalar", encode_array(array_of_scalar(value, place_of(path)), path));
  }
  return encode_other(value, path);
}

Json ValueEncoder::encode_text(nb::handle value) {
  std::string text = text_from_python(value);
  size_ += text.size();
  return text;
}

std::string ValueEncoder::digest_of(const Array& array) {
  const auto digest = [&] { return state_digest(Json::object(), {{"", array}}); };
  return array.bytes().size() < kWorthLettingGo ? digest() : without_gil(digest);
}

Json ValueEncoder::encode_integer(nb::handle value) {
  int overflow = 0;
  const long long number = PyLong_AsLongLongAndOverflow(value.ptr(), &overflow);
  if (overflow == 0) return static_cast<std::int64_t>(number);
  const nb::object text = nb::module_::import_("builtins").attr("hex")(value);
  return tagged("int", nb::cast<std::string>(nb::str(text)));
}

Json ValueEncoder::encode_list(nb::handle value, const JsonPath& path) {
  Json list = Json::array();
  const bool tuple = PyTuple_CheckExact(value.ptr());
  for (Py_ssize_t i = 0; i < PySequence_Size(value.ptr()); ++i) {  // describe() may do anything, so: asked anew
    const nb::object item = nb::borrow(tuple ? PyTuple_GetItem(value.ptr(), i) : PyList_GetItem(value.ptr(), i));
    list.push_back(encode(item, JsonPath(path, static_cast<std::size_t>(i))));
  }
  return list;
}

Json ValueEncoder::encode_dict(nb::handle value, const JsonPath& path) {
  PyObject* key = nullptr;
  PyObject* member = nullptr;
  Py_ssize_t position = 0;
  if (is_plain(value)) {
    Json object = Json::object();
    auto& members = object.get_ref<Json::object_t&>();
    while (PyDict_Next(value.ptr(), &position, &key, &member) != 0) {
      std::string name = text_from_python(key);
      Json encoded = encode(nb::borrow(member), JsonPath(path, name));
      members.emplace_hint(members.end(), std::move(name), std::move(encoded));
    }
    return object;
  }
  Json pairs = Json::array();
  while (PyDict_Next(value.ptr(), &position, &key, &member) != 0) {
    const std::string name = name_of(key);
    const JsonPath inside(path, name);
    Json pair = Json::array();
    pair.push_back(encode(nb::borrow(key), inside));
    pair.push_back(encode(nb::borrow(member), inside));
    pairs.push_back(std::move(pair));
  }
  return tagged("dict", std::move(pairs));
}

Json ValueEncoder::encode_array(nb::handle value, const JsonPath& path) {
  auto [array, lender] = borrowed_.borrow_from(value, place_of(path));
  if (arrays_as_ == ArraysAs::digests) {
    Json shape = Json::array();
    for (const std::uint64_t extent : array.shape()) shape.push_back(extent);
    return tagged("array", {{"dtype", array.dtype().descr()}, {"shape", shape}, {"sha256", digest_of(array)}});
  }
  std::string name = array_name(path);
  originals_.emplace(name, nb::borrow(value));
  lenders_.emplace(name, std::move(lender));
  arrays_.emplace(name, std::move(array));
  return tagged("array", std::move(name));
}

/// The array's place where that is a plain name, so that whoever opens the file with NumPy finds it.
std::string ValueEncoder::array_name(const JsonPath& path) const {
  std::string name = path.dotted();
  constexpr std::size_t kLongest = 100;
  constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.[]";
  const bool plain = !name.empty() && name.size() <= kLongest && name.find_first_not_of(kPlain) == std::string::npos &&
                     !name.starts_with('.') && !name.starts_with("artifact.") && !name.starts_with("state.");
  if (!plain) name = "value";
  if (!arrays_.contains(name)) return name;
  std::size_t number = arrays_.size();
  while (arrays_.contains(name + "-" + std::to_string(number))) ++number;
  return name + "-" + std::to_string(number);
}

/// What the value consists of; None if it has no exact form. A refusal names the place.
nb::object ValueEncoder::description_of(nb::handle value, const JsonPath& path) {
  try {
    return call_python([&] { return describe_(value, arrays_as_ == ArraysAs::digests); });
  } catch (nb::python_error& raised) {
    const auto refusal = own_error(raised);
    if (!refusal) throw;
    throw Error(refusal->code(), place_of(path) + ": " + refusal->what());
  }
}

Json ValueEncoder::encode_other(nb::handle value, const JsonPath& path) {
  if (const auto met = code_.find(value.ptr()); met != code_.end()) return tagged("met", met->second.number);
  const nb::object described = description_of(value, path);
  if (described.is_none()) {
    throw Error(ErrorCode::unsupported,
                place_of(path) + " is a " + type_of_value(value) +
                    ", which has no exact form; give arrays, numbers, text, dataclasses or pydantic models, or "
                    "register a codec for the type with neve.register(...)");
  }
  const nb::object content = described[1];
  const std::string tag = nb::cast<std::string>(described[0]);
  if (tag == "function" || tag == "class") code_.try_emplace(value.ptr(), MetCode{nb::borrow(value), code_.size()});
  if (content.is(value)) {
    throw Error(ErrorCode::unsupported, place_of(path) + " is a " + type_of_value(value) +
                                            ", of which its codec gives the value itself; give what it consists of");
  }
  ++descriptions_;
  Json encoded = encode(content, path);
  --descriptions_;  // an encoder is of no use after a failure
  return tagged(tag.c_str(), std::move(encoded));
}

}  // namespace neve::python
