#pragma once

#include <cstdint>
#include <vector>

#include "cache/disk/cleaning/eviction.hpp"
#include "cache/disk/files/deferred_close.hpp"
#include "cache/disk/files/root_folder.hpp"
#include "cache/disk/ledger/ledger.hpp"

namespace neve {

/// The small slices of cleaning that stores do on the side: a few names of the folder are made known to the ledger, a
/// few of the least valuable entries go when the budget is exceeded. Thread-safe; one slice at a time among all
/// processes.
class Cleaner {
 public:
  Cleaner(const RootFolder& root, Ledger& ledger, DeferredClose& closer)
      : root_(&root), ledger_(&ledger), closer_(&closer) {}

  /// One slice at the time `now`, unless somebody else is cleaning. The entry with the tag `spared` is not evicted.
  /// `tidy`: also looks for what dead processes left in the temporary folder.
  enum class Tidy { no, yes };
  void slice(const Budget& budget, std::uint64_t spared, Tidy tidy, TimePoint now);

 private:
  [[nodiscard]] std::vector<Key> survey(const RootFolder& folder);
  void evict(const RootFolder& folder, const Budget& budget, std::uint64_t spared, const std::vector<Key>& met,
             TimePoint now);

  const RootFolder* root_;
  Ledger* ledger_;
  DeferredClose* closer_;
};

}  // namespace neve
