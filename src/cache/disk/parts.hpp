#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

#include <neve/base/error.hpp>
#include <neve/cache/disk_cache.hpp>

#include "cache/backend/decoded_limit.hpp"
#include "cache/disk/cleaning/cleaner.hpp"
#include "cache/disk/cleaning/collection.hpp"
#include "cache/disk/cleaning/quarantine.hpp"
#include "cache/disk/entry/entry_reader.hpp"
#include "cache/disk/entry/entry_writer.hpp"
#include "cache/disk/entry/recent_entries.hpp"
#include "cache/disk/files/deferred_close.hpp"
#include "cache/disk/files/root_folder.hpp"
#include "cache/disk/files/temporary_files.hpp"
#include "cache/disk/ledger/ledger.hpp"

namespace neve {

/// Between looks at an entry that may be in the making.
inline constexpr std::array kPausesToFinish{std::chrono::milliseconds(1), std::chrono::milliseconds(5),
                                            std::chrono::milliseconds(25)};

/// What a disk cache is made of, in the order in which it is built; taken down in reverse.
class DiskCache::Parts {
 public:
  explicit Parts(const DiskCacheOptions& options)
      : root(RootFolder::open(options.root, options.access, options.when_moved)),
        temporaries(root),
        ledger(root, temporaries),
        writer(root, temporaries, closer, options),
        quarantine(root),
        recent(root, options.recent_bytes, change_sign),
        cleaner(root, ledger, closer),
        collection(root, ledger, temporaries, closer),
        decoded_bytes_(options.decoded_bytes) {}

  /// Reads the entry from `folder` within the bounds of this cache.
  [[nodiscard]] EntryRead read(const RootFolder& folder, const Key& key, Placement placement) const {
    return read_entry(folder, key, EntryNames(key), placement, decoded_bytes_.value_or(half_of_memory()));
  }

  /// Throws `unavailable`, with the reason, where nothing may be changed.
  void require_writable() const {
    if (!root.writable()) throw Error(ErrorCode::unavailable, root.read_only_because());
  }

  /// Goes on with the folder that has the root's path by now; true if that is another than the one that was open.
  bool follow(TimePoint now) { return root.follow(now) && let_all_follow(); }
  /// The same, without a call of the kernel before a second is over.
  bool follow_if_due(TimePoint now) { return root.follow_if_due(now) && let_all_follow(); }

  RootFolder root;
  TemporaryFiles temporaries;
  DeferredClose closer;
  Ledger ledger;
  EntryWriter writer;
  Quarantine quarantine;
  RecentEntries recent;
  Cleaner cleaner;
  Collection collection;
  std::atomic<std::uint64_t> stores{0};

 private:
  bool let_all_follow() {
    ledger.follow_folder();
    recent.forget_all();  // it would not be found, and holds files of the former folder
    return true;
  }

  const std::optional<std::uint64_t> decoded_bytes_;
};

/// The budget that `options` set.
[[nodiscard]] Budget budget_of(const DiskCacheOptions& options);

}  // namespace neve
