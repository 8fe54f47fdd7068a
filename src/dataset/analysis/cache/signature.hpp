#pragma once

#include <string>
#include <string_view>

#include <neve/base/bytes.hpp>
#include <neve/codec/entry.hpp>

namespace neve::dataset {

/// HMAC-SHA-256 (RFC 2104) of an entry under its key: metadata without `signature`, and every array. 64 hexadecimal
/// digits.
[[nodiscard]] std::string signature_of(std::string_view secret, std::string_view key, const Entry& entry);

/// Whether the entry's `signature` is that, in a time that does not tell how much of it is right.
[[nodiscard]] bool signed_with(std::string_view secret, std::string_view key, const Entry& entry);

}  // namespace neve::dataset
