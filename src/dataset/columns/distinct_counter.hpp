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
    std::uint8_t& rank = registers_[hash >> (64 - kIndexBits)];
    const auto zeros = std::countl_zero((hash << kIndexBits) | (std::uint64_t{1} << (kIndexBits - 1)));
    rank = std::max(rank, static_cast<std::uint8_t>(zeros + 1));
  }

  std::uint64_t last_ = 0;
  bool any_ = false;
  std::size_t size_ = 0;
  bool has_zero_ = false;
  std::vector<std::uint64_t> table_;  ///< open addressing; 0: free
  std::vector<std::uint8_t> registers_;
};

/// A well-mixed hash of an integer (the finaliser of SplitMix64; S. Vigna).
[[nodiscard]] constexpr std::uint64_t mixed(std::uint64_t value) noexcept {
  value += 0x9E3779B97F4A7C15U;
  value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9U;
  value = (value ^ (value >> 27U)) * 0x94D049BB133111EBU;
  return value ^ (value >> 31U);
}

}  // namespace neve::dataset
