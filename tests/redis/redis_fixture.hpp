#pragma once

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <neve/cache/redis_cache.hpp>

#include "cache/redis/topology/client.hpp"
#include "support/redis_server.hpp"

namespace neve {

inline Entry sample_entry(std::size_t count = 8, double first = 0.5) {
  std::vector<double> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = first + static_cast<double>(i);
  Entry entry;
  entry.meta = Json{{"answer", 42}, {"name", "fibre \xc3\xa9"}};
  entry.arrays.emplace("field", Array::from(std::move(values)));
  return entry;
}

inline bool same(const Entry& a, const Entry& b) { return a.meta == b.meta && a.arrays == b.arrays; }

/// A test with a server of its own, a cache on it, and a way to look behind the cache's back.
class RedisTest : public testing::Test {
 protected:
  [[nodiscard]] RedisOptions options(const std::string& query = {}) const {
    RedisOptions result = RedisOptions::from_url(server_.url(query));
    // Real servers on a busy machine may take their time; outages are tested with their own timeouts.
    result.connect_timeout = result.operation_timeout = std::chrono::seconds(20);
    return result;
  }
  [[nodiscard]] RedisCache cache(const std::string& query = {}) const { return RedisCache(options(query)); }

  /// What the server says to a command.
  redis::Reply ask(std::initializer_list<redis::Argument> arguments) {
    const redis::Command command(arguments);
    return std::move(redis::make_client(options())->run({&command, 1}).front());
  }

  RedisServer server_;
  const Key key_{"0a1b"};
};

}  // namespace neve
