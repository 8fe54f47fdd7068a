#pragma once

#include <string_view>

#include <neve/codec/json.hpp>

namespace neve::dataset {

/// The tree of a JSON text in which every number is the string of its digits, so that none is rounded. Throws `corrupt`
/// for malformed text and more than 64 levels of nesting.
[[nodiscard]] Json parse_keeping_digits(std::string_view text);

}  // namespace neve::dataset
