// What every cache must do, over Redis in all its shapes, over the decorators and over chains of tiers. The
// random-operations part of the suite is left out: it turns a manual clock, which a server's own expiry does not
// follow.
#include <optional>

#include <neve/cache/guarded.hpp>
#include <neve/cache/memory_cache.hpp>
#include <neve/cache/observed.hpp>
#include <neve/cache/redis_cache.hpp>
#include <neve/cache/tiered.hpp>

#include "conformance/backend_suite.hpp"
#include "support/redis_server.hpp"

namespace neve {
namespace {

class RedisBench final : public BackendBench {
 public:
  using Wrap = std::function<std::shared_ptr<CacheBackend>(std::shared_ptr<CacheBackend>, const Clock&)>;

  RedisBench(std::string query, Wrap wrap) : query_(std::move(query)), wrap_(std::move(wrap)) {
    if (const std::size_t at = query_.find("FOLDER"); at != std::string::npos)
      query_.replace(at, 6, folder_.path().string());
    open();
  }
  CacheBackend& cache() override { return *cache_; }
  bool reopen() override {
    cache_.reset();
    open();
    return true;
  }
  void close() override { cache_.reset(); }

 private:
  void open() {
    RedisOptions options = RedisOptions::from_url(server_.url(query_));
    options.connect_timeout = options.operation_timeout = std::chrono::seconds(30);
    cache_ = wrap_(std::make_shared<RedisCache>(options, clock()), clock());
  }

  RedisServer server_;
  TemporaryFolder folder_;
  std::string query_;
  Wrap wrap_;
  std::shared_ptr<CacheBackend> cache_;
};

std::shared_ptr<CacheBackend> plain(std::shared_ptr<CacheBackend> cache, const Clock& /*clock*/) { return cache; }

std::shared_ptr<CacheBackend> decorated(std::shared_ptr<CacheBackend> cache, const Clock& /*clock*/) {
  return std::make_shared<Observed>(std::make_shared<Guarded>(std::move(cache)));
}

template <TierWrites kWrites>
std::shared_ptr<CacheBackend> behind_memory(std::shared_ptr<CacheBackend> cache, const Clock& clock) {
  MemoryCacheOptions memory;
  memory.clock = &clock;
  TieredOptions options;
  options.writes = kWrites;
  return std::make_shared<TieredCache>(std::vector<Tier>{{std::make_shared<MemoryCache>(memory)}, {std::move(cache)}},
                                       options);
}

const std::vector<BackendUnderTest> kBackends{
    {"Inline", [] { return std::make_unique<RedisBench>("?inline=64MiB", plain); }},
    {"Blobs", [] { return std::make_unique<RedisBench>("?blobs=FOLDER", plain); }},
    {"Tagged", [] { return std::make_unique<RedisBench>("?inline=64MiB&tags=yes&prefix=a:b", plain); }},
    {"Decorated", [] { return std::make_unique<RedisBench>("?inline=64MiB", decorated); }},
    {"BehindMemory", [] { return std::make_unique<RedisBench>("?inline=64MiB", behind_memory<TierWrites::through>); }},
    {"BehindMemoryLater",
     [] { return std::make_unique<RedisBench>("?inline=64MiB", behind_memory<TierWrites::background>); }},
};

INSTANTIATE_TEST_SUITE_P(Redis, BackendSuite, testing::ValuesIn(kBackends), name_of);

}  // namespace
}  // namespace neve
