#pragma once

#include <cstdint>
#include <vector>

namespace neve::dataset {

/// Which days of 1900 to 2099 a column has had, a bit each: the few hundred that most have stay in the innermost cache.
/// Used by one thread.
class SeenDays {
 public:
  /// False if the day, counted from 1970, is known to have come before. Days of other centuries always seem new.
  bool add(std::int32_t days) {
    const auto day = static_cast<std::uint32_t>(days + kBefore);
    if (day >= kDays) return true;
    if (bits_.empty()) bits_.resize(kDays / 64 + 1);
    std::uint64_t& word = bits_[day / 64];
    const std::uint64_t bit = std::uint64_t{1} << day % 64;
    const bool is_new = (word & bit) == 0;
    word |= bit;
    return is_new;
  }

 private:
  static constexpr std::int32_t kBefore = 25'567;  // 1900-01-01 to 1970-01-01
  static constexpr std::uint32_t kDays = 73'049;   // 1900-01-01 to 2099-12-31

  std::vector<std::uint64_t> bits_;
};

}  // namespace neve::dataset
