#pragma once

#include <string>
#include <variant>

#include <neve/codec/array.hpp>
#include <neve/codec/json.hpp>

namespace neve {

/// SHA-256 of a state: all of its metadata and of every array the name, type, shape, order in memory and bytes, each
/// framed by its length, so that no two different states share a digest; 64 hexadecimal digits. Defined in
/// docs/formats/keys.md.
///
/// Any array type can be hashed, since the bytes are. Throws `invalid_argument` for metadata with text that is not
/// UTF-8. Cost: SHA-256 over the bytes; arrays are not copied.
[[nodiscard]] std::string state_digest(const Json& meta, const ArrayMap& arrays);

/// phys-pipeline's digest of a `SimpleState`, for reading the entries it wrote: the payload (an array, or JSON) and, of
/// `meta_arrays`, only `omega`, `x`, `y` and `t`. Everything else in a state is invisible to it; use `state_digest` for
/// anything new. Throws `unsupported` for array types that phys-pipeline cannot hash.
[[nodiscard]] std::string phys_simple_state_digest(const std::variant<Json, Array>& payload,
                                                   const ArrayMap& meta_arrays);

}  // namespace neve
