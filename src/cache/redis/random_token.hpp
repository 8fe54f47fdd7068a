#pragma once

#include <array>
#include <span>
#include <string>

#include <openssl/rand.h>

#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>

namespace neve::redis {

/// 32 hexadecimal digits that nobody else has. Throws `internal`.
[[nodiscard]] inline std::string random_token() {
  std::array<unsigned char, 16> bytes{};
  if (::RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
    throw Error(ErrorCode::internal, "the system gives no random numbers");
  }
  return to_hex(std::as_bytes(std::span(bytes)));
}

}  // namespace neve::redis
