#include "values/arguments.hpp"

#include <neve/base/error.hpp>

#include "values/json_values.hpp"

namespace nb = nanobind;

namespace neve::python {

void refuse_argument(nb::handle given, std::string_view name, std::string_view wanted) {
  constexpr std::size_t kLongest = 40;  // a whole table would hide the rest of the message
  const std::string text = text_from_python(nb::repr(given));
  const std::string shown = text.size() <= kLongest ? text : "of type " + type_of_value(given);
  throw Error(ErrorCode::invalid_argument, std::string(name) + " is " + shown + "; give " + std::string(wanted));
}

}  // namespace neve::python
