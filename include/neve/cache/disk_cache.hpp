#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <neve/base/clock.hpp>
#include <neve/base/file.hpp>
#include <neve/cache/backend.hpp>
#include <neve/cache/disk_report.hpp>

namespace neve {

class EntryNames;
class LedgerKey;
class RootFolder;
struct EntryRead;
struct LedgerFacts;
struct RecentEntry;

/// Whether a cache may change its folder. Never leaves the process.
enum class FolderAccess { read_write, read_only };

/// What a cache does when another folder has taken its folder's path. Never leaves the process.
enum class WhenMoved {
  follow,  ///< goes on with that folder
  stay,    ///< keeps to the one it has open: for who looks first and acts on what was seen, as `neve rm --all` does
};

/// Where a disk cache keeps its entries, how, and how much of them. A plain value.
struct DiskCacheOptions {
  std::filesystem::path root = ".neve";
  FolderAccess access = FolderAccess::read_write;
  WhenMoved when_moved = WhenMoved::follow;
  std::optional<std::uint64_t> budget_bytes{};     ///< absent: as much as the disk holds
  std::optional<std::uint64_t> budget_files{};     ///< every entry is two files
  std::optional<std::chrono::milliseconds> ttl{};  ///< for stores that name no expiry; absent: never
  /// An entry whose arrays, decoded, need more than this and more than its file has is a miss of reason `unsupported`:
  /// a small file may inflate to a thousand times its size. The same for metadata, whose tree may take thirty times
  /// their text. Absent: half of `usable_memory()`.
  std::optional<std::uint64_t> decoded_bytes{};
  /// Memory for entries that are looked up repeatedly: while their files are unchanged they are not read again.
  /// One of more than an eighth of it is not kept, unless as a mapping. 0: every lookup reads.
  std::uint64_t recent_bytes = std::uint64_t{16} << 20;
  Durability durability = Durability::none;
  Compression compression = Compression::adaptive;
  Placement placement =
      Placement::owned;                   ///< `mapped`: large entries are mapped even if the lookup does not ask for it
  const Clock* clock = &Clock::system();  ///< must outlive the cache
};

/// A walk over the keys in a folder, a batch at a time. Keys stored or removed meanwhile may or may not be met. Not
/// thread-safe; stays usable after the cache is gone.
class KeyWalk {
 public:
  struct State;
  /// DiskCache::walk makes these.
  explicit KeyWalk(std::unique_ptr<State> state);
  ~KeyWalk();
  KeyWalk(KeyWalk&&) noexcept;
  KeyWalk& operator=(KeyWalk&&) noexcept;

  /// Up to `limit` keys, in no order; empty at the end. A key with only one of its files is met once, like any other.
  [[nodiscard]] std::vector<Key> next(std::size_t limit);

 private:
  std::unique_ptr<State> state_;
};

/// Entries as pairs of files in one flat folder, `{key}.json` and `{key}.npz`, that phys-pipeline reads and writes too
/// (contract C1).
///
/// How it works:
///  1. A store writes both files under temporary names in `.neve/tmp` and renames them: npz first, json last. The json
///     is the commit mark; the npz's seal names the digest of its json, so halves of two stores never pass for an
///     entry.
///  2. A lookup opens json, then npz, decodes and verifies both. What is damaged is a miss; if neve wrote it, it is
///     moved to `.neve/quarantine`, which keeps the last few. From the second lookup on the entry is kept, and the
///     files are only looked at for whether they have changed (docs/decisions/entries-not-read-again.md).
///  3. Files that are replaced or removed are freed by a background thread: freeing takes longer than storing.
///  4. `.neve/ledger` is a table shared by all processes of what entries cost, weigh and are used. It is a hint and
///     nothing more.
///  5. When a budget is exceeded, or every 128th store, the storing thread does one bounded slice of cleaning, if no
///     other process is at it: entries with the fewest seconds saved per byte go first. Nothing is scanned when the
///     folder is opened.
///  6. When another folder has taken the path (a backup put back, a link repointed), the cache goes on with that one
///     at the next lookup or store a second later, and at a miss or a store at once if the open folder was removed.
///  7. Links to entries and to the folder itself are followed; none is inside `.neve`, where what is written and
///     removed would be somewhere else. A folder with a link there is used read-only.
///
/// Under a limit of file sizes (RLIMIT_FSIZE, as batch systems set it) a store is declined with an error only where the
/// program ignores SIGXFSZ, as the command and Python do; otherwise the kernel ends the program.
///
/// Any number of processes and threads may use a folder at once. Thread-safe.
class DiskCache final : public CacheBackend {
 public:
  /// Opens the folder, making it if need be. A folder that cannot be written is used read-only: lookups work, stores
  /// are declined. Throws `invalid_argument` if something other than a folder is in the way or a read-only cache does
  /// not exist, `io` if the folder cannot be made or opened.
  explicit DiskCache(const DiskCacheOptions& options);
  /// Waits until the files this cache replaced or removed are freed.
  ~DiskCache() override;

  [[nodiscard]] std::string_view name() const noexcept override { return "disk"; }

  /// Never throws for a file it cannot read: that is a miss with reason `unavailable`. Entries are decoded into memory
  /// of their own; mapped placement applies from 4 MB on.
  [[nodiscard]] LookupResult lookup(const Key& key, const LookupOptions& options) override;

  /// Declined: a read-only folder, an entry larger than the budget. Throws `io` when the disk is full or fails, unless
  /// the very same entry is there already; what was stored before is then still there.
  StoreResult store(const Key& key, const Entry& entry, const StoreOptions& options) override;
  /// Replaces the npz file alone, and only if it is still the one that was read: a store or an erase by anybody in
  /// between wins. A copy from a farther tier that is half there, with the expiry of before, gets a few moments to
  /// become whole and is removed else. Throws `unavailable` if the folder is read-only.
  bool touch(const Key& key, std::optional<TimePoint> expires_at) override;
  bool erase(const Key& key) override;
  [[nodiscard]] bool contains(const Key& key) override;
  [[nodiscard]] Presence presence(const Key& key) override;
  /// Of an entry of at most 64 KiB also whether it is the same one.
  [[nodiscard]] bool still_has(const Key& key, const LookupResult& found) override;

  /// Exact for folders of up to 2,000 files; beyond, what the ledger has counted.
  [[nodiscard]] Usage usage() override;

  [[nodiscard]] const DiskCacheOptions& options() const noexcept { return options_; }

  [[nodiscard]] KeyWalk walk() const;
  /// Nothing if there is neither file. Reads little: the seal, not the arrays.
  [[nodiscard]] std::optional<EntryInfo> inspect(const Key& key);
  /// Reads and checks all of the entry; removes and moves nothing. Looks again before it calls damaged what somebody
  /// may just be storing.
  [[nodiscard]] Verification verify(const Key& key);

  /// One slice of a full collection: expired entries, leftovers of interrupted stores, and what exceeds the budget.
  /// Call until `complete`; then the room of what was removed is free. Throws `unavailable` if the folder is read-only.
  CollectReport collect(const CollectOptions& options);

  /// Removes every entry that is disposable (see `EntryInfo`); the number of files. Other files stay. Throws
  /// `unavailable` if the folder is read-only.
  std::uint64_t clear();

  /// Removes the damaged entries that were put aside; the number of files. Throws `unavailable` if the folder is
  /// read-only.
  std::uint64_t clear_quarantine();

  [[nodiscard]] DiskHealth doctor();

  /// Returns when the files replaced or removed so far are freed. For measurements and tests.
  void drain();

 private:
  class Parts;
  struct Look;

  [[nodiscard]] Look look_at(const RootFolder& folder, const Key& key);
  [[nodiscard]] std::optional<LookupResult> again(const RecentEntry& kept, const LedgerKey& key, TimePoint now);
  [[nodiscard]] std::optional<LookupResult> missed(const EntryNames& names, EntryRead& read, std::uint64_t tag);
  [[nodiscard]] LookupResult expired(const EntryNames& names, const EntryRead& read, std::uint64_t tag);
  [[nodiscard]] LookupResult hit(EntryRead& read, const LedgerKey& key, const LedgerFacts& seen);
  void forget_replaced(const Key& key) noexcept;
  [[nodiscard]] bool half_replaced(const EntryRead& read, std::uint64_t tag);
  void put_aside(const EntryNames& names, const EntryRead& read, std::uint64_t tag);
  [[nodiscard]] std::uint64_t bytes_if_there(const Key& key, const Entry& entry,
                                             const std::optional<TimePoint>& expires_at);
  [[nodiscard]] std::uint64_t write(const Key& key, const Entry& entry, const EntrySeal& seal);
  [[nodiscard]] std::optional<std::uint64_t> write_copy(const Key& key, const Entry& entry, const EntrySeal& seal,
                                                        const std::function<bool()>& still_there);
  [[nodiscard]] EntryRead read_to_touch(const Key& key, const EntryNames& names);
  void clean_up_after(std::uint64_t stored_tag);

  DiskCacheOptions options_;
  std::unique_ptr<Parts> parts_;
};

}  // namespace neve
