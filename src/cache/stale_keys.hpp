#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include <neve/key/key.hpp>

namespace neve {

/// The keys of which a tier has something older than was stored or erased. Costs nothing to ask while it is empty, as
/// it nearly always is. Of bounded size, and forgets no key: of those added to more than 100,000 others it keeps traces
/// that stay for good, and takes another key for one of them now and then, which costs a computation. Thread-safe.
class StaleKeys {
 public:
  void add(const Key& key) {
    const std::lock_guard lock(mutex_);
    if (keys_.size() < kMost || keys_.contains(key)) {
      keys_.insert(key);
    } else {
      further_.resize(kBits / 64);
      for (const std::size_t bit : bits_of(key)) further_[bit / 64] |= std::uint64_t{1} << bit % 64;
    }
    empty_ = false;
  }
  void remove(const Key& key) {
    if (empty_) return;
    const std::lock_guard lock(mutex_);
    keys_.erase(key);
    empty_ = keys_.empty() && further_.empty();
  }
  [[nodiscard]] bool contains(const Key& key) {
    if (empty_) return false;
    const std::lock_guard lock(mutex_);
    return keys_.contains(key) || is_further(key);
  }

 private:
  static constexpr std::size_t kMost = 100'000;  // some 20 MB
  // A Bloom filter of 2 MB: with a million keys in it, it takes one other in 500 for one of them.
  static constexpr std::size_t kBits = std::size_t{1} << 24;

  [[nodiscard]] static std::array<std::size_t, 4> bits_of(const Key& key) {
    const std::uint64_t hash = std::hash<std::string>()(key.text());
    const std::uint64_t step = hash >> 32 | 1;
    std::array<std::size_t, 4> bits{};
    for (std::size_t i = 0; i < bits.size(); ++i) bits[i] = (hash + i * step) % kBits;
    return bits;
  }
  [[nodiscard]] bool is_further(const Key& key) const {
    if (further_.empty()) return false;
    const auto is_set = [&](std::size_t bit) { return (further_[bit / 64] >> bit % 64 & 1) != 0; };
    const std::array<std::size_t, 4> bits = bits_of(key);
    return std::all_of(bits.begin(), bits.end(), is_set);
  }

  std::atomic<bool> empty_{true};
  std::mutex mutex_;  // guards everything below
  std::set<Key> keys_;
  std::vector<std::uint64_t> further_;
};

}  // namespace neve
