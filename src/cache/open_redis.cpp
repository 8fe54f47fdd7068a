#include <neve/cache/open_redis.hpp>

#include <algorithm>
#include <string>
#include <utility>

#include <neve/base/error.hpp>

#include <neve/cache/redis_diagnosis.hpp>

#ifdef NEVE_WITH_REDIS
#include <neve/cache/redis_cache.hpp>
#include <neve/cache/redis_flight.hpp>

#include "cache/redis/topology/guard_options.hpp"
#endif

namespace neve {

bool is_redis_scheme(std::string_view scheme) noexcept {
  return std::find(kRedisSchemes.begin(), kRedisSchemes.end(), scheme) != kRedisSchemes.end();
}

#ifdef NEVE_WITH_REDIS

std::shared_ptr<CacheBackend> open_redis(std::string_view url, const Clock& clock, FailurePolicy on_failure) {
  RedisOptions redis = RedisOptions::from_url(url);
  GuardOptions guard = guard_options(redis);
  guard.on_failure = on_failure;
  return std::make_shared<Guarded>(std::make_shared<RedisCache>(std::move(redis), clock), guard);
}

std::shared_ptr<FlightControl> open_redis_flight(std::string_view url, std::shared_ptr<Guarded> guard) {
  return std::make_shared<RedisFlight>(RedisOptions::from_url(url), std::move(guard));
}

std::string redis_scope(std::string_view url) {
  RedisOptions options = RedisOptions::from_url(url);
  options.user.clear();  // each may have one of his own
  return options.description() + " " + options.prefix;
}

std::vector<Key> list_redis_keys(std::string_view url) { return RedisCache(RedisOptions::from_url(url)).keys(); }

std::optional<BlobSweep> collect_redis_blobs(std::string_view url, CollectMode mode, std::chrono::seconds grace) {
  RedisOptions options = RedisOptions::from_url(url);
  if (options.blob_folder.empty()) return std::nullopt;
  return RedisCache(std::move(options)).collect_blobs(grace, mode);
}

#else

namespace {

[[noreturn]] void refuse(std::string_view url) {
  throw Error(ErrorCode::unsupported,
              "a '" + std::string(url.substr(0, url.find(':'))) +
                  "' cache was asked for, but this neve was built without Redis; build it with the "
                  "CMake option NEVE_REDIS=ON");
}

}  // namespace

std::shared_ptr<CacheBackend> open_redis(std::string_view url, const Clock& /*clock*/, FailurePolicy /*on_failure*/) {
  refuse(url);
}

std::shared_ptr<FlightControl> open_redis_flight(std::string_view url, std::shared_ptr<Guarded> /*guard*/) {
  refuse(url);
}

std::string redis_scope(std::string_view url) { refuse(url); }

std::vector<Key> list_redis_keys(std::string_view url) { refuse(url); }

std::optional<BlobSweep> collect_redis_blobs(std::string_view url, CollectMode /*mode*/,
                                             std::chrono::seconds /*grace*/) {
  refuse(url);
}

RedisDiagnosis diagnose_redis(std::string_view url, TierAccess /*access*/) { refuse(url); }

#endif

}  // namespace neve
