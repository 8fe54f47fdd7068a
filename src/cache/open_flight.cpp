#include <neve/cache/open_flight.hpp>

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <neve/base/error.hpp>
#include <neve/base/url.hpp>
#include <neve/cache/open_redis.hpp>
#include <neve/cache/tier_url.hpp>

namespace neve {
namespace {

[[noreturn]] void refuse(const std::string& message) { throw Error(ErrorCode::invalid_argument, message); }

/// What names the place that processes share, or nothing if it is this process's own.
std::string scope_of(const TierUrl& tier) {
  if (is_redis_scheme(tier.scheme())) return redis_scope(tier.url);
  if (tier.scheme() != "disk") return {};
  std::error_code none;
  const std::filesystem::path root = Url::parse(tier.url).path;
  const std::filesystem::path whole = std::filesystem::weakly_canonical(root, none);
  return "disk:" + (none ? root : whole).string();
}

std::string farthest_scope(const std::vector<TierUrl>& tiers) {
  std::string scope;
  for (const TierUrl& tier : tiers) {
    if (std::string here = scope_of(tier); !here.empty()) scope = std::move(here);
  }
  return scope;
}

/// The guard of the tier at `position`, or null.
std::shared_ptr<Guarded> guard_of(const Observed& cache, std::size_t position) {
  std::shared_ptr<CacheBackend> tier = cache.shared_backend();
  if (const auto* chain = dynamic_cast<const TieredCache*>(tier.get())) tier = chain->tiers().at(position).cache;
  if (const auto* observed = dynamic_cast<const Observed*>(tier.get())) tier = observed->shared_backend();
  return std::dynamic_pointer_cast<Guarded>(tier);
}

std::shared_ptr<FlightControl> shared_flight(const std::vector<TierUrl>& tiers, const Observed& cache) {
  for (std::size_t i = tiers.size(); i-- > 0;) {
    if (is_redis_scheme(tiers[i].scheme()) && tiers[i].access == TierAccess::read_write) {
      return open_redis_flight(tiers[i].url, guard_of(cache, i));
    }
  }
  refuse(
      "'flight=shared' lets hosts agree through Redis on who computes what; name a redis:// tier that may be written "
      "to, or use 'flight=local'");
}

}  // namespace

std::shared_ptr<FlightControl> open_flight(std::string_view urls, const Observed& cache,
                                           std::optional<FlightReach> reach) {
  const std::vector<TierUrl> tiers = split_tiers(urls);
  for (const TierUrl& tier : tiers) {
    if (!reach) reach = tier.flight;
  }
  const std::string scope = farthest_scope(tiers);
  if (reach == FlightReach::shared) {
    return std::make_shared<JointFlight>(
        std::vector<std::shared_ptr<FlightControl>>{std::make_shared<HostFlight>(scope), shared_flight(tiers, cache)});
  }
  if (reach == FlightReach::off || scope.empty()) return nullptr;
  return std::make_shared<HostFlight>(scope);
}

}  // namespace neve
