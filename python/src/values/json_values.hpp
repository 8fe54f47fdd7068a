#pragma once

#include <nanobind/nanobind.h>

#include <string_view>

#include <neve/codec/json.hpp>
#include <neve/codec/json_path.hpp>

namespace neve::python {

/// What becomes of values that JSON does not have.
enum class JsonRules {
  exact,    ///< refused: what is read back must equal what was put in
  lenient,  ///< as `json.dumps(value, default=str)` writes them, which is what phys-pipeline does
};

/// A Python value as JSON. Throws `invalid_argument`, naming the place inside `value`, for what `rules` do not allow,
/// and `unsupported` for integers outside 64 bits. Needs the GIL.
[[nodiscard]] Json json_from_python(nanobind::handle value, const JsonPath& path = JsonPath(),
                                    JsonRules rules = JsonRules::exact);

/// None, bool, int, float, str, list and dict. Needs the GIL.
[[nodiscard]] nanobind::object python_from_json(const Json& value);

/// UTF-8 and `str`; lone surrogates pass both ways, as Python's json module lets them. Needs the GIL.
[[nodiscard]] std::string text_from_python(nanobind::handle text);
[[nodiscard]] nanobind::object python_from_text(std::string_view text);

/// `metrics.energy`, or "the value" at the root: what messages call a place.
[[nodiscard]] std::string place_of(const JsonPath& path);

/// The type's name as Python spells it, for messages.
[[nodiscard]] std::string type_of_value(nanobind::handle value);

}  // namespace neve::python
