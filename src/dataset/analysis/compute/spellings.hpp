#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <neve/dataset/analysis/concentration.hpp>

#include "dataset/analysis/compute/entity_names.hpp"

namespace neve::dataset {

/// Finds entities that are written alike. Keeps a hash of each name. Not thread-safe.
class Spellings {
 public:
  /// The next name in the order of their numbers.
  void add(std::string_view name);
  [[nodiscard]] std::size_t size() const noexcept { return hashes_.size(); }

  /// The same whatever the order of the names. Cost: O(n) in their number unless many are alike.
  [[nodiscard]] SimilarEntities similar(const EntityNames& names) const;

 private:
  [[nodiscard]] std::vector<std::pair<std::uint64_t, std::uint32_t>> candidates() const;

  std::vector<std::uint64_t> hashes_;  // of each name, folded and with one space for all blanks in a row
  std::string scratch_;
  std::vector<std::int32_t> letters_;
};

}  // namespace neve::dataset
