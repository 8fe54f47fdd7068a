#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <neve/base/clock.hpp>
#include <neve/cache/backend.hpp>
#include <neve/cache/collect_mode.hpp>

namespace neve {

/// What can be said about a stored entry without decoding it. A plain value.
struct EntryInfo {
  std::uint64_t json_bytes = 0;
  std::uint64_t npz_bytes = 0;
  TimePoint modified_at;  ///< of the newer file
  bool sealed = false;    ///< written by neve; false for what NumPy or phys-pipeline wrote
  bool disposable =
      false;  ///< neve's, or named by a digest: what budgets and `clear` remove; the rest may be anybody's
  std::optional<TimePoint> expires_at;
  std::string recipe;      ///< the key's ingredients as compact JSON, if they were stored
  double compute_s = 0;    ///< seconds its computation took; 0 if unknown
  std::uint64_t hits = 0;  ///< uses that the ledger has seen
  std::optional<TimePoint> last_used;
  MissReason damage = MissReason::none;  ///< `half`, `expired` or `foreign` (sealed for another key) if that is plain
                                         ///< to see; `corrupt` if the seal is unreadable
};

/// The verdict on one entry after all of it was read and checked.
struct Verification {
  MissReason reason = MissReason::none;  ///< `none`: a lookup hits
  std::string detail;
  std::uint64_t stored_bytes = 0;
};

/// What a collection may do in one call, and down to which budget it removes. A plain value.
struct CollectOptions {
  CollectMode mode = CollectMode::remove;
  std::size_t slice = 4096;  ///< at most so many names are looked at, and so many entries removed, in one call
  std::optional<std::uint64_t> budget_bytes{};  ///< instead of the cache's own budget
  std::optional<std::uint64_t> budget_files{};  ///< the same
};

/// Why a collection removed an entry.
enum class RemovalReason { expired, over_budget, leftover };
[[nodiscard]] std::string_view to_string(RemovalReason reason) noexcept;

/// One entry, or one leftover file, that a collection removed. A plain value.
struct Removal {
  Key key;
  std::uint64_t bytes = 0;
  RemovalReason reason = RemovalReason::expired;
};

/// What one slice of a collection did.
struct CollectReport {
  std::vector<Removal> removed;  ///< or would have, in a dry run
  std::uint64_t bytes_freed = 0;
  std::size_t names_seen = 0;
  std::size_t stale_temporaries = 0;
  bool complete = false;  ///< the whole folder has been seen and the budget is kept; the next call starts over
  bool busy = false;      ///< another process is cleaning: nothing was done, try again later
};

/// What a person wants to know about a cache folder when something is wrong.
struct DiskHealth {
  std::string folder;
  bool writable = false;
  std::string read_only_because;  ///< empty when writable
  std::uint32_t owner_uid = 0;
  std::string owner;  ///< name, or the number if it has none
  std::string filesystem;
  std::uint64_t free_bytes = 0;
  std::string ledger;  ///< "shared", "private copy" or "memory only"
  std::size_t ledger_capacity = 0;
  Usage usage;
  std::size_t stale_temporaries = 0;
  std::size_t quarantined_files = 0;
  std::uint64_t quarantined_bytes = 0;
};

}  // namespace neve
