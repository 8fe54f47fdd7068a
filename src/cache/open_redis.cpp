#include <neve/cache/open_redis.hpp>

#include <algorithm>
#include <array>
#include <string>

#include <neve/base/error.hpp>

#ifdef NEVE_WITH_REDIS
#include <neve/cache/guarded.hpp>
#include <neve/cache/redis_cache.hpp>
#endif

namespace neve {

bool is_redis_scheme(std::string_view scheme) noexcept {
  static constexpr std::array<std::string_view, 7> kSchemes{
      "redis", "rediss", "unix", "redis+sentinel", "rediss+sentinel", "redis+cluster", "rediss+cluster"};
  return std::find(kSchemes.begin(), kSchemes.end(), scheme) != kSchemes.end();
}

#ifdef NEVE_WITH_REDIS

std::shared_ptr<CacheBackend> open_redis(std::string_view url, const Clock& clock) {
  return std::make_shared<Guarded>(std::make_shared<RedisCache>(RedisOptions::from_url(url), clock));
}

#else

std::shared_ptr<CacheBackend> open_redis(std::string_view url, const Clock& /*clock*/) {
  throw Error(ErrorCode::unsupported,
              "a '" + std::string(url.substr(0, url.find(':'))) +
                  "' cache was asked for, but this neve was built without Redis; build it with the "
                  "CMake option NEVE_REDIS=ON");
}

#endif

}  // namespace neve
