#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include <neve/codec/entry.hpp>
#include <neve/dataset/analysis/artifacts.hpp>
#include <neve/dataset/dataset_store.hpp>

namespace neve::dataset {

/// Entries whose signature, label and content have been checked, so that a backend which hands out the same memory
/// again and again, as the one in memory does, has it checked once. An entry is recognised by its metadata and by where
/// its arrays lie, which nothing else can while it is held here. Thread-safe.
class VerifiedAnswers {
 public:
  /// What was read from `entry` when it was found under `key` for this generation of `dataset`; null if it never was.
  [[nodiscard]] std::shared_ptr<const StoredArtifacts> find(std::string_view key, const DatasetRecord& dataset,
                                                            const Entry& entry);
  void add(std::string_view key, const DatasetRecord& dataset, Entry entry,
           std::shared_ptr<const StoredArtifacts> artifacts);

 private:
  struct Verified {
    DatasetRecord dataset;
    Entry entry;
    std::shared_ptr<const StoredArtifacts> artifacts;
  };

  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Verified>, std::less<>> verified_;
  std::size_t bytes_ = 0;
};

}  // namespace neve::dataset
