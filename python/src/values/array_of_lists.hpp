#pragma once

#include <nanobind/nanobind.h>

#include <string>

namespace neve::python {

/// The array that NumPy makes of a number, a text, or lists of such, nested evenly. Throws, naming `place`,
/// `invalid_argument` for uneven ones, and `unsupported` for what would come back as something else: kinds mixed
/// (`[1, "a"]`, `[True, 2]`), integers of no common type, texts that end in NUL, objects of other libraries that have
/// names or units besides their numbers. Needs the GIL.
[[nodiscard]] nanobind::object array_of_lists(nanobind::handle value, const std::string& place);

/// The array without dimensions that is NumPy's scalar. Throws as the above for a text that ends in NUL.
[[nodiscard]] nanobind::object array_of_scalar(nanobind::handle scalar, const std::string& place);

}  // namespace neve::python
