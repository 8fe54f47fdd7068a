#include <neve/cache/open_flight.hpp>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

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
  if (::access(root.c_str(), F_OK) == 0 && ::access(root.c_str(), W_OK) != 0) return {};  // read only, like it or not
  const std::filesystem::path whole = std::filesystem::weakly_canonical(root, none);
  return "disk:" + (none ? root : whole).string();
}

/// The guard of the tier at `position`, or null.
std::shared_ptr<Guarded> guard_of(const Observed& cache, std::size_t position) {
  std::shared_ptr<CacheBackend> tier = cache.shared_backend();
  if (const auto* chain = dynamic_cast<const TieredCache*>(tier.get())) tier = chain->tiers().at(position).cache;
  if (const auto* observed = dynamic_cast<const Observed*>(tier.get())) tier = observed->shared_backend();
  return std::dynamic_pointer_cast<Guarded>(tier);
}

/// Agrees with the processes of this host that would find what this one stores: those that share a tier it may write to
/// and that is not away. Others would wait for a result that never reaches them.
class HostTiersFlight final : public FlightControl {
 public:
  HostTiersFlight(const std::vector<TierUrl>& tiers, const Observed& cache) {
    std::map<std::string, std::shared_ptr<Guarded>> scopes;  // in one order for all, so that no two wait for each other
    for (std::size_t i = 0; i < tiers.size(); ++i) {
      const std::string scope = tiers[i].access == TierAccess::read_write ? scope_of(tiers[i]) : "";
      if (!scope.empty()) scopes.emplace(scope, guard_of(cache, i));
    }
    for (auto& [scope, guard] : scopes) tiers_.push_back({std::make_shared<HostFlight>(scope), std::move(guard)});
  }

  [[nodiscard]] bool empty() const { return tiers_.empty(); }

  [[nodiscard]] std::unique_ptr<FlightLease> try_acquire(const Key& key) override { return present().try_acquire(key); }
  [[nodiscard]] std::unique_ptr<LeaseWatch> watch(const Key& key) override { return present().watch(key); }

 private:
  [[nodiscard]] JointFlight present() const {
    std::vector<std::shared_ptr<FlightControl>> present;
    for (const auto& [flight, guard] : tiers_) {
      if (!guard || guard->available()) present.push_back(flight);
    }
    return JointFlight(std::move(present));
  }

  struct SharedTier {
    std::shared_ptr<HostFlight> flight;
    std::shared_ptr<Guarded> guard;  // null for what is never away
  };
  std::vector<SharedTier> tiers_;
};

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
  std::optional<FlightReach> said;
  for (const TierUrl& tier : tiers) {
    if (tier.flight && said && tier.flight != said) refuse("two tiers of a cache URL want different 'flight'");
    if (tier.flight) said = tier.flight;
  }
  if (!reach) reach = said;
  auto host = std::make_shared<HostTiersFlight>(tiers, cache);
  if (reach == FlightReach::shared) {
    return std::make_shared<JointFlight>(
        std::vector<std::shared_ptr<FlightControl>>{std::move(host), shared_flight(tiers, cache)});
  }
  if (reach == FlightReach::off || host->empty()) return nullptr;
  return host;
}

}  // namespace neve
