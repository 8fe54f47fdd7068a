#pragma once

#include <mutex>
#include <set>
#include <string>

#include "pipeline/stage/stage_entry.hpp"

namespace neve {

/// The keys whose results a run has computed and stored anew because it was asked to: each is computed once.
/// Thread-safe.
class RecomputedKeys {
 public:
  void add(const std::string& key) {
    const std::lock_guard lock(mutex_);
    keys_.insert(key);
  }
  [[nodiscard]] bool contains(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    return keys_.contains(key);
  }

 private:
  mutable std::mutex mutex_;
  std::set<std::string> keys_;
};

/// Equal for equal results, warnings and artifacts included. Reads the arrays of artifacts; those of the state stand in
/// it by their digest.
[[nodiscard]] std::string fingerprint(const StoredResult& result);

}  // namespace neve
