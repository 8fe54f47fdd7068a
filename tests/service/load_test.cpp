// The whole service on real sockets with a real Redis: under load while Redis is killed and comes back, with clients
// that leave or dawdle, and at its shutdown.
#include <gmock/gmock.h>

#include <atomic>
#include <mutex>
#include <thread>

#include <neve/service/http_server.hpp>

#include "service_fixture.hpp"
#include "support/http_client.hpp"
#include "support/redis_server.hpp"

namespace neve::service {
namespace {

using testing::HasSubstr;

const std::string kJson = "Content-Type: application/json\r\n";

class Load : public ServiceFixture {
 protected:
  /// Starts serving on a cache of its own.
  void serve(const std::string& cache, ServiceOptions options = {}, HttpServerOptions server = {}) {
    service_ = std::make_unique<Service>(store_, open_cache(cache), options);
    server_ = std::make_unique<HttpServer>(*service_, server);
    thread_ = std::jthread([this](const std::stop_token& stop) { server_->run(stop); });
  }
  void TearDown() override { stop(); }
  void stop() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
  }
  [[nodiscard]] int port() const { return server_->port(); }

  HttpAnswer upload(const std::string& id, const std::string& content) {
    return HttpClient(port()).request("POST", "/api/v1/datasets?id=" + id, "", content);
  }
  static std::string question(const std::string& id, const std::string& thresholds) {
    const std::string body = R"({"group_by":"customer","value":"revenue","thresholds":)" + thresholds + "}";
    return "POST /api/v1/datasets/" + id + "/analyses/concentration HTTP/1.1\r\nHost: t\r\n" + kJson +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }

  std::unique_ptr<HttpServer> server_;
  std::jthread thread_;
};

std::string table(int rows, int entities) {
  std::string content = "customer,revenue\n";
  for (int i = 0; i < rows; ++i) {
    content += "c" + std::to_string(i * 7919LL % entities) + "," + std::to_string(i % 97 + 1) + "\n";
  }
  return content;
}

bool built_with_redis() {
  try {
    (void)open_cache("redis://127.0.0.1:1");
    return true;
  } catch (const Error& error) {
    return error.code() != ErrorCode::unsupported;
  }
}

TEST_F(Load, RedisKilledAndRestartedCostsNoAnswer) {
  if (!built_with_redis()) GTEST_SKIP() << "built without Redis";
  RedisServer redis;
  serve(redis.url());
  ASSERT_EQ(upload("orders", table(2000, 100)).status, 201);
  std::vector<std::string> questions;
  std::vector<std::string> expected;
  for (int i = 1; i <= 8; ++i) {
    questions.push_back(question("orders", "[" + std::to_string(i * 10) + "]"));
    const HttpAnswer answer = HttpClient(port()).ask(questions.back());
    ASSERT_EQ(answer.status, 200) << answer.body;
    expected.push_back(answer.body);
  }
  std::atomic<int> wrong = 0;
  std::atomic<int> answered = 0;
  std::atomic<int> hits = 0;
  std::atomic<bool> over = false;
  const auto await = [](const std::atomic<int>& count, int more) {
    const int target = count + more;
    for (int seen = count; seen < target; seen = count) count.wait(seen);
  };
  {
    std::vector<std::jthread> clients;
    for (std::size_t c = 0; c < 4; ++c) {
      clients.emplace_back([&, c] {
        HttpClient client(port());
        for (std::size_t i = c; !over; ++i) {
          const HttpAnswer answer = client.ask(questions[i % questions.size()]);
          if (answer.status != 200 || answer.body != expected[i % questions.size()]) ++wrong;
          if (answer.headers.at("x-cache") == "hit") ++hits;
          hits.notify_all();
          ++answered;
          answered.notify_all();
        }
      });
    }
    for (int round = 0; round < 3; ++round) {
      await(answered, 200);
      redis.kill();
      await(answered, 200);
      redis.start();
    }
    redis.hang();
    await(answered, 50);
    redis.resume();
    await(hits, 20);  // it is used again
    over = true;
  }
  EXPECT_EQ(wrong, 0);
}

TEST_F(Load, UploadsAndAnalysesAtOnceGiveAnswersOfOneGeneration) {
  serve("memory:64MiB");
  ASSERT_EQ(upload("orders", "customer,revenue\na,1\nb,1\n").status, 201);
  std::mutex mutex;
  std::vector<std::string> wrong;
  const auto note = [&](std::string what) {
    const std::lock_guard lock(mutex);
    wrong.push_back(std::move(what));
  };
  std::atomic<bool> over = false;
  {
    std::vector<std::jthread> clients;
    for (int c = 0; c < 3; ++c) {
      clients.emplace_back([&] {
        HttpClient client(port());
        std::uint64_t newest = 0;
        while (!over) {
          const HttpAnswer answer = client.ask(question("orders", "[50]"));
          if (answer.status != 200) {
            note(std::to_string(answer.status) + " " + answer.body);
            continue;
          }
          const Json json = parse_json(answer.body);
          const std::uint64_t generation = json["generation"];
          // Generation n has the total 2n: each answer must be of the rows it says it is of, and none goes back in
          // time.
          const double sum = json["analysis"]["result"]["totals"]["total"].get<double>();
          if (sum != 2.0 * static_cast<double>(generation))
            note("generation " + std::to_string(generation) + ": " + std::to_string(sum));
          if (generation < newest)
            note("generation " + std::to_string(generation) + " after " + std::to_string(newest));
          newest = generation;
        }
      });
    }
    for (int n = 2; n <= 12; ++n) {
      const std::string value = std::to_string(n);
      EXPECT_EQ(upload("orders", "customer,revenue\na," + value + "\nb," + value + "\n").status, 200);
    }
    over = true;
  }
  EXPECT_EQ(wrong, std::vector<std::string>{});
}

TEST_F(Load, AClientThatLeavesInTheMiddleOfAnUploadLeavesNothing) {
  serve("none:");
  {
    HttpClient client(port());
    ASSERT_TRUE(client.send("POST /api/v1/datasets?id=half HTTP/1.1\r\nHost: t\r\nContent-Length: 1000000\r\n\r\n"));
    ASSERT_TRUE(client.send(table(1000, 10)));
  }
  HttpClient other(port());
  EXPECT_EQ(other.get("/api/v1/datasets/half").status, 404);
  stop();
  for (const auto& entry : std::filesystem::recursive_directory_iterator(store_.root())) {
    EXPECT_TRUE(is_bookkeeping(entry)) << entry.path();
  }
}

TEST_F(Load, AnUploadThatDawdlesIsTimedOut) {
  HttpServerOptions server;
  server.pause_timeout = std::chrono::milliseconds(50);
  serve("none:", {}, server);
  HttpClient client(port());
  const HttpAnswer answer =
      client.ask("POST /api/v1/datasets HTTP/1.1\r\nHost: t\r\nContent-Length: 100000\r\n\r\na,b\n");
  EXPECT_EQ(answer.status, 408);
  EXPECT_THAT(answer.body, HasSubstr("urn:neve:problem:request-timeout"));
}

TEST_F(Load, UploadsThatDawdleLeaveTheOthersTheirAnswers) {
  HttpServerOptions server;
  server.threads = 4;
  serve("memory:64MiB", {}, server);
  ASSERT_EQ(upload("orders", table(100, 10)).status, 201);
  ASSERT_EQ(HttpClient(port()).ask(question("orders", "[50]")).status, 200);
  std::vector<HttpClient> dawdling;
  for (int i = 0; i < 3; ++i) {
    dawdling.emplace_back(port());
    ASSERT_TRUE(dawdling.back().announce("POST", "/api/v1/datasets", 100'000));
  }
  HttpClient another(port());
  EXPECT_FALSE(another.announce("POST", "/api/v1/datasets", 100'000));
  const HttpAnswer refused = another.receive();
  EXPECT_EQ(refused.status, 503);
  EXPECT_THAT(refused.body, HasSubstr("urn:neve:problem:unavailable"));
  EXPECT_EQ(refused.headers.at("retry-after"), "5");
  EXPECT_EQ(HttpClient(port()).get("/healthz").status, 200);
  EXPECT_EQ(HttpClient(port()).ask(question("orders", "[50]")).headers.at("x-cache"), "hit");
}

TEST_F(Load, LongWorkBeyondTheQueueIsTurnedAwayAndWhatTheCacheHasIsNot) {
  ServiceOptions options;
  options.work_running = 1;
  options.work_waiting = 0;
  serve("memory:64MiB", options);
  const std::string large = table(400'000, 200'000);
  ASSERT_EQ(upload("orders", table(100, 10)).status, 201);
  ASSERT_EQ(HttpClient(port()).ask(question("orders", "[50]")).status, 200);
  std::atomic<bool> over = false;
  std::atomic<int> turned_away = 0;
  std::atomic<int> failed = 0;
  std::jthread uploader([&] {
    while (turned_away == 0) {
      if (const int status = upload("large", large).status; status != 201 && status != 200) ++failed;
      if (HttpClient(port()).ask("DELETE /api/v1/datasets/large HTTP/1.1\r\nHost: t\r\n\r\n").status != 204) ++failed;
    }
    over = true;
  });
  HttpClient client(port());
  for (int i = 1; !over; ++i) {
    // A question nobody asked before needs a place; one that was answered needs none.
    const HttpAnswer fresh = client.ask(question("orders", "[0." + std::to_string(i) + "]"));
    if (fresh.status == 429) {
      EXPECT_THAT(fresh.body, HasSubstr("urn:neve:problem:busy"));
      EXPECT_EQ(fresh.headers.at("retry-after"), "2");
      ++turned_away;
    }
    EXPECT_EQ(client.ask(question("orders", "[50]")).status, 200);
  }
  uploader.join();
  EXPECT_GT(turned_away, 0);
}

}  // namespace
}  // namespace neve::service
