#include <neve/cache/cache_report.hpp>

#include <utility>

#include <neve/cache/tiered.hpp>

namespace neve {
namespace {

TierReport report_of_tier(CacheBackend& cache) {
  TierReport report;
  CacheBackend* inner = &cache;
  if (auto* observed = dynamic_cast<Observed*>(inner)) {
    report.statistics = observed->snapshot();
    inner = &observed->backend();
  } else {
    report.statistics.backend = cache.name();
  }
  if (const auto* guarded = dynamic_cast<const Guarded*>(inner)) report.guard = guarded->snapshot();
  return report;
}

Json to_json(const GuardStatistics& guard) {
  return {{"state", to_string(guard.state)}, {"outages", guard.outages}, {"skipped", guard.skipped}};
}

}  // namespace

std::map<std::string, std::uint64_t> TierReport::errors_by_kind() const {
  std::map<std::string, std::uint64_t> errors;
  if (guard) errors = guard->errors_by_kind;
  if (statistics.errors > 0) errors["failed"] += statistics.errors;
  return errors;
}

Json TierReport::to_json() const {
  Json json = statistics.to_json();
  json["promotions"] = promotions;
  json["errors_by_kind"] = errors_by_kind();
  if (guard) {
    json["breaker"] = neve::to_json(*guard);
    if (!guard->last_error.empty()) json["last_error"] = guard->last_error;
  }
  return json;
}

CacheReport CacheReport::of(const Observed& cache) {
  CacheReport report;
  report.whole = cache.snapshot();
  auto* chain = dynamic_cast<TieredCache*>(&cache.backend());
  if (chain == nullptr) {
    TierReport only = report_of_tier(cache.backend());
    only.statistics = report.whole;
    report.tiers.push_back(std::move(only));
    return report;
  }
  const TieredStatistics statistics = chain->snapshot();
  for (std::size_t i = 0; i < chain->tiers().size(); ++i) {
    report.tiers.push_back(report_of_tier(*chain->tiers()[i].cache));
    report.tiers.back().promotions = statistics.promotions[i];
  }
  report.background_stores = statistics.background_stores;
  report.queue_full = statistics.queue_full;
  return report;
}

Json CacheReport::to_json() const {
  Json list = Json::array();
  for (const TierReport& tier : tiers) list.push_back(tier.to_json());
  Json json = whole.to_json();
  json["tiers"] = std::move(list);
  json["background_stores"] = background_stores;
  json["queue_full"] = queue_full;
  return json;
}

}  // namespace neve
