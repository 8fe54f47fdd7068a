#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_set>

#include <neve/base/clock.hpp>
#include <neve/cache/disk_report.hpp>

#include "cache/disk/cleaning/eviction.hpp"
#include "cache/disk/cleaning/survey.hpp"
#include "cache/disk/entry/open_pair.hpp"
#include "cache/disk/files/deferred_close.hpp"
#include "cache/disk/files/directory_reader.hpp"
#include "cache/disk/files/root_folder.hpp"
#include "cache/disk/files/temporary_files.hpp"
#include "cache/disk/ledger/ledger.hpp"

namespace neve {

/// A full collection, in as many slices as the caller likes: first through the folder, removing what has expired and
/// what interrupted stores left; then through the ledger, which now knows everything, removing the least valuable until
/// the budget is kept. Thread-safe.
class Collection {
 public:
  Collection(const RootFolder& root, Ledger& ledger, TemporaryFiles& temporaries, DeferredClose& closer)
      : root_(&root), ledger_(&ledger), temporaries_(&temporaries), closer_(&closer) {}

  /// Continues where the last slice stopped.
  [[nodiscard]] CollectReport slice(const CollectOptions& options, const Budget& budget, TimePoint now);

 private:
  void examine(const Key& key, TimePoint now, CollectMode mode, CollectReport& report);
  void examine_whole(const FoundEntry& found, TimePoint now, CollectMode mode, CollectReport& report);
  void examine_half(const FoundEntry& found, CollectMode mode, CollectReport& report);
  void remove(const FoundEntry& found, const OpenPair& pair, RemovalReason reason, CollectMode mode,
              CollectReport& report);
  void keep_budget(const CollectOptions& options, const Budget& budget, TimePoint now, CollectReport& report);

  const RootFolder* root_;
  Ledger* ledger_;
  TemporaryFiles* temporaries_;
  DeferredClose* closer_;

  std::mutex mutex_;
  std::optional<RootFolder> folder_;         ///< absent between collections, each of which keeps to one folder
  std::unique_ptr<DirectoryReader> reader_;  ///< absent between collections
  bool folder_done_ = false;
  std::unordered_set<std::uint64_t> counted_;  ///< in a dry run: tags of entries that would be gone by now
};

}  // namespace neve
