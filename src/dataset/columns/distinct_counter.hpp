#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <vector>

namespace neve::dataset {

/// Counts different values by their 64-bit hashes: exactly up to `kExact` of them, then by HyperLogLog with 2^14
/// registers (P. Flajolet et al., AOFA 2007; standard error 0.8 %). The order of values does not matter. Used by one
/// thread.
class DistinctCounter {
 public:
  static constexpr std::size_t kExact = 16384;

  void add(std::uint64_t hash) {
    if (any_ && hash == last_) return;  // sorted and constant columns
    any_ = true;
    last_ = hash;
    if (registers_.empty()) {
      if (hash != 0 && !table_.empty() && table_[hash & (table_.size() - 1)] == hash) return;  // most are there already
      add_exactly(hash);
    } else {
      note(hash);
    }
  }

  [[nodiscard]] bool exact() const noexcept { return registers_.empty(); }
  [[nodiscard]] std::uint64_t count() const;

 private:
  static constexpr unsigned kIndexBits = 14;

  void add_exactly(std::uint64_t hash);
  void grow();
  void note(std::uint64_t hash) noexcept {
    const std::uint64_t rest = (hash << kIndexBits) | (std::uint64_t{1} << (kIndexBits - 1));
    if (rest > most_telling_) return;  // nearly all of them, when there are many
    std::uint8_t& rank = registers_[hash >> (64 - kIndexBits)];
    rank = std::max(rank, static_cast<std::uint8_t>(std::countl_zero(rest) + 1));
    if (++noted_ % (std::size_t{1} << kIndexBits) == 0) find_most_telling();
  }
  void find_most_telling() noexcept;

  std::uint64_t last_ = 0;
  bool any_ = false;
  std::size_t size_ = 0;
  bool has_zero_ = false;
  std::vector<std::uint64_t> table_;  ///< open addressing; 0: free
  std::vector<std::uint8_t> registers_;
  std::uint64_t noted_ = 0;                  ///< in them
  std::uint64_t most_telling_ = UINT64_MAX;  ///< beyond it the rank is one that every register has reached
};

/// A well-mixed hash of an integer (the finaliser of SplitMix64; S. Vigna).
[[nodiscard]] constexpr std::uint64_t mixed(std::uint64_t value) noexcept {
  value += 0x9E3779B97F4A7C15U;
  value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9U;
  value = (value ^ (value >> 27U)) * 0x94D049BB133111EBU;
  return value ^ (value >> 31U);
}

}  // namespace neve::dataset
