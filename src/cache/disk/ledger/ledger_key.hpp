#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include <neve/key/key.hpp>

namespace neve {

/// A key as the ledger identifies it: a 64-bit tag, and if possible the text itself in 32 bytes (64 hexadecimal digits,
/// or up to 32 characters). A plain value.
class LedgerKey {
 public:
  /// Reaches the ledger file.
  enum class Kind : std::uint8_t { hexadecimal = 0, text = 1, hashed = 2 };
  using Words = std::array<std::uint64_t, 4>;

  explicit LedgerKey(const Key& key);

  /// From what a record holds; checked against `tag`, because a record may be half written or damaged. Nothing for
  /// `hashed`.
  [[nodiscard]] static std::optional<Key> recover(std::uint64_t tag, Kind kind, const Words& words);

  /// Never 0.
  [[nodiscard]] std::uint64_t tag() const noexcept { return tag_; }
  [[nodiscard]] Kind kind() const noexcept { return kind_; }
  [[nodiscard]] const Words& words() const noexcept { return words_; }

 private:
  std::uint64_t tag_;
  Kind kind_ = Kind::hashed;
  Words words_{};
};

}  // namespace neve
