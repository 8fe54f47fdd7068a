#include "dataset/columns/distinct_counter.hpp"

#include <cmath>

namespace neve::dataset {
namespace {

constexpr std::size_t kSlots = DistinctCounter::kExact * 2;

}  // namespace

void DistinctCounter::add_exactly(std::uint64_t hash) {
  if (hash == 0) {
    has_zero_ = true;
    return;
  }
  if (table_.empty()) table_.resize(kSlots);
  std::size_t slot = hash % kSlots;
  while (table_[slot] != 0) {
    if (table_[slot] == hash) return;
    slot = (slot + 1) % kSlots;
  }
  table_[slot] = hash;
  if (++size_ <= kExact) return;
  registers_.resize(std::size_t{1} << kIndexBits);
  for (const std::uint64_t known : table_) {
    if (known != 0) note(known);
  }
  if (has_zero_) note(0);
  table_ = {};
}

std::uint64_t DistinctCounter::count() const {
  if (exact()) return size_ + (has_zero_ ? 1 : 0);
  // Registers in order of their index: the same sum of doubles for the same values.
  double sum = 0;
  std::size_t zeros = 0;
  for (const std::uint8_t rank : registers_) {
    sum += std::ldexp(1.0, -static_cast<int>(rank));
    zeros += rank == 0 ? 1 : 0;
  }
  constexpr double kM = std::size_t{1} << kIndexBits;
  const double estimate = 0.7213 / (1 + 1.079 / kM) * kM * kM / sum;
  if (estimate <= 2.5 * kM && zeros > 0)
    return static_cast<std::uint64_t>(std::llround(kM * std::log(kM / static_cast<double>(zeros))));
  return static_cast<std::uint64_t>(std::llround(estimate));
}

}  // namespace neve::dataset
