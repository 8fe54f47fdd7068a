#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <neve/base/digest.hpp>
#include <neve/codec/entry.hpp>

namespace neve {

/// The bytes of a seal as a zip comment; docs/formats/entry.md lays them out. `structure` is the archive's structure
/// digest.
[[nodiscard]] std::string make_seal(const EntrySeal& seal, const Xxh128Value& json, const Xxh128Value& structure);

/// How many bytes `make_seal` returns. Throws `invalid_argument` for an empty key or one of more than 4,096 bytes.
[[nodiscard]] std::size_t seal_bytes(const EntrySeal& seal);

struct OpenedSeal {
  EntrySeal seal;
  Xxh128Value json;  ///< digest of the JSON file that belongs to the archive
};

/// Reads and verifies a seal. Throws an `EntryError`: `unsupported` for a later version, else `corrupt`.
[[nodiscard]] OpenedSeal open_seal(ByteSpan comment, const Xxh128Value& structure);

}  // namespace neve
