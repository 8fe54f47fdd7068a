#include "groups.hpp"
#include "inputs.hpp"
#include "measurement.hpp"
#include "redis_process.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include <fmt/core.h>

#include <neve/base/buffer.hpp>
#include <neve/base/error.hpp>
#include <neve/cache/guarded.hpp>
#include <neve/cache/open_cache.hpp>
#include <neve/cache/redis_cache.hpp>

namespace neve::bench {
namespace {

constexpr int kMany = 16;

void require_hit(const LookupResult& result) {
  if (!result.hit()) throw Error(ErrorCode::internal, "a benchmark's lookup missed: " + result.detail);
}

/// What any client must do for the same reply: one command out, the payloads into fresh memory of their own.
class BareClient {
 public:
  explicit BareClient(int port) : fd_(connect_to(port)) {}
  ~BareClient() { ::close(fd_); }
  BareClient(const BareClient&) = delete;
  BareClient& operator=(const BareClient&) = delete;

  void mget(const std::string& request) {
    if (::send(fd_, request.data(), request.size(), MSG_NOSIGNAL) < 0) fail();
    begin_ = end_ = 0;
    const long items = header('*');
    for (long i = 0; i < items; ++i) {
      if (const long size = header('$'); size >= 0) payload(static_cast<std::size_t>(size));
    }
  }

 private:
  [[noreturn]] static void fail() { throw Error(ErrorCode::internal, "the bare client lost its server"); }

  void fill() {
    if (begin_ == end_) begin_ = end_ = 0;
    const ssize_t received = ::recv(fd_, scratch_.data() + end_, scratch_.size() - end_, 0);
    if (received <= 0) fail();
    end_ += static_cast<std::size_t>(received);
  }
  long header(char type) {
    for (;;) {
      for (std::size_t i = begin_; i + 1 < end_; ++i) {
        if (scratch_[i] != '\r') continue;
        if (scratch_[begin_] != type) fail();
        const long value = std::strtol(scratch_.data() + begin_ + 1, nullptr, 10);
        begin_ = i + 2;
        return value;
      }
      fill();
    }
  }
  void payload(std::size_t size) {
    Buffer buffer(size + 2);
    std::size_t filled = std::min(size + 2, end_ - begin_);
    std::memcpy(buffer.data(), scratch_.data() + begin_, filled);
    begin_ += filled;
    while (filled < buffer.size()) {
      const ssize_t received = ::recv(fd_, buffer.data() + filled, buffer.size() - filled, MSG_WAITALL);
      if (received <= 0) fail();
      filled += static_cast<std::size_t>(received);
    }
    kept_ = std::move(buffer).freeze();
  }

  int fd_;
  std::array<char, 16384> scratch_{};
  std::size_t begin_ = 0, end_ = 0;
  Bytes kept_;
};

std::string mget_request(const std::string& key) {
  std::string request = "*4\r\n$4\r\nMGET\r\n";
  for (const char* half : {"meta", "arrays", "facts"}) {
    const std::string name = "phys-pipeline:" + key + ":" + half;
    request += fmt::format("${}\r\n{}\r\n", name.size(), name);
  }
  return request;
}

int run_size(RedisCache& cache, PeerProcess& peers, int port, const std::string& size, int rounds) {
  const int count = size == "8k" ? 500 : size == "1m" ? 50 : 2;
  const Key key("random." + size);
  cache.store(key, make_entry(size, "random"), {});
  BareClient bare(port);
  const std::string request = mget_request(key.text());
  Group group("get " + size + " from Redis over TCP", rounds);
  group.add("neve get", [&] { return time_us(count, [&] { require_hit(cache.lookup(key, {})); }); });
  group.add("bare RESP", [&] { return time_us(count, [&] { bare.mget(request); }); });
  group.add("redis-py and np.load", [&] { return peers.ask(fmt::format("get {} random {}", size, count)); });
  group.claim("against redis-py and np.load", "neve get", "redis-py and np.load",
              size == "8k"   ? 20
              : size == "1m" ? 4
                             : 3.3);
  group.claim("against bare RESP, within 1.3 times", "neve get", "bare RESP", 1 / 1.3);
  return group.run();
}

int run_many(RedisCache& cache, int rounds) {
  std::vector<Key> keys;
  for (int i = 0; i < kMany; ++i) {
    keys.emplace_back("many-" + std::to_string(i));
    Entry entry;
    entry.meta = Json{{"i", i}};
    entry.arrays.emplace("x", Array::from(std::vector<double>(32, i)));
    cache.store(keys.back(), entry, {});
  }
  Group group("16 small entries from Redis", rounds);
  group.add("16 lookups", [&] {
    return time_us(100, [&] {
      for (const Key& key : keys) require_hit(cache.lookup(key, {}));
    });
  });
  group.add("one lookup_many", [&] {
    return time_us(100, [&] {
      for (const LookupResult& found : cache.lookup_many(keys, {})) require_hit(found);
    });
  });
  group.claim("lookup_many of 16 against single lookups", "one lookup_many", "16 lookups", 5);
  return group.run();
}

int run_near(int port, int rounds) {
  const auto chain = open_cache(fmt::format("memory:256MiB,redis://127.0.0.1:{}?inline=64MiB", port));
  const MemoryCacheOptions options;
  MemoryCache memory(options);
  const Key key("near");
  Entry entry;
  entry.meta = Json{{"stage", "fiber"}};
  entry.arrays.emplace("field", Array::from(make_input("1m", "random")));
  chain->store(key, entry, {});
  memory.store(key, entry, {});
  const ByteSpan bytes = entry.arrays.at("field").bytes().span();
  Group group("1 MB from the memory tier", rounds);
  group.add("memory cache", [&] { return time_us(10000, [&] { require_hit(memory.lookup(key, {})); }); });
  group.add("memory tier of a chain", [&] { return time_us(10000, [&] { require_hit(chain->lookup(key, {})); }); });
  group.add("the copy it avoids", [&] { return time_us(100, [&] { (void)Bytes::copy_of(bytes); }); });
  group.add("allowed: 1 us", [] { return 1.0; });
  group.claim("a memory hit, within 1 us", "memory cache", "allowed: 1 us", 1);
  group.claim("a memory hit through the chain, within 1 us", "memory tier of a chain", "allowed: 1 us", 1);
  return group.run();
}

int run_away(RedisProcess& server, int rounds) {
  GuardOptions options;
  options.first_pause = std::chrono::hours(1);
  Guarded cache(
      std::make_shared<RedisCache>(RedisOptions::from_url(fmt::format("redis://127.0.0.1:{}", server.port()))),
      options);
  server.kill();
  const Key key("away");
  (void)cache.lookup(key, {});
  Group group("a lookup while the server is away", rounds);
  group.add("lookup", [&] { return time_us(10000, [&] { (void)cache.lookup(key, {}); }); });
  group.add("allowed: 1 us", [] { return 1.0; });
  group.claim("an open breaker's cost, within 1 us", "lookup", "allowed: 1 us", 1);
  return group.run();
}

}  // namespace

int run_redis(const std::filesystem::path& folder, const std::filesystem::path& peers_script, bool quick) {
  RedisProcess server(folder);
  if (server.port() == 0) {
    fmt::print("\nRedis: not measured, there is no redis-server\n");
    return 0;
  }
  std::ofstream(folder / "redis.port") << server.port();
  PeerProcess peers(peers_script, folder);
  fmt::print("\nRedis peers: {}\n", peers.description());
  // Patient, because it is the time that is measured, and inline, because the transport is.
  RedisCache cache(RedisOptions::from_url(
      fmt::format("redis://127.0.0.1:{}?inline=128MiB&timeout=20s&connect_timeout=20s", server.port())));
  int short_of = 0;
  for (const char* size : {"8k", "1m", "64m"}) {
    short_of += run_size(cache, peers, server.port(), size, quick ? 3 : std::strcmp(size, "64m") == 0 ? 7 : 15);
  }
  short_of += run_many(cache, quick ? 3 : 15);
  short_of += run_near(server.port(), quick ? 3 : 15);
  short_of += run_away(server, quick ? 3 : 15);
  return short_of;
}

}  // namespace neve::bench
