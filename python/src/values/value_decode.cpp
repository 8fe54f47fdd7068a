#include <nanobind/stl/string.h>

#include <limits>
#include <string>

#include <neve/base/error.hpp>

#include "interpreter/gil.hpp"
#include "values/json_values.hpp"
#include "values/value_codec.hpp"

namespace nb = nanobind;

namespace neve::python {
namespace {

[[noreturn]] void throw_malformed(const char* what) {
  throw Error(ErrorCode::corrupt, std::string("the stored value has a malformed ") + what);
}

class Decoder {
 public:
  Decoder(const ArraySource& arrays, nb::handle restore) : arrays_(arrays), restore_(restore) {}

  nb::object decode(const Json& json) {
    if (json.is_array()) return list(json);
    if (!json.is_object()) return python_from_json(json);
    const auto tag = json.find("$");
    return tag == json.end() ? plain_dict(json) : tagged(*tag, json);
  }

 private:
  nb::object list(const Json& json) {
    nb::object made = nb::steal(PyList_New(static_cast<Py_ssize_t>(json.size())));
    Py_ssize_t index = 0;
    for (const Json& item : json) PyList_SetItem(made.ptr(), index++, decode(item).release().ptr());
    return made;
  }

  nb::object plain_dict(const Json& json) {
    nb::dict made;
    for (const auto& [name, member] : json.get_ref<const Json::object_t&>())
      made[python_from_text(name)] = decode(member);
    return made;
  }

  nb::object tagged(const Json& tag, const Json& json) {
    const auto of = json.find("of");
    if (!tag.is_string() || of == json.end()) throw_malformed("tag");
    const std::string& name = tag.get_ref<const std::string&>();
    if (name == "array") return array(*of);
    if (name == "scalar") return decode(*of).attr("__getitem__")(nb::make_tuple());
    if (name == "tuple") return nb::steal(PyList_AsTuple(list(array_of(*of)).ptr()));
    if (name == "dict") return dict(array_of(*of));
    if (name == "float") return special_float(text_of(*of));
    if (name == "int") return nb::steal(PyLong_FromString(text_of(*of).c_str(), nullptr, 16));
    const nb::object content = decode(*of);
    return call_python([&] { return restore_(python_from_text(name), content); });
  }

  nb::object array(const Json& name) {
    nb::object found = arrays_(text_of(name));
    if (!found.is_valid()) throw_malformed("array name");
    return found;
  }

  nb::object dict(const Json& pairs) {
    nb::dict made;
    for (const Json& pair : pairs) {
      if (!pair.is_array() || pair.size() != 2) throw_malformed("dict");
      made[decode(pair[0])] = decode(pair[1]);
    }
    return made;
  }

  nb::object special_float(const std::string& text) {
    using Limits = std::numeric_limits<double>;
    if (text == "nan") return nb::float_(Limits::quiet_NaN());
    if (text == "inf") return nb::float_(Limits::infinity());
    if (text == "-inf") return nb::float_(-Limits::infinity());
    throw_malformed("float");
  }

  static const Json& array_of(const Json& json) {
    if (!json.is_array()) throw_malformed("list");
    return json;
  }
  static const std::string& text_of(const Json& json) {
    if (!json.is_string()) throw_malformed("text");
    return json.get_ref<const std::string&>();
  }

  const ArraySource& arrays_;
  nb::handle restore_;
};

}  // namespace

nb::object decode_value(const Json& json, const ArraySource& arrays, nb::handle restore) {
  return Decoder(arrays, restore).decode(json);
}

}  // namespace neve::python
