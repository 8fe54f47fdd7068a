#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <unordered_map>

#include <neve/dataset/dataset_store.hpp>

namespace neve::dataset {

/// Bounds what the artifacts of one dataset take. Those used least recently go first, each as a whole and in one step:
/// whoever has one of its files open reads on, and nobody finds half of one, also after a crash.
///
/// What a folder holds is counted when something is first written into it, and then after each tenth of the bound or at
/// the bound, so that other processes' artifacts count as well. Thread-safe, and safe between processes.
class ArtifactLimit {
 public:
  /// `store` outlives the object.
  ArtifactLimit(const DatasetStore& store, std::uint64_t most_bytes) : store_(store), most_bytes_(most_bytes) {}

  /// After `bytes` of artifacts were written as those of `params_hash`, which stay whatever the others take. Throws
  /// `io`.
  void written(const DatasetRecord& dataset, const std::string& params_hash, std::uint64_t bytes);

 private:
  struct Folder {
    std::uint64_t bytes = 0;    // when it was counted
    std::uint64_t written = 0;  // by this object since then
    bool counted = false;
    bool trimming = false;  // by a thread that does so now, without the mutex
  };

  [[nodiscard]] std::uint64_t trim(const DatasetRecord& dataset, const std::string& kept) const;

  const DatasetStore& store_;
  const std::uint64_t most_bytes_;
  std::mutex mutex_;  // never held while a folder is trimmed: that may wait for another dataset's replacement
  std::unordered_map<std::string, Folder> folders_;
};

}  // namespace neve::dataset
