#pragma once

#include <cstdint>

#include "cache/disk/ledger/ledger.hpp"

namespace neve {

/// Puts facts into a record's words and takes them out again. The layout (docs/decisions/ledger.md):
///   0-3  the key, see LedgerKey
///   4    bits 0-43 bytes, 44-45 kind of key, 46 written by neve, 48-63 hits
///   5    bits 0-31 compute_s as a float, 32-63 stored_at in seconds
///   6    bits 0-31 last_used in seconds, 32-63 expiry in seconds, 0 for never
///   7    unused, 0
/// Each word is written and read whole; two words may come from different writes.
class LedgerRecordView {
 public:
  explicit LedgerRecordView(LedgerWords* words) noexcept : words_(words) {}

  [[nodiscard]] LedgerFacts facts() const noexcept;
  [[nodiscard]] LedgerKey::Kind kind() const noexcept;
  [[nodiscard]] LedgerKey::Words key_words() const noexcept;

  /// Writes everything; the bytes the record had before.
  std::uint64_t write(const LedgerKey& key, const LedgerFacts& facts) noexcept;

  /// Writes the time of the last use alone, unless somebody else writes times just now.
  void set_last_used(TimePoint time) noexcept;

 private:
  LedgerWords* words_;
};

}  // namespace neve
