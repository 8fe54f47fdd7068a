#include "dataset/columns/distinct_counter.hpp"

#include <cmath>
#include <utility>

namespace neve::dataset {
namespace {

constexpr std::size_t kFirstSlots = 64;
constexpr std::size_t kGrowth = 8;  // in few steps, as what they leave behind is hardly of use to others
static_assert(DistinctCounter::kExact * 2 == kFirstSlots * kGrowth * kGrowth * kGrowth);

/// The slot of a hash, or the free one where it would stand. The table has a power of two of them.
std::size_t slot_of(const std::vector<std::uint64_t>& table, std::uint64_t hash) noexcept {
  const std::size_t mask = table.size() - 1;
  std::size_t slot = hash & mask;
  while (table[slot] != 0 && table[slot] != hash) slot = (slot + 1) & mask;
  return slot;
}

}  // namespace

/// Most columns have few different values, and a table may have many columns.
void DistinctCounter::grow() {
  std::vector<std::uint64_t> larger(table_.empty() ? kFirstSlots : table_.size() * kGrowth);
  for (const std::uint64_t known : table_) {
    if (known != 0) larger[slot_of(larger, known)] = known;
  }
  table_ = std::move(larger);
}

void DistinctCounter::add_exactly(std::uint64_t hash) {
  if (hash == 0) {
    has_zero_ = true;
    return;
  }
  if (table_.empty() || size_ * 2 > table_.size()) grow();
  std::uint64_t& slot = table_[slot_of(table_, hash)];
  if (slot == hash) return;
  slot = hash;
  if (++size_ <= kExact) return;
  registers_.resize(std::size_t{1} << kIndexBits);
  for (const std::uint64_t known : table_) {
    if (known != 0) note(known);
  }
  if (has_zero_) note(0);
  table_ = {};
}

void DistinctCounter::find_most_telling() noexcept {
  constexpr std::uint8_t kWorthwhile = 4;  // while more than one of 16 has to be noted, which it is cannot be predicted
  const std::uint8_t least = *std::min_element(registers_.begin(), registers_.end());
  if (least >= kWorthwhile) most_telling_ = UINT64_MAX >> least;
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
