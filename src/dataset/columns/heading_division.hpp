#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "dataset/values/int128.hpp"

namespace neve::dataset {

/// Rows of numbers that are to be divided into headings and what stands below them, by the numbers alone. A plain
/// value.
class HeadingDivision {
 public:
  using Numbers = std::vector<Int128>;

  /// Of each row as many numbers; a blank is zero. No sum of theirs may be too large for its type.
  explicit HeadingDivision(std::vector<Numbers> rows);

  /// The rows that are headings, if there is one way only in which each row is one or stands below one, and those below
  /// one come to it as often as there are levels below: `levels` is 2 where no heading has headings below it.
  [[nodiscard]] std::optional<std::vector<std::size_t>> find(std::size_t levels) const {
    return find(0, rows_.size(), levels);
  }

 private:
  [[nodiscard]] std::optional<std::vector<std::size_t>> find(std::size_t begin, std::size_t end,
                                                             std::size_t levels) const;

  std::vector<Numbers> rows_;
  std::vector<Numbers> before_;                         ///< sums of the rows before each, and of all
  std::map<Numbers, std::vector<std::size_t>> places_;  ///< where those are
};

}  // namespace neve::dataset
