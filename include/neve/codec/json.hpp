#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include <neve/base/bytes.hpp>

namespace neve {

/// A JSON tree. Object members are kept in code-point order; integers and floating-point numbers stay apart (1 and 1.0
/// are different values); strings are UTF-8, in which a lone UTF-16 surrogate may stand as its three-byte form, because
/// Python writes and reads such strings.
using Json = nlohmann::json;

/// Parses what Python's `json.loads` accepts: RFC 8259 plus `NaN`, `Infinity`, `-Infinity` and lone surrogates.
///
/// Of a repeated name the last value counts, as in Python. Throws `corrupt` with byte, line and column for malformed
/// text, more than 200 levels of nesting or a surrogate pair written as two halves, and `unsupported` for an integer
/// outside 64 bits, which no value here could hold exactly.
[[nodiscard]] Json parse_json(std::string_view text);

/// The same, but a tree that would take more than about `memory_bytes` throws `too_large`: some thirty times the text's
/// size is possible.
[[nodiscard]] Json parse_json(std::string_view text, std::uint64_t memory_bytes);

/// The bytes of Python's `json.dumps(value, sort_keys=True)`, as an entry's JSON file holds them (contract C1). Throws
/// `invalid_argument`, naming the JSON pointer, for text that is not UTF-8 and more than 200 levels of nesting.
[[nodiscard]] std::string dump_spaced_json(const Json& value);

/// The bytes of `json.dumps(value, sort_keys=True, separators=(",", ":"))`: what keys are computed from (contract C3).
[[nodiscard]] std::string dump_compact_json(const Json& value);

/// A double as Python's `repr` prints it: shortest digits that read back the same, `1e+16`, `5e-324`, `nan`, `-inf`.
[[nodiscard]] std::string python_repr(double value);

/// The JSON pointer (RFC 6901) of the first NaN or infinity in `value`, or an empty optional if every number is finite.
[[nodiscard]] std::optional<std::string> find_non_finite(const Json& value);

}  // namespace neve
