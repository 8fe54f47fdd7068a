// What every cache must do, over Redis in all its shapes, over the decorators and over chains of tiers; and with
// NEVE_TEST_REDIS_URL over a server of the user's, under a prefix of the test's own.
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <optional>
#include <utility>

#include <neve/cache/guarded.hpp>
#include <neve/cache/memory_cache.hpp>
#include <neve/cache/observed.hpp>
#include <neve/cache/redis_cache.hpp>
#include <neve/cache/tiered.hpp>

#include "cache/redis/client.hpp"
#include "conformance/backend_suite.hpp"
#include "support/redis_server.hpp"

namespace neve {
namespace {

/// The server's own clock ticks on in milliseconds while the test turns the manual one by hours: no entry expires there
/// before it has expired here.
class ServerBench : public BackendBench {
 public:
  [[nodiscard]] std::chrono::milliseconds tick() const override { return std::chrono::hours(1); }
  [[nodiscard]] bool forgets_expired() const override { return false; }
};

class RedisBench final : public ServerBench {
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

std::shared_ptr<TieredCache> chain(std::shared_ptr<CacheBackend> cache, const Clock& clock, TierWrites writes) {
  MemoryCacheOptions memory;
  memory.clock = &clock;
  TieredOptions options;
  options.writes = writes;
  return std::make_shared<TieredCache>(std::vector<Tier>{{std::make_shared<MemoryCache>(memory)}, {std::move(cache)}},
                                       options);
}

std::shared_ptr<CacheBackend> behind_memory(std::shared_ptr<CacheBackend> cache, const Clock& clock) {
  return chain(std::move(cache), clock, TierWrites::through);
}

/// Lets every background store arrive: what the test does next depends on whether an entry was still valid when it did.
class Drained final : public CacheBackend {
 public:
  explicit Drained(std::shared_ptr<TieredCache> cache) : cache_(std::move(cache)) {}
  [[nodiscard]] std::string_view name() const noexcept override { return cache_->name(); }
  [[nodiscard]] LookupResult lookup(const Key& key, const LookupOptions& options) override {
    return cache_->lookup(key, options);
  }
  StoreResult store(const Key& key, const Entry& entry, const StoreOptions& options) override {
    StoreResult result = cache_->store(key, entry, options);
    cache_->drain();
    return result;
  }
  bool erase(const Key& key) override { return cache_->erase(key); }
  [[nodiscard]] bool contains(const Key& key) override { return cache_->contains(key); }
  [[nodiscard]] Usage usage() override { return cache_->usage(); }

 private:
  std::shared_ptr<TieredCache> cache_;
};

std::shared_ptr<CacheBackend> behind_memory_later(std::shared_ptr<CacheBackend> cache, const Clock& clock) {
  return std::make_shared<Drained>(chain(std::move(cache), clock, TierWrites::background));
}

const std::vector<BackendUnderTest> kBackends{
    {"Inline", [] { return std::make_unique<RedisBench>("?inline=64MiB", plain); }},
    {"Blobs", [] { return std::make_unique<RedisBench>("?blobs=FOLDER", plain); }},
    {"Tagged", [] { return std::make_unique<RedisBench>("?inline=64MiB&tags=yes&prefix=a:b", plain); }},
    {"Decorated", [] { return std::make_unique<RedisBench>("?inline=64MiB", decorated); }},
    {"BehindMemory", [] { return std::make_unique<RedisBench>("?inline=64MiB", behind_memory); }},
    {"BehindMemoryLater", [] { return std::make_unique<RedisBench>("?inline=64MiB", behind_memory_later); }},
};

INSTANTIATE_TEST_SUITE_P(Redis, BackendSuite, testing::ValuesIn(kBackends), name_of);
INSTANTIATE_TEST_SUITE_P(Redis, BackendModel, testing::ValuesIn(kBackends), name_of);

/// On the server that NEVE_TEST_REDIS_URL names. What is stored there goes with the test.
class UsersBench final : public ServerBench {
 public:
  UsersBench() { open(); }
  ~UsersBench() override { clear(); }
  CacheBackend& cache() override { return *cache_; }
  bool reopen() override {
    open();
    return true;
  }
  void close() override { clear(); }

 private:
  [[nodiscard]] RedisOptions options() const {
    RedisOptions options = RedisOptions::from_url(std::getenv("NEVE_TEST_REDIS_URL"));
    options.prefix = prefix_;
    options.inline_limit = std::uint64_t{64} << 20;
    options.ttl.reset();
    options.connect_timeout = options.operation_timeout = std::chrono::seconds(30);
    return options;
  }
  void open() { cache_ = std::make_shared<RedisCache>(options(), clock()); }
  void clear() {
    if (!std::exchange(cache_, nullptr)) return;
    const RedisOptions with = options();
    redis::make_client(with)->on_each_master([&](redis::Pool& server) {
      std::string cursor = "0";
      do {
        const redis::Command scan({"SCAN", cursor, "MATCH", prefix_ + ":*", "COUNT", "1000"}, 0);
        const redis::Reply slice = std::move(server.run({&scan, 1}).front());
        if (slice.items.size() != 2) return;
        cursor = slice.items[0].text();
        for (const redis::Reply& key : slice.items[1].items) {
          const redis::Command del({"DEL", key.text()});
          (void)server.run({&del, 1});
        }
      } while (cursor != "0");
    });
  }

  static std::string fresh_prefix() {
    static std::atomic<int> count{0};
    return "neve-test-" + std::to_string(::getpid()) + "-" + std::to_string(++count);
  }

  std::string prefix_ = fresh_prefix();
  std::shared_ptr<RedisCache> cache_;
};

std::vector<BackendUnderTest> users_backends() {
  if (std::getenv("NEVE_TEST_REDIS_URL") == nullptr) return {};
  return {{"OfTheUser", [] { return std::make_unique<UsersBench>(); }}};
}

INSTANTIATE_TEST_SUITE_P(UsersServer, BackendSuite, testing::ValuesIn(users_backends()), name_of);
INSTANTIATE_TEST_SUITE_P(UsersServer, BackendModel, testing::ValuesIn(users_backends()), name_of);

}  // namespace
}  // namespace neve
