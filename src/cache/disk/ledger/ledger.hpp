#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include <neve/base/clock.hpp>
#include <neve/key/key.hpp>

#include "cache/disk/files/root_folder.hpp"
#include "cache/disk/files/temporary_files.hpp"
#include "cache/disk/ledger/ledger_key.hpp"
#include "cache/disk/ledger/ledger_table.hpp"

namespace neve {

/// Who wrote an entry's files.
enum class Writer { neve, other };

/// What the ledger remembers about an entry. All of it is hearsay: good for choosing and reporting, never for deciding
/// whether an entry is valid.
struct LedgerFacts {
  std::uint64_t bytes = 0;
  double compute_s = 0;  ///< 0 if unknown
  std::uint32_t hits = 0;
  Writer writer = Writer::other;
  TimePoint stored_at;  ///< to the second, as are the others
  TimePoint last_used;
  std::optional<TimePoint> expires_at;

  /// Whether this is a store of ours, and a file that was last changed at `changed` not from after it. Wrong only for
  /// one of the two seconds that follow.
  [[nodiscard]] bool is_store_after(TimePoint changed) const noexcept {
    return writer == Writer::neve && changed < stored_at + std::chrono::seconds(2);
  }
};

/// A record as a cleaner sees it.
struct LedgerRecord {
  std::uint64_t tag = 0;
  LedgerKey::Kind kind = LedgerKey::Kind::hashed;
  LedgerKey::Words words{};
  LedgerFacts facts;

  /// Absent if it was too long to be kept, or is damaged.
  [[nodiscard]] std::optional<Key> key() const { return LedgerKey::recover(tag, kind, words); }
};

/// What this folder's entries cost, weigh and are used, in a table shared by all processes that have the folder open.
///
/// Advisory: losing it, damaging it or racing on it changes no result, only which entry is evicted and what reports
/// say. See docs/decisions/ledger.md. Thread-safe and, where the file could be mapped, safe between processes.
class Ledger {
 public:
  struct Totals {
    std::uint64_t entries = 0;
    std::uint64_t bytes = 0;
  };

  /// Opens or makes the folder's ledger; where that cannot be done, one in memory.
  Ledger(const RootFolder& root, TemporaryFiles& temporaries);

  [[nodiscard]] std::optional<LedgerFacts> find(std::uint64_t tag);

  /// An entry was written. Uses that an earlier entry under the key has seen are kept, and its cost if the new one is
  /// unknown.
  void record_store(const LedgerKey& key, const LedgerFacts& facts);

  /// An entry was read: counts the use, adding the entry if it was not known. What is known about it from before. What
  /// was read of another program's files does not overrule a store of ours since `seen.stored_at`, when they changed.
  LedgerFacts record_hit(const LedgerKey& key, const LedgerFacts& seen);

  /// An entry was met in the folder: adds it, or corrects size, writer and expiry of what is known.
  void adopt(const LedgerKey& key, const LedgerFacts& seen);

  void forget(std::uint64_t tag);
  void clear();

  [[nodiscard]] Totals totals();
  [[nodiscard]] LedgerBacking backing() { return table().backing(); }
  [[nodiscard]] std::size_t capacity() { return table().capacity(); }

  /// Goes on with the folder's table, if that is another than the one that was opened.
  void follow_folder();

  /// Of the root when its table was opened: what was read before this was asked for belongs to no later folder.
  [[nodiscard]] std::uint32_t generation() const noexcept { return generation_.load(); }

  /// Whether it is getting full, and `renew_if_needed` should be called.
  [[nodiscard]] bool wants_renewal();

  // For the cleaner, which alone calls these at any time.

  /// The records in the next `slots` slots, continuing where the last call stopped. A call that covers the whole table
  /// also counts the totals anew, so that no error in them lasts. What a clock that was ahead put into the future was
  /// last used at `time`, from now on: it would otherwise be worth more than all else until that day comes.
  [[nodiscard]] std::vector<LedgerRecord> next_records(std::size_t slots, TimePoint time);
  /// Where the cleaner's walk through the folder continues.
  [[nodiscard]] std::uint64_t directory_position();
  void set_directory_position(std::uint64_t position);
  /// Moves to a larger table, if this one is getting full or is no longer the one in the folder.
  void renew_if_needed();

 private:
  [[nodiscard]] LedgerTable& table();
  [[nodiscard]] LedgerTable& table_of_this_tick();
  [[nodiscard]] LedgerTable& unless_superseded(LedgerTable& table);
  [[nodiscard]] LedgerTable& follow(LedgerTable& superseded);
  [[nodiscard]] std::unique_ptr<LedgerTable> open_existing(const RootFolder& folder);
  [[nodiscard]] std::unique_ptr<LedgerTable> open_or_create(const RootFolder& folder);
  [[nodiscard]] std::unique_ptr<LedgerTable> own_copy(const RootFolder& folder, const LedgerTable& shared);
  [[nodiscard]] bool is_current();
  LedgerTable& open_table();
  void grow(LedgerTable& old);
  LedgerTable& adopt_table(std::unique_ptr<LedgerTable> table);

  const RootFolder* root_;
  TemporaryFiles* temporaries_;
  std::mutex mutex_;                                  ///< for changing tables only
  std::vector<std::unique_ptr<LedgerTable>> tables_;  ///< old ones stay: some thread may still be in one. They
                                                      ///< double, or are of a folder that lost the path
  std::atomic<LedgerTable*> current_{nullptr};
  std::atomic<std::int64_t> looked_at_{0};    ///< the tick at which the table was last seen to be intact
  std::atomic<std::uint32_t> generation_{0};  ///< of the folder the table belongs to; set before the table is
};

}  // namespace neve
