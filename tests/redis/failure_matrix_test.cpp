// Breaks a server in every way we know and looks at what a guarded cache makes of it. With NEVE_FAILURE_MATRIX naming a
// file, the table of docs/operations.md is written there, with the orders of the measured latencies; without, only what
// the caller sees is tested.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <functional>

#include <gmock/gmock.h>

#include <neve/cache/guarded.hpp>

#include "redis_fixture.hpp"
#include "support/scripted_server.hpp"

namespace neve {
namespace {

struct Row {
  std::string trouble;
  std::string lookup;  // what a lookup says while it lasts
  std::string store;
  std::string breaker;
  double first_ms = 0;
  double later_ms = 0;
};

double milliseconds_of(const std::function<void()>& act) {
  const Stopwatch watch;
  act();
  return watch.seconds() * 1e3;
}

/// To the precision that another run on another machine shows again: whether nobody was asked, a server was, or it took
/// a timeout, and which.
std::string rough_text(double milliseconds) {
  if (milliseconds < 0.01) return "< 0.01";
  if (milliseconds < 1) return "< 1";
  const double decade = std::pow(10, std::floor(std::log10(milliseconds)));
  return std::to_string(std::lround(std::round(milliseconds / decade) * decade));
}

/// The stated trouble as a lookup and a store of `key` see it: first once, then often.
Row observe(const std::string& trouble, RedisOptions options, const Key& key = Key("k"),
            const Clock& clock = Clock::system()) {
  GuardOptions guard;
  guard.first_pause = std::chrono::hours(1);  // so that the rows do not depend on when an attempt to return is made
  Guarded cache(std::make_shared<RedisCache>(std::move(options), clock), guard);
  Row row;
  row.trouble = trouble;
  LookupResult found;
  StoreResult stored;
  row.first_ms = milliseconds_of([&] { found = cache.lookup(key, {}); });
  row.first_ms += milliseconds_of([&] { stored = cache.store(Key("another"), sample_entry(), {}); });
  row.later_ms = milliseconds_of([&] {
                   for (int i = 0; i < 100; ++i) (void)cache.lookup(key, {});
                 }) /
                 100;
  row.lookup = found.hit() ? "hit" : "miss: " + std::string(to_string(found.reason));
  row.store = stored.stored ? "stored" : "declined";
  row.breaker = to_string(cache.snapshot().state);
  return row;
}

class FailureMatrix : public testing::Test {
 protected:
  [[nodiscard]] static RedisOptions options_for(const std::string& url) { return RedisOptions::from_url(url); }

  static redis::Reply ask(const RedisServer& server, std::initializer_list<redis::Argument> arguments) {
    const redis::Command command(arguments);
    return std::move(
        redis::make_client(options_for(server.url("?timeout=20s&connect_timeout=20s")))->run({&command, 1}).front());
  }
  /// A server that holds an entry under "k".
  static std::unique_ptr<RedisServer> server_with_entry(std::vector<std::string> settings = {}) {
    auto server = std::make_unique<RedisServer>(std::move(settings));
    RedisCache(options_for(server->url("?timeout=20s&connect_timeout=20s"))).store(Key("k"), sample_entry(), {});
    return server;
  }
  /// A server that says `text` to everything, and closes then or not.
  static std::unique_ptr<ScriptedServer> server_that_says(std::string text, bool close) {
    return std::make_unique<ScriptedServer>([text, close](ScriptedPeer& peer, int) {
      for (std::string seen = peer.receive(); !seen.empty(); seen = peer.receive()) {
        // A store is five commands in one write.
        const int replies = seen.find("MULTI") == std::string::npos ? 1 : 5;
        for (int i = 0; i < replies; ++i) peer.send(text);
        if (close) return;
      }
    });
  }

  /// An empty server that takes its time over every answer, though less than the timeout.
  static std::unique_ptr<ScriptedServer> slow_server() {
    return std::make_unique<ScriptedServer>([](ScriptedPeer& peer, int) {
      for (std::string seen = peer.receive(); !seen.empty(); seen = peer.receive()) {
        std::this_thread::sleep_for(std::chrono::milliseconds(60));
        const bool store = seen.find("MULTI") != std::string::npos;
        peer.send(store ? "+OK\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n*3\r\n+OK\r\n:0\r\n+OK\r\n"
                        : "*3\r\n$-1\r\n$-1\r\n$-1\r\n");
      }
    });
  }

  void expect(Row row, const std::string& lookup, const std::string& store, const std::string& breaker) {
    EXPECT_EQ(row.lookup, lookup) << row.trouble;
    EXPECT_EQ(row.store, store) << row.trouble;
    EXPECT_EQ(row.breaker, breaker) << row.trouble;
    rows_.push_back(std::move(row));
  }
  void write_table() const {
    const char* path = std::getenv("NEVE_FAILURE_MATRIX");
    if (path == nullptr) return;
    std::ofstream out(path);
    out << "| trouble | lookup | store | breaker | lookup and store, first time, ms | each later lookup, ms |\n"
        << "|---|---|---|---|---:|---:|\n";
    for (const Row& row : rows_) {
      out << "| " << row.trouble << " | " << row.lookup << " | " << row.store << " | " << row.breaker << " | "
          << rough_text(row.first_ms) << " | " << rough_text(row.later_ms) << " |\n";
    }
  }

  std::vector<Row> rows_;
};

TEST_F(FailureMatrix, TimesInTheTableAreTheSameInEveryRun) {
  EXPECT_EQ(rough_text(0.0001), rough_text(0.0009));
  EXPECT_EQ(rough_text(0.03), rough_text(0.61));
  EXPECT_EQ(rough_text(102.2), "100");
  EXPECT_EQ(rough_text(121.7), "100");
  EXPECT_EQ(rough_text(9.6), "10");
}

TEST_F(FailureMatrix, EveryTroubleIsAMissOrAHitAndNeverAnException) {
  {
    auto server = server_with_entry();
    expect(observe("none, for comparison", options_for(server->url())), "hit", "stored", "closed");
  }
  {
    auto server = server_with_entry();
    ask(*server, {"CONFIG", "SET", "maxmemory", "1"});
    expect(observe("memory full, nothing may be evicted (OOM)", options_for(server->url())), "hit", "declined",
           "closed");
  }
  {
    auto server = server_with_entry();
    ask(*server, {"REPLICAOF", "127.0.0.1", "1"});
    expect(observe("a replica (READONLY)", options_for(server->url())), "hit", "declined", "closed");
  }
  {
    auto server = server_with_entry();
    ask(*server, {"DEL", "phys-pipeline:k:arrays"});
    expect(observe("half of the pair evicted", options_for(server->url())), "miss: half", "stored", "closed");
    ask(*server, {"DEL", "phys-pipeline:k:meta"});
    ask(*server, {"LPUSH", "phys-pipeline:k:meta", "x"});
    ask(*server, {"LPUSH", "phys-pipeline:k:arrays", "x"});
    expect(observe("values of another type under our keys", options_for(server->url())), "miss: absent", "stored",
           "closed");
  }
  {
    auto server = server_with_entry();
    ask(*server, {"SETRANGE", "phys-pipeline:k:arrays", "150", "?"});
    expect(observe("payload corrupted", options_for(server->url())), "miss: corrupt", "stored", "closed");
  }
  {
    auto server = std::make_unique<RedisServer>();
    ManualClock ahead(Clock::system().now());
    RedisCache(options_for(server->url("?ttl=6h&timeout=20s&connect_timeout=20s"))).store(Key("k"), sample_entry(), {});
    ahead.advance(std::chrono::hours(7));
    expect(observe("our clock 7 h ahead, entry with 6 h to live", options_for(server->url()), Key("k"), ahead),
           "miss: expired", "stored", "closed");
  }
  {
    auto server = std::make_unique<RedisServer>();
    ManualClock behind(Clock::system().now());
    RedisCache(options_for(server->url("?ttl=6h&timeout=20s&connect_timeout=20s"))).store(Key("k"), sample_entry(), {});
    behind.advance(-std::chrono::hours(7));
    expect(observe("our clock 7 h behind, entry with 6 h to live", options_for(server->url()), Key("k"), behind), "hit",
           "stored", "closed");
  }
  {
    auto server = server_with_entry();
    server->kill();
    expect(observe("server down at the start", options_for(server->tcp_url())), "miss: unavailable", "declined",
           "open");
  }
  {
    auto server = server_with_entry();
    server->hang();
    expect(observe("server hung", options_for(server->url())), "miss: unavailable", "declined", "open");
  }
  {
    const auto server = slow_server();
    // The timeout is not what this is about, and a busy machine must not make it one.
    expect(observe("server slow (60 ms an answer)", options_for("unix://" + server->path() + "?timeout=20s")),
           "miss: absent", "stored", "open");
  }
  {
    const auto server = server_that_says("*3\r\n$10\r\n{\"a\"", true);
    expect(observe("killed in mid-reply", options_for("unix://" + server->path())), "miss: unavailable", "declined",
           "open");
  }
  {
    const auto server = server_that_says("*3\r\n$10\r\n{\"a\"", false);
    expect(observe("reply begun and never ended", options_for("unix://" + server->path())), "miss: unavailable",
           "declined", "open");
  }
  {
    const auto server = server_that_says("-LOADING Redis is loading the dataset in memory\r\n", false);
    expect(observe("loading its data (LOADING)", options_for("unix://" + server->path())), "miss: unavailable",
           "declined", "closed");
  }
  {
    const auto server = server_that_says("HTTP/1.1 400 Bad Request\r\n\r\n", false);
    expect(observe("not a Redis server", options_for("unix://" + server->path())), "miss: unavailable", "declined",
           "open");
  }
  {
    const RedisServer server({"requirepass secret"});
    expect(observe("wrong password", options_for("redis://:wrong@" + server.address())), "miss: unavailable",
           "declined", "open");
    expect(observe("password missing", options_for(server.tcp_url())), "miss: unavailable", "declined", "closed");
  }
  {
    const RedisServer server({"cluster-enabled yes", "cluster-config-file nodes.conf"}, free_cluster_port());
    expect(observe("cluster down", options_for("redis+cluster://" + server.address())), "miss: unavailable", "declined",
           "open");
  }
  write_table();
}

}  // namespace
}  // namespace neve
