#include "dataset/analysis/concentration/rank.hpp"

#include <algorithm>
#include <numeric>

#include <neve/base/error.hpp>

#include "dataset/analysis/concentration/indices.hpp"
#include "dataset/analysis/concentration/rounding.hpp"

namespace neve::dataset {
namespace {

constexpr std::size_t kHead = 10;

Int128 checked_sum(Int128 a, Int128 b) {
  Int128 sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) {
    throw Error(ErrorCode::too_large, "the sums of the entities add up beyond 38 digits; the values are too large");
  }
  return sum;
}

/// Sums in descending order and what they add up to, step by step.
struct Ranking {
  std::vector<Int128> descending;
  std::vector<Int128> cumulative;

  explicit Ranking(std::span<const Int128> sums) : descending(sums.begin(), sums.end()), cumulative(sums.size()) {
    std::sort(descending.begin(), descending.end(), std::greater<>());
    std::partial_sum(descending.begin(), descending.end(), cumulative.begin(), checked_sum);
  }

  [[nodiscard]] Int128 total() const { return cumulative.empty() ? 0 : cumulative.back(); }
  [[nodiscard]] ThresholdMeasure measure(std::size_t count) const {
    const Int128 value = cumulative[count - 1];
    return {count, sum_text(value), percent_text(value, total())};
  }
  [[nodiscard]] DecimalText ratio(std::size_t count) const {
    return percent_text(cumulative[std::min(count, cumulative.size()) - 1], total());
  }
};

constexpr std::uint64_t kWhole = 100'000'000;  // 100 % in millionths of a percent

/// The largest count of entities within the threshold, at least one: it ends before the first that would exceed it.
std::size_t within_count(const std::vector<Int128>& cumulative, Int128 limit) {
  const auto beyond = std::find_if(cumulative.begin(), cumulative.end(), [limit](Int128 sum) { return sum > limit; });
  return std::max<std::size_t>(1, static_cast<std::size_t>(beyond - cumulative.begin()));
}

std::size_t reach_count(const std::vector<Int128>& cumulative, Int128 limit) {
  const auto reached = std::find_if(cumulative.begin(), cumulative.end(), [limit](Int128 sum) { return sum >= limit; });
  return static_cast<std::size_t>(reached - cumulative.begin()) + 1;
}

ThresholdResult measures_at(const Threshold& threshold, const Ranking& ranking) {
  const auto share = static_cast<std::uint64_t>(threshold.micro_percent());
  // Sums are integers, so comparing with the exact share of the total is comparing with its floor or its ceiling.
  const Wide::Division exact = (Wide::of(magnitude(ranking.total())) * share).divide(Wide(kWhole));
  const auto floor = static_cast<Int128>(exact.quotient.low_128());
  const Int128 ceiling = exact.remainder.zero() ? floor : floor + 1;
  const Wide scaled_count = Wide(ranking.cumulative.size()) * share + Wide(kWhole - 1);
  const auto top = static_cast<std::size_t>(scaled_count.divide(Wide(kWhole)).quotient.low_128());
  return {threshold.text(), ranking.measure(within_count(ranking.cumulative, floor)),
          ranking.measure(reach_count(ranking.cumulative, ceiling)), ranking.measure(top)};
}

/// Indices of the ten largest, ties by name.
std::vector<std::size_t> largest_of(const EntitySums& entities) {
  std::vector<std::size_t> order(entities.sums.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto before = [&entities](std::size_t a, std::size_t b) {
    if (entities.sums[a] != entities.sums[b]) return entities.sums[a] > entities.sums[b];
    return entities.name_of(a) < entities.name_of(b);  // UTF-8 bytes sort as code points do
  };
  const auto end = order.begin() + static_cast<std::ptrdiff_t>(std::min(kHead, order.size()));
  std::partial_sort(order.begin(), end, order.end(), before);
  order.erase(end, order.end());
  return order;
}

std::vector<RankedEntity> head_of(const EntitySums& entities, Int128 total) {
  std::vector<RankedEntity> head;
  Int128 cumulative = 0;
  for (const std::size_t index : largest_of(entities)) {
    const Int128 sum = entities.sums[index];
    cumulative += sum;
    head.push_back({std::string(entities.name_of(index)), sum_text(sum), percent_text(sum, total),
                    percent_text(cumulative, total)});
  }
  return head;
}

}  // namespace

PeriodConcentration rank_entities(std::string period, const EntitySums& entities,
                                  std::span<const Threshold> thresholds) {
  const Ranking ranking(entities.sums);
  const Int128 total = ranking.total();
  PeriodConcentration result;
  result.period = std::move(period);
  result.entities = entities.sums.size();
  result.total = sum_text(total);
  if (total <= 0) {
    result.reason = "non_positive_total";
    return result;
  }
  PeriodMeasures measures;
  for (const Threshold& threshold : thresholds) measures.thresholds.push_back(measures_at(threshold, ranking));
  measures.ratios = {ranking.ratio(1), ranking.ratio(3), ranking.ratio(5), ranking.ratio(10)};
  measures.head = head_of(entities, total);
  if (ranking.descending.back() < 0) {
    measures.indices_reason = "negative_entity_totals";
  } else {
    measures.indices = indices_of(ranking.descending, total);
  }
  result.measures = std::move(measures);
  return result;
}

}  // namespace neve::dataset
