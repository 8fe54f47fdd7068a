#include "dataset/columns/heading_division.hpp"

#include <algorithm>
#include <utility>

namespace neve::dataset {
namespace {

constexpr std::size_t kMostPlaces = 64;  // where one heading may end: more tell nothing

}  // namespace

HeadingDivision::HeadingDivision(std::vector<Numbers> rows) : rows_(std::move(rows)) {
  Numbers sum(rows_.empty() ? 0 : rows_.front().size());
  for (std::size_t i = 0; i <= rows_.size(); ++i) {
    places_[sum].push_back(i);
    before_.push_back(sum);
    for (std::size_t k = 0; i < rows_.size() && k < sum.size(); ++k) sum[k] += rows_[i][k];
  }
}

std::optional<std::vector<std::size_t>> HeadingDivision::find(std::size_t begin, std::size_t end,
                                                              std::size_t levels) const {
  std::vector<int> ways(end - begin + 1);  // to divide the rows from here on: none, one, more
  std::vector<std::size_t> next(end - begin + 1);
  std::map<std::size_t, std::vector<std::size_t>> below;
  ways[end - begin] = 1;
  for (std::size_t i = end; i-- > begin;) {
    Numbers target = before_[i + 1];
    for (std::size_t k = 0; k < target.size(); ++k) target[k] += rows_[i][k] * static_cast<Int128>(levels - 1);
    const auto found = places_.find(target);
    if (found == places_.end() || found->second.size() > kMostPlaces) continue;
    for (const std::size_t stop : found->second) {
      if (stop < i + 2 || stop > end || ways[stop - begin] == 0) continue;
      std::vector<std::size_t> deeper;
      if (levels > 2) {
        auto inner = find(i + 1, stop, levels - 1);
        if (!inner) continue;
        deeper = *std::move(inner);
      }
      ways[i - begin] = std::min(2, ways[i - begin] + ways[stop - begin]);
      next[i - begin] = stop;
      below[i] = std::move(deeper);
    }
  }
  if (ways[0] != 1) return std::nullopt;
  std::vector<std::size_t> headings;
  for (std::size_t i = begin; i < end; i = next[i - begin]) {
    headings.push_back(i);
    headings.insert(headings.end(), below[i].begin(), below[i].end());
  }
  return headings;
}

}  // namespace neve::dataset
