#pragma once

#include <neve/cache/guarded.hpp>
#include <neve/cache/redis_options.hpp>

namespace neve {

/// What counts as slow is measured by the timeout and the rate: who allows a distant server two seconds does not want
/// it dropped for taking a tenth of one.
[[nodiscard]] inline GuardOptions guard_options(const RedisOptions& redis) {
  GuardOptions options;
  options.slow = redis.operation_timeout / 2;
  options.rate = redis.minimum_rate;
  options.patience = redis.operation_timeout * 3 / 2;
  return options;
}

}  // namespace neve
