#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <set>

#include <neve/key/key.hpp>

namespace neve {

/// A set of keys that costs nothing to ask while it is empty, as it nearly always is. Thread-safe.
class KeySet {
 public:
  void add(const Key& key) {
    const std::lock_guard lock(mutex_);
    keys_.insert(key);
    size_ = keys_.size();
  }
  void remove(const Key& key) {
    if (size_ == 0) return;
    const std::lock_guard lock(mutex_);
    keys_.erase(key);
    size_ = keys_.size();
  }
  [[nodiscard]] bool contains(const Key& key) {
    if (size_ == 0) return false;
    const std::lock_guard lock(mutex_);
    return keys_.contains(key);
  }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  std::atomic<std::size_t> size_{0};
  std::mutex mutex_;
  std::set<Key> keys_;
};

}  // namespace neve
