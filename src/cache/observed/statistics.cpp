#include <neve/cache/statistics.hpp>

#include <numeric>

namespace neve {

Json LatencySummary::to_json() const {
  Json counts = Json::array();
  for (const LatencyBucket& bucket : buckets) counts.push_back({{"up_to_s", bucket.up_to_s}, {"count", bucket.count}});
  return Json{{"count", count}, {"total_s", total_s}, {"mean_s", mean_s()}, {"max_s", max_s},
              {"p50_s", p50_s}, {"p90_s", p90_s},     {"p99_s", p99_s},     {"buckets", std::move(counts)}};
}

std::uint64_t CacheStatistics::misses() const {
  return std::accumulate(misses_by_reason.begin(), misses_by_reason.end(), std::uint64_t{0});
}

Json CacheStatistics::to_json() const {
  Json reasons = Json::object();
  for (std::size_t i = 0; i < misses_by_reason.size(); ++i) {
    if (misses_by_reason[i] != 0) reasons[std::string(to_string(static_cast<MissReason>(i)))] = misses_by_reason[i];
  }
  Json json{{"backend", backend},
            {"lookups", lookups()},
            {"hits", hits},
            {"misses", misses()},
            {"misses_by_reason", std::move(reasons)},
            {"stores", stores},
            {"declined", declined},
            {"erased", erased},
            {"errors", errors},
            {"bytes_read", bytes_read},
            {"bytes_written", bytes_written},
            {"saved_s", saved_s},
            {"hit_latency", hit.to_json()},
            {"miss_latency", miss.to_json()},
            {"store_latency", store.to_json()}};
  if (!last_error.empty()) json["last_error"] = last_error;
  if (!last_declined.empty()) json["last_declined"] = last_declined;
  return json;
}

}  // namespace neve
