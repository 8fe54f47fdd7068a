#pragma once

#include <optional>

#include <neve/base/error.hpp>

#include "require.hpp"

namespace neve::fuzz {

/// What `decode` gives, or nothing where it refuses the bytes as it should: they are corrupt, unsupported or too large.
template <class Decode>
auto refused_or(const Decode& decode) -> std::optional<decltype(decode())> {
  try {
    return decode();
  } catch (const Error& error) {
    require(error.code() == ErrorCode::corrupt || error.code() == ErrorCode::unsupported ||
                error.code() == ErrorCode::too_large,
            "bad bytes are corrupt, unsupported or too large");
    return std::nullopt;
  }
}

}  // namespace neve::fuzz
