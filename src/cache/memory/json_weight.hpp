#pragma once

#include <cstdint>

#include <neve/codec/json.hpp>

namespace neve {

/// About how many bytes of memory `value` occupies: what a budget counts for metadata. Deterministic.
[[nodiscard]] std::uint64_t json_weight(const Json& value);

}  // namespace neve
