#include "cache/disk/cleaning/eviction.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "cache/backend/retention.hpp"

namespace neve {

std::vector<std::size_t> eviction_order(const std::vector<LedgerRecord>& records, std::size_t count, TimePoint now) {
  constexpr double kWorthNothing = -std::numeric_limits<double>::infinity();
  std::vector<std::pair<double, std::size_t>> order;
  order.reserve(records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    const LedgerFacts& facts = records[i].facts;
    const double worth = retention_score({facts.compute_s, facts.hits, facts.bytes, facts.last_used});
    order.emplace_back(has_expired(facts, now) ? kWorthNothing : worth, i);
  }
  const auto middle = order.begin() + static_cast<std::ptrdiff_t>(std::min(count, order.size()));
  std::partial_sort(order.begin(), middle, order.end());
  std::vector<std::size_t> indices;
  std::transform(order.begin(), middle, std::back_inserter(indices), [](const auto& ranked) { return ranked.second; });
  return indices;
}

}  // namespace neve
