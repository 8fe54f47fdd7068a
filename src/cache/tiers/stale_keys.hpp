#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "cache/backend/key_set.hpp"

namespace neve {

/// The keys of which a tier has something older than was stored or erased. Costs nothing to ask while it is empty, as
/// it nearly always is. Of bounded size, and forgets no key: of those added to more than 100,000 others it keeps traces
/// that stay for good, and takes another key for one of them now and then, which costs a computation. Thread-safe.
class StaleKeys {
 public:
  void add(const Key& key) {
    if (keys_.size() < kMost) {
      keys_.add(key);
    } else if (!keys_.contains(key)) {
      further_.add(key);
    }
  }
  void remove(const Key& key) { keys_.remove(key); }
  [[nodiscard]] bool contains(const Key& key) { return keys_.contains(key) || further_.may_contain(key); }

 private:
  static constexpr std::size_t kMost = 100'000;  // some 20 MB

  /// A Bloom filter of 2 MB: with a million keys in it, it takes one other in 500 for one of them. Thread-safe.
  class Traces {
   public:
    void add(const Key& key) {
      const std::lock_guard lock(mutex_);
      words_.resize(kBits / kWordBits);
      for (const std::size_t bit : bits_of(key)) words_[bit / kWordBits] |= std::uint64_t{1} << bit % kWordBits;
      empty_ = false;
    }
    [[nodiscard]] bool may_contain(const Key& key) {
      if (empty_) return false;
      const std::lock_guard lock(mutex_);
      const std::array<std::size_t, 4> bits = bits_of(key);
      return std::all_of(bits.begin(), bits.end(),
                         [this](std::size_t bit) { return (words_[bit / kWordBits] >> bit % kWordBits & 1) != 0; });
    }

   private:
    static constexpr std::size_t kBits = std::size_t{1} << 24;
    static constexpr std::size_t kWordBits = 64;

    [[nodiscard]] static std::array<std::size_t, 4> bits_of(const Key& key) {
      const std::uint64_t hash = std::hash<std::string>()(key.text());
      const std::uint64_t step = hash >> 32 | 1;
      std::array<std::size_t, 4> bits{};
      for (std::size_t i = 0; i < bits.size(); ++i) bits[i] = (hash + i * step) % kBits;
      return bits;
    }

    std::atomic<bool> empty_{true};
    std::mutex mutex_;  // guards the words
    std::vector<std::uint64_t> words_;
  };

  KeySet keys_;
  Traces further_;
};

}  // namespace neve
