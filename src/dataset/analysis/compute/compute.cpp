#include <neve/dataset/analysis/compute.hpp>

#include <algorithm>
#include <utility>

#include <neve/base/error.hpp>

#include "dataset/analysis/compute/grouped_sums.hpp"
#include "dataset/analysis/compute/period.hpp"
#include "dataset/analysis/concentration/rank.hpp"

namespace neve::dataset {
namespace {

constexpr std::uint32_t kUnseen = ~std::uint32_t{0};

void stop_if(const std::stop_token& stop) {
  if (stop.stop_requested()) throw Error(ErrorCode::cancelled, "the analysis was stopped before it was done");
}

/// Adds groups up by entity and ranks them, one period after another with the same memory.
class PeriodRanker {
 public:
  PeriodRanker(const EntityNames& names, std::span<const Threshold> thresholds)
      : names_(names), thresholds_(thresholds), position_(names.size(), kUnseen) {}

  PeriodConcentration rank(std::string period, std::span<const GroupedSum> groups) {
    entities_.clear();
    sums_.clear();
    for (const GroupedSum& group : groups) add(group);
    const EntitySums sums{sums_, [this](std::size_t i) { return names_.name(entities_[i]); }};
    PeriodConcentration result = rank_entities(std::move(period), sums, thresholds_);
    for (const std::uint32_t entity : entities_) position_[entity] = kUnseen;
    return result;
  }

 private:
  void add(const GroupedSum& group) {
    std::uint32_t& position = position_[group.entity];
    if (position == kUnseen) {
      position = static_cast<std::uint32_t>(entities_.size());
      entities_.push_back(group.entity);
      sums_.push_back(group.sum);
    } else if (__builtin_add_overflow(sums_[position], group.sum, &sums_[position])) {
      throw Error(ErrorCode::too_large, "the sum of '" + std::string(names_.name(group.entity)) +
                                            "' has more than 38 digits; the values are too large");
    }
  }

  const EntityNames& names_;
  std::span<const Threshold> thresholds_;
  std::vector<std::uint32_t> position_;  // of an entity in the two below
  std::vector<std::uint32_t> entities_;
  std::vector<Int128> sums_;
};

}  // namespace

ConcentrationResult compute_concentration(const std::filesystem::path& parquet, const Schema& schema,
                                          const ConcentrationParams& params, const ComputeLimits& limits,
                                          const std::stop_token& stop) {
  GroupedSums grouped = group_and_sum(parquet, schema, params, limits, stop);
  std::sort(grouped.groups.begin(), grouped.groups.end(),
            [](const GroupedSum& a, const GroupedSum& b) { return a.period < b.period; });
  ConcentrationResult result;
  result.grain = params.grain;
  for (const Threshold& threshold : params.thresholds) result.thresholds.push_back(threshold.text());
  result.rows_without_value = grouped.rows_without_value;
  result.rows_without_entity = grouped.rows_without_entity;
  result.rows_without_period = grouped.rows_without_period;
  result.similar = std::move(grouped.similar);
  PeriodRanker ranker(grouped.names, params.thresholds);
  for (auto first = grouped.groups.begin(); first != grouped.groups.end();) {
    stop_if(stop);
    const auto last = std::find_if(first, grouped.groups.end(),
                                   [first](const GroupedSum& group) { return group.period != first->period; });
    if (first->period) {
      result.by_period.push_back(ranker.rank(period_key(*first->period, params.grain), {first, last}));
    }
    first = last;
  }
  stop_if(stop);
  result.total = ranker.rank(std::string(kTotalPeriod), grouped.groups);
  return result;
}

}  // namespace neve::dataset
