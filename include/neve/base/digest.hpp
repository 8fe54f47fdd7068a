#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <neve/base/bytes.hpp>

namespace neve {

using Sha256Value = std::array<std::byte, 32>;

/// Lower-case hexadecimal, two digits a byte.
[[nodiscard]] std::string to_hex(ByteSpan bytes);

/// SHA-256 of a stream of pieces. Not thread-safe; about 2 GB/s with SHA-NI.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  Sha256& update(ByteSpan bytes);
  Sha256& update(std::string_view text) { return update(as_byte_span(text)); }

  /// The digest of everything so far; the object is then reset.
  [[nodiscard]] Sha256Value finish();
  [[nodiscard]] std::string finish_hex();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

/// 64 hexadecimal digits.
[[nodiscard]] std::string sha256_hex(ByteSpan bytes);
[[nodiscard]] std::string sha256_hex(std::string_view text);

/// Whether `text` is what `sha256_hex` may return; upper-case digits are none.
[[nodiscard]] bool is_sha256_hex(std::string_view text) noexcept;

/// HMAC-SHA-256 (RFC 2104) of `message` under a secret of any length; 64 hexadecimal digits.
[[nodiscard]] std::string hmac_sha256_hex(std::string_view secret, std::string_view message);

/// Compares in a time that does not tell how much of the two agrees, only whether they are equally long.
[[nodiscard]] bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept;

using Xxh128Value = std::array<std::byte, 16>;

/// XXH3, 128 bits, of a stream of pieces: fast, for accidents only, never against an adversary. Not thread-safe.
class Xxh128 {
 public:
  Xxh128() noexcept;

  Xxh128& update(ByteSpan bytes);

  /// The digest of everything so far, in XXH's canonical (big-endian) byte order.
  [[nodiscard]] Xxh128Value finish() const;

 private:
  // XXH3_state_t: in place, for memory of this alignment takes longer to allocate than a short text to digest.
  alignas(64) std::array<std::byte, 576> state_;
};

/// XXH3, 64 bits, of `bytes`.
[[nodiscard]] std::uint64_t xxh64_of(ByteSpan bytes) noexcept;

}  // namespace neve
