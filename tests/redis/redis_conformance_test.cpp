// What every cache must do, over Redis in all its shapes, over the decorators and over chains of tiers; and with
// NEVE_TEST_REDIS_URL over a server of the user's, under a prefix of the test's own.
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include <neve/cache/disk_cache.hpp>
#include <neve/cache/memory_cache.hpp>
#include <neve/cache/observed.hpp>
#include <neve/cache/redis_cache.hpp>
#include <neve/cache/tiered.hpp>

#include "cache/redis/topology/client.hpp"
#include "conformance/backend_suite.hpp"
#include "conformance/drained.hpp"
#include "support/redis_cluster.hpp"
#include "support/redis_server.hpp"
#include "support/redis_tls_server.hpp"

namespace neve {
namespace {

/// The server's own clock ticks on in milliseconds while the test turns the manual one by hours: no entry expires there
/// before it has expired here.
class ServerBench : public BackendBench {
 public:
  [[nodiscard]] std::chrono::milliseconds tick() const override { return std::chrono::hours(1); }
  [[nodiscard]] bool forgets_expired() const override { return false; }
};

/// What is put around a Redis cache; the folder is for what has files.
using Wrap = std::function<std::shared_ptr<CacheBackend>(std::shared_ptr<CacheBackend>, const Clock&,
                                                         const std::filesystem::path&)>;

/// A cache on a server that all benches share, each under a prefix of its own. What is stored there goes with the test.
class RedisBench final : public ServerBench {
 public:
  RedisBench(RedisOptions options, Wrap wrap) : options_(std::move(options)), wrap_(std::move(wrap)) {
    static std::atomic<int> count{0};
    options_.prefix = "neve:test-" + std::to_string(::getpid()) + "-" + std::to_string(++count);
    options_.ttl.reset();
    options_.connect_timeout = options_.operation_timeout = std::chrono::seconds(30);
    if (!options_.blob_folder.empty()) options_.blob_folder = folder_.path() / "blobs";
    open();
  }
  ~RedisBench() override { clear(); }
  CacheBackend& cache() override { return *cache_; }
  bool reopen() override {
    cache_.reset();
    open();
    return true;
  }
  void close() override { clear(); }
  [[nodiscard]] bool asks_for_source() const override {
    return dynamic_cast<const RedisCache*>(cache_.get()) != nullptr;
  }

 private:
  void open() { cache_ = wrap_(std::make_shared<RedisCache>(options_, clock()), clock(), folder_.path() / "near"); }
  void clear() {
    if (!std::exchange(cache_, nullptr)) return;
    redis::make_client(options_)->on_each_master([&](redis::Pool& server) {
      std::string cursor = "0";
      do {
        const redis::Command scan({"SCAN", cursor, "MATCH", options_.prefix + ":*", "COUNT", "1000"}, 0);
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

  RedisOptions options_;
  TemporaryFolder folder_;
  Wrap wrap_;
  std::shared_ptr<CacheBackend> cache_;
};

std::string at_standalone(const std::string& query) {
  static const RedisServer server;
  return server.url(query);
}

std::string at_tls(const std::string& query) {
  static const RedisTlsServer server;
  return server.url("localhost", server.ca() + server.client() + query);
}

std::string at_cluster(const std::string& query) {
  static const RedisCluster cluster;
  return cluster.url(query);
}

std::string at_sentinel(const std::string& query) {
  static const RedisServer master;
  static const RedisServer sentinel({"sentinel monitor mymaster 127.0.0.1 " + std::to_string(master.port()) + " 1"},
                                    free_port(), RedisServer::Role::sentinel);
  return "redis+sentinel://" + sentinel.address() + "/mymaster" + query;
}

std::shared_ptr<CacheBackend> plain(std::shared_ptr<CacheBackend> cache, const Clock&, const std::filesystem::path&) {
  return cache;
}

std::shared_ptr<CacheBackend> observed(std::shared_ptr<CacheBackend> cache, const Clock&,
                                       const std::filesystem::path&) {
  return std::make_shared<Observed>(std::move(cache));
}

std::shared_ptr<CacheBackend> guarded(std::shared_ptr<CacheBackend> cache, const Clock&, const std::filesystem::path&) {
  return patiently_guarded(std::move(cache));
}

Tier memory_tier(const Clock& clock) {
  MemoryCacheOptions options;
  options.clock = &clock;
  return {std::make_shared<MemoryCache>(options)};
}

Tier disk_tier(const Clock& clock, const std::filesystem::path& folder) {
  DiskCacheOptions options;
  options.root = folder;
  options.clock = &clock;
  return {std::make_shared<DiskCache>(options)};
}

std::shared_ptr<TieredCache> chain(std::vector<Tier> nearer, std::shared_ptr<CacheBackend> cache, TierWrites writes) {
  nearer.push_back({std::move(cache)});
  TieredOptions options;
  options.writes = writes;
  return std::make_shared<TieredCache>(std::move(nearer), options);
}

std::shared_ptr<CacheBackend> behind_memory(std::shared_ptr<CacheBackend> cache, const Clock& clock,
                                            const std::filesystem::path&) {
  return chain({memory_tier(clock)}, std::move(cache), TierWrites::through);
}

std::shared_ptr<CacheBackend> behind_disk(std::shared_ptr<CacheBackend> cache, const Clock& clock,
                                          const std::filesystem::path& folder) {
  return chain({disk_tier(clock, folder)}, std::move(cache), TierWrites::through);
}

/// As `memory:,disk:,redis://` is opened.
std::shared_ptr<CacheBackend> behind_both(std::shared_ptr<CacheBackend> cache, const Clock& clock,
                                          const std::filesystem::path& folder) {
  const auto watched = [](std::shared_ptr<CacheBackend> tier) {
    return std::make_shared<Observed>(std::move(tier), FailurePolicy::rethrow);
  };
  Tier memory = memory_tier(clock);
  Tier disk = disk_tier(clock, folder);
  memory.cache = watched(std::move(memory.cache));
  disk.cache = watched(std::move(disk.cache));
  return std::make_shared<Observed>(
      chain({std::move(memory), std::move(disk)}, watched(patiently_guarded(std::move(cache))), TierWrites::through));
}

std::shared_ptr<CacheBackend> behind_memory_later(std::shared_ptr<CacheBackend> cache, const Clock& clock,
                                                  const std::filesystem::path&) {
  return std::make_shared<Drained>(chain({memory_tier(clock)}, std::move(cache), TierWrites::background));
}

BackendUnderTest kind(std::string name, std::string (*server)(const std::string&), std::string query, Wrap wrap) {
  return {std::move(name), [server, query = std::move(query), wrap = std::move(wrap)] {
            return std::make_unique<RedisBench>(RedisOptions::from_url(server(query)), wrap);
          }};
}

const std::vector<BackendUnderTest> kBackends{
    kind("Inline", at_standalone, "?inline=64MiB", plain),
    kind("Blobs", at_standalone, "?blobs=/here", plain),
    kind("Tagged", at_standalone, "?inline=64MiB&tags=yes", plain),
    kind("Tls", at_tls, "&inline=64MiB", plain),
    kind("Cluster", at_cluster, "?inline=64MiB", plain),
    kind("Sentinel", at_sentinel, "?inline=64MiB", plain),
    kind("Observed", at_standalone, "?inline=64MiB", observed),
    kind("Guarded", at_standalone, "?inline=64MiB", guarded),
    kind("BehindMemory", at_standalone, "?inline=64MiB", behind_memory),
    kind("BehindMemoryLater", at_standalone, "?inline=64MiB", behind_memory_later),
    kind("BehindDisk", at_standalone, "?inline=64MiB", behind_disk),
    kind("BehindMemoryAndDisk", at_standalone, "?blobs=/here", behind_both),
};

INSTANTIATE_TEST_SUITE_P(Redis, BackendSuite, testing::ValuesIn(kBackends), name_of);
INSTANTIATE_TEST_SUITE_P(Redis, BackendModel, testing::ValuesIn(kBackends), name_of);

/// On the server that NEVE_TEST_REDIS_URL names.
std::vector<BackendUnderTest> users_backends() {
  const char* url = std::getenv("NEVE_TEST_REDIS_URL");
  if (url == nullptr) return {};
  const auto at_users = [url](Wrap wrap) {
    return [url, wrap = std::move(wrap)] {
      RedisOptions options = RedisOptions::from_url(url);
      options.inline_limit = std::uint64_t{64} << 20;
      return std::make_unique<RedisBench>(options, wrap);
    };
  };
  return {{"OfTheUser", at_users(plain)}, {"OfTheUserBehindMemoryAndDisk", at_users(behind_both)}};
}

INSTANTIATE_TEST_SUITE_P(UsersServer, BackendSuite, testing::ValuesIn(users_backends()), name_of);
INSTANTIATE_TEST_SUITE_P(UsersServer, BackendModel, testing::ValuesIn(users_backends()), name_of);

}  // namespace
}  // namespace neve
