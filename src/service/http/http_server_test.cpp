// The server against real sockets. No test asserts how long something takes: short time limits are set where one is to
// be reached, and long ones where it is not.
#include <neve/service/http_server.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <neve/base/error.hpp>

#include "support/http_client.hpp"
#include "support/temporary_folder.hpp"

namespace neve::service {
namespace {

using testing::HasSubstr;

Response text_response(int status, std::string text) {
  Response response;
  response.status = status;
  response.body = Bytes::from(std::move(text));
  return response;
}

std::string whole_body(const Request& request) {
  std::string body;
  std::array<std::byte, 1000> piece;
  for (std::size_t count = request.client->read_body(piece); count > 0; count = request.client->read_body(piece)) {
    body.append(reinterpret_cast<const char*>(piece.data()), count);
  }
  return body;
}

/// A gate that a handler stands at until the test opens it.
class Gate {
 public:
  void wait() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void await(int waiting) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this, waiting] { return waiting_ >= waiting; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_ = 0;
  bool open_ = false;
};

/// Answers with what a test's function says and keeps how exchanges ended.
class TestHandler final : public Handler {
 public:
  std::function<Response(const Request&)> answer = [](const Request& request) {
    return text_response(200, request.method + " " + request.path);
  };

  Response handle(const Request& request) noexcept override {
    try {
      return answer(request);
    } catch (const Error& error) {
      const ErrorCode code = error.code();
      return text_response(code == ErrorCode::timeout ? 408 : code == ErrorCode::unavailable ? 503 : 400, error.what());
    }
  }
  Response refuse(int status, const std::string& detail, const std::string&) noexcept override {
    return text_response(status, detail);
  }
  void finished(const Request*, const Response&, const Exchange& exchange) noexcept override {
    const std::lock_guard lock(mutex_);
    deliveries_.push_back(exchange.delivery);
    changed_.notify_all();
  }
  /// Waits for the n-th exchange to end.
  Delivery delivery(std::size_t number) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return deliveries_.size() > number; });
    return deliveries_[number];
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Delivery> deliveries_;
};

/// A server at work while it lives.
class RunningServer {
 public:
  explicit RunningServer(Handler& handler, const HttpServerOptions& options = {}) : server_(handler, options) {
    thread_ = std::jthread([this](const std::stop_token& stop) { server_.run(stop); });
  }
  [[nodiscard]] int port() const { return server_.port(); }
  void request_stop() { thread_.request_stop(); }
  void join() { thread_.join(); }

 private:
  HttpServer server_;
  std::jthread thread_;
};

TEST(HttpServer, AnswersOneRequestAfterAnotherOnAConnection) {
  TestHandler handler;
  RunningServer server(handler);
  HttpClient client(server.port());
  EXPECT_EQ(client.get("/a").body, "GET /a");
  EXPECT_EQ(client.get("/b").body, "GET /b");
  ASSERT_TRUE(client.send("GET /1 HTTP/1.1\r\nHost: t\r\n\r\nGET /2 HTTP/1.1\r\nHost: t\r\n\r\nGET /3 HT"));
  EXPECT_EQ(client.receive().body, "GET /1");
  EXPECT_EQ(client.receive().body, "GET /2");
  ASSERT_TRUE(client.send("TP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n"));
  EXPECT_EQ(client.receive().body, "GET /3");
  EXPECT_TRUE(client.ends());
}

TEST(HttpServer, HeadsComeWithoutBody) {
  TestHandler handler;
  RunningServer server(handler);
  HttpClient client(server.port());
  ASSERT_TRUE(client.send("HEAD /a HTTP/1.1\r\nHost: t\r\n\r\n"));
  const HttpAnswer head = client.receive(false);
  EXPECT_EQ(head.headers.at("content-length"), "7");
  EXPECT_EQ(client.get("/next").body, "GET /next");
}

TEST(HttpServer, ReadsCountedAndChunkedBodies) {
  TestHandler handler;
  handler.answer = [](const Request& request) { return text_response(200, whole_body(request)); };
  RunningServer server(handler);
  HttpClient client(server.port());
  const std::string large(3'000'000, 'x');
  EXPECT_EQ(client.request("POST", "/", "", large).body, large);
  EXPECT_EQ(client.ask("POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n").body,
            "abc");
  EXPECT_EQ(client.ask("POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\nnone\r\n").status, 400);
  EXPECT_TRUE(client.ends()) << "where the next request would begin, nobody knows";
}

TEST(HttpServer, InvitesABodyOnlyWhenItIsWanted) {
  TestHandler handler;
  handler.answer = [](const Request& request) {
    return request.path == "/no" ? text_response(401, "") : text_response(200, whole_body(request));
  };
  RunningServer server(handler);
  HttpClient wanted(server.port());
  ASSERT_TRUE(wanted.announce("POST", "/yes", 2));
  EXPECT_EQ(wanted.ask("ab").body, "ab");
  HttpClient unwanted(server.port());
  EXPECT_FALSE(unwanted.announce("POST", "/no", 2));
  EXPECT_EQ(unwanted.receive().status, 401);
}

TEST(HttpServer, AnAnswerReachesAClientThatIsStillSending) {
  TestHandler handler;
  handler.answer = [](const Request&) { return text_response(413, "too large"); };
  RunningServer server(handler);
  HttpClient client(server.port());
  const HttpAnswer answer = client.request("POST", "/", "", std::string(8'000'000, 'x'));
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.headers.at("connection"), "close");
}

TEST(HttpServer, SmallBodiesNobodyReadDoNotDisturbTheNextRequest) {
  TestHandler handler;
  RunningServer server(handler);
  HttpClient client(server.port());
  EXPECT_EQ(client.request("POST", "/a", "", "unread").body, "POST /a");
  EXPECT_EQ(client.get("/b").body, "GET /b");
}

TEST(HttpServer, SendsPartsOfFiles) {
  const TemporaryFolder folder;
  std::string content(5'000'000, 'a');
  for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<char>('a' + i % 23);
  replace_file(folder.path() / "file", as_byte_span(content), Durability::none);
  TestHandler handler;
  handler.answer = [&](const Request&) {
    auto file = std::make_shared<FileDescriptor>(::open((folder.path() / "file").c_str(), O_RDONLY | O_CLOEXEC));
    Response response;
    response.body = FileBody{file, 3, content.size() - 5};
    return response;
  };
  RunningServer server(handler);
  HttpClient client(server.port());
  EXPECT_TRUE(client.get("/").body == content.substr(3, content.size() - 5));
}

TEST(HttpServer, RefusesWhatIsNoRequest) {
  TestHandler handler;
  RunningServer server(handler);
  HttpClient nonsense(server.port());
  EXPECT_EQ(nonsense.ask("nonsense\r\n\r\n").status, 400);
  EXPECT_TRUE(nonsense.ends());
  HttpClient long_head(server.port());
  EXPECT_EQ(long_head.ask("GET / HTTP/1.1\r\nA: " + std::string(40'000, 'x')).status, 431);
  HttpClient whole_long_head(server.port());
  EXPECT_EQ(whole_long_head.get("/", "A: " + std::string(33'000, 'x') + "\r\n").status, 431);
}

/// A client whose first request was answered before the server lost patience with it: this thread may be held up.
HttpClient answered_client(const RunningServer& server) {
  for (;;) {
    HttpClient client(server.port());
    try {
      EXPECT_EQ(client.get("/").status, 200);
      return client;
    } catch (const std::runtime_error&) {  // the server has closed it
    }
  }
}

TEST(HttpServer, HeadsThatDoNotComeAreNotWaitedFor) {
  TestHandler handler;
  HttpServerOptions options;
  options.head_timeout = std::chrono::milliseconds(50);
  RunningServer server(handler, options);
  HttpClient half = answered_client(server);
  EXPECT_EQ(half.ask("GET / HT").status, 408);
  EXPECT_TRUE(half.ends());
  HttpClient silent(server.port());
  EXPECT_TRUE(silent.ends());
}

TEST(HttpServer, IdleConnectionsAreEnded) {
  TestHandler handler;
  HttpServerOptions options;
  options.idle_timeout = std::chrono::milliseconds(50);
  RunningServer server(handler, options);
  HttpClient idle(server.port());
  EXPECT_EQ(idle.get("/").status, 200);
  EXPECT_TRUE(idle.ends());
}

TEST(HttpServer, BodiesThatDoNotComeAreNotWaitedFor) {
  TestHandler handler;
  handler.answer = [](const Request& request) { return text_response(200, whole_body(request)); };
  HttpServerOptions options;
  options.pause_timeout = std::chrono::milliseconds(50);
  RunningServer server(handler, options);
  HttpClient client(server.port());
  const HttpAnswer answer = client.ask("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 100000\r\n\r\nabc");
  EXPECT_EQ(answer.status, 408);
  EXPECT_THAT(answer.body, HasSubstr("too slowly"));
}

TEST(HttpServer, AnswersThatAreNotTakenAreNotWaitedFor) {
  TestHandler handler;
  handler.answer = [](const Request&) { return text_response(200, std::string(50'000'000, 'x')); };
  HttpServerOptions options;
  options.pause_timeout = std::chrono::milliseconds(50);
  RunningServer server(handler, options);
  HttpClient client(server.port());
  ASSERT_TRUE(client.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n"));
  EXPECT_EQ(handler.delivery(0), Delivery::too_slow);
}

TEST(HttpServer, SlowHeadsAndIdleConnectionsOccupyNoThread) {
  TestHandler handler;
  HttpServerOptions options;
  options.threads = 1;
  RunningServer server(handler, options);
  std::vector<HttpClient> slow;
  for (int i = 0; i < 100; ++i) {
    slow.emplace_back(server.port());
    ASSERT_TRUE(slow.back().send("GET /slow HT"));
  }
  HttpClient quick(server.port());
  EXPECT_EQ(quick.get("/quick").body, "GET /quick");
  for (HttpClient& client : slow) EXPECT_EQ(client.ask("TP/1.1\r\nHost: t\r\n\r\n").body, "GET /slow");
}

TEST(HttpServer, BodiesThatComeSlowlyLeaveThreadsForOthers) {
  TestHandler handler;
  handler.answer = [](const Request& request) { return text_response(200, request.path + whole_body(request)); };
  HttpServerOptions options;
  options.threads = 4;
  options.receiving = 3;
  RunningServer server(handler, options);
  std::vector<HttpClient> slow;
  for (int i = 0; i < 3; ++i) {
    slow.emplace_back(server.port());
    ASSERT_TRUE(slow.back().announce("POST", "/", 3));
  }
  HttpClient invited(server.port());
  EXPECT_FALSE(invited.announce("POST", "/", 3)) << "there is no thread that could wait for it";
  EXPECT_EQ(invited.receive().status, 503);
  HttpClient uninvited(server.port());
  EXPECT_EQ(uninvited.ask("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n\r\na").status, 503);
  HttpClient quick(server.port());
  EXPECT_EQ(quick.get("/quick").body, "/quick");
  EXPECT_EQ(quick.request("POST", "/whole", "", "abc").body, "/wholeabc") << "one that has come need not be waited for";
  EXPECT_EQ(slow.back().ask("abc").body, "/abc");
  HttpClient next(server.port());
  EXPECT_TRUE(next.announce("POST", "/", 3)) << "the place of one that has come is free again";
}

TEST(HttpServer, LongWorkLeavesThreadsForOthers) {
  TestHandler handler;
  Gate gate;
  handler.answer = [&](const Request& request) {
    if (request.path == "/long") {
      (void)request.client->presence();
      gate.wait();
    }
    return text_response(200, request.path);
  };
  HttpServerOptions options;
  options.threads = 3;
  options.long_requests = 2;
  RunningServer server(handler, options);
  std::vector<HttpClient> busy;
  for (int i = 0; i < 2; ++i) {
    busy.emplace_back(server.port());
    ASSERT_TRUE(busy.back().send("GET /long HTTP/1.1\r\nHost: t\r\n\r\n"));
  }
  gate.await(2);
  HttpClient client(server.port());
  EXPECT_EQ(client.get("/long").status, 503);
  EXPECT_EQ(client.get("/quick").status, 200);
  gate.open();
  for (HttpClient& each : busy) EXPECT_EQ(each.receive().status, 200);
  EXPECT_EQ(client.get("/long").status, 200);
}

TEST(HttpServer, AsManyRequestsAreHandledAtOnceAsThereAreThreads) {
  TestHandler handler;
  Gate gate;
  handler.answer = [&](const Request& request) {
    if (request.path == "/held") gate.wait();
    return text_response(200, request.path);
  };
  HttpServerOptions options;
  options.threads = 4 * std::max(1U, std::thread::hardware_concurrency()) + 3;  // more than wait for them
  RunningServer server(handler, options);
  const int held = static_cast<int>(options.threads) - 1;
  std::vector<HttpClient> clients;
  for (int i = 0; i < held; ++i) {
    clients.emplace_back(server.port());
    ASSERT_TRUE(clients.back().send("GET /held HTTP/1.1\r\nHost: t\r\n\r\n"));
  }
  gate.await(held);
  HttpClient client(server.port());
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.get("/quick").status, 200);
  gate.open();
  for (HttpClient& each : clients) EXPECT_EQ(each.receive().status, 200);
  EXPECT_EQ(client.get("/quick").status, 200);
}

TEST(HttpServer, AnswersThatAreTakenSlowlyOccupyNoThread) {
  const TemporaryFolder folder;
  const std::string content(20'000'000, 'x');
  replace_file(folder.path() / "file", as_byte_span(content), Durability::none);
  TestHandler handler;
  handler.answer = [&](const Request& request) {
    if (request.path != "/file") return text_response(200, request.path == "/quick" ? "quick" : content);
    Response response;
    response.body =
        FileBody{std::make_shared<FileDescriptor>(::open((folder.path() / "file").c_str(), O_RDONLY | O_CLOEXEC)), 0,
                 content.size()};
    return response;
  };
  HttpServerOptions options;
  options.threads = 1;
  RunningServer server(handler, options);
  HttpClient memory(server.port());
  HttpClient file(server.port());
  ASSERT_TRUE(memory.send("GET /memory HTTP/1.1\r\nHost: t\r\n\r\nGET /quick HTTP/1.1\r\nHost: t\r\n\r\n"));
  ASSERT_TRUE(file.send("GET /file HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n"));
  file.end_sending();
  HttpClient quick(server.port());
  EXPECT_EQ(quick.get("/quick").body, "quick");
  EXPECT_TRUE(memory.receive().body == content);
  EXPECT_EQ(memory.receive().body, "quick");
  EXPECT_TRUE(file.receive().body == content);
  EXPECT_TRUE(file.ends());
}

TEST(HttpServer, ClientsThatSendOnAfterTheirLastAnswerOccupyNoThread) {
  TestHandler handler;
  handler.answer = [](const Request& request) { return text_response(request.path == "/large" ? 413 : 200, ""); };
  HttpServerOptions options;
  options.threads = 1;
  options.leave_timeout = std::chrono::hours(1);
  RunningServer server(handler, options);
  HttpClient sending(server.port());
  EXPECT_EQ(sending.ask("POST /large HTTP/1.1\r\nHost: t\r\nContent-Length: 8000000\r\n\r\nabc").status, 413);
  HttpClient quick(server.port());
  EXPECT_EQ(quick.get("/quick").status, 200);
  EXPECT_TRUE(sending.send(std::string(1'000'000, 'x')));
}

TEST(HttpServer, TellsLongWorkThatTheClientLeft) {
  TestHandler handler;
  std::atomic<bool> stopped = false;
  handler.answer = [&](const Request& request) {
    const std::stop_token presence = request.client->presence();
    std::mutex mutex;
    std::condition_variable_any changed;
    std::unique_lock lock(mutex);
    changed.wait(lock, presence, [] { return false; });
    stopped = true;
    return text_response(200, "nobody reads this");
  };
  RunningServer server(handler);
  HttpClient client(server.port());
  ASSERT_TRUE(client.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n"));
  client.close();
  (void)handler.delivery(0);
  EXPECT_TRUE(stopped);
}

TEST(HttpServer, WatchingAClientThatStaysChangesNothing) {
  TestHandler handler;
  handler.answer = [&](const Request& request) {
    return text_response(request.client->presence().stop_requested() ? 500 : 200, whole_body(request));
  };
  RunningServer server(handler);
  HttpClient client(server.port());
  for (int i = 0; i < 100; ++i) EXPECT_EQ(client.request("POST", "/", "", "abc").body, "abc");
}

TEST(HttpServer, TurnsAwayWhomItHasNoRoomFor) {
  TestHandler handler;
  HttpServerOptions options;
  options.max_connections = 1;
  RunningServer server(handler, options);
  HttpClient first(server.port());
  EXPECT_EQ(first.get("/").status, 200);
  HttpClient second(server.port());
  EXPECT_EQ(second.receive().status, 503);
  EXPECT_TRUE(second.ends());
}

TEST(HttpServer, AtShutdownRequestsUnderWayAreAnsweredAndIdleConnectionsClosed) {
  TestHandler handler;
  Gate gate;
  handler.answer = [&](const Request& request) {
    if (request.path == "/long") gate.wait();
    return text_response(200, "done");
  };
  RunningServer server(handler);
  HttpClient idle(server.port());
  EXPECT_EQ(idle.get("/").status, 200);
  HttpClient busy(server.port());
  ASSERT_TRUE(busy.send("GET /long HTTP/1.1\r\nHost: t\r\n\r\n"));
  gate.await(1);
  server.request_stop();
  EXPECT_TRUE(idle.ends());
  gate.open();
  const HttpAnswer answer = busy.receive();
  EXPECT_EQ(answer.body, "done");
  EXPECT_EQ(answer.headers.at("connection"), "close");
  server.join();
  EXPECT_THROW(HttpClient{server.port()}, std::runtime_error);
}

TEST(HttpServer, AtShutdownWorkThatTakesTooLongIsAskedToStop) {
  TestHandler handler;
  Gate gate;
  gate.open();
  handler.answer = [&](const Request& request) {
    std::mutex mutex;
    std::condition_variable_any changed;
    std::unique_lock lock(mutex);
    const std::stop_token presence = request.client->presence();
    gate.wait();
    changed.wait(lock, presence, [] { return false; });
    return text_response(503, "stopped");
  };
  HttpServerOptions options;
  options.shutdown_grace = std::chrono::milliseconds(20);
  RunningServer server(handler, options);
  HttpClient client(server.port());
  ASSERT_TRUE(client.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n"));
  gate.await(1);
  server.request_stop();
  EXPECT_EQ(client.receive().body, "stopped");
}

TEST(HttpServer, ServesManyClientsAtOnce) {
  TestHandler handler;
  handler.answer = [](const Request& request) { return text_response(200, request.path); };
  HttpServerOptions options;
  options.threads = 4;
  RunningServer server(handler, options);
  std::atomic<int> wrong = 0;
  {
    std::vector<std::jthread> clients;
    for (int c = 0; c < 16; ++c) {
      clients.emplace_back([&, c] {
        for (int round = 0; round < 10; ++round) {
          HttpClient client(server.port());
          for (int i = 0; i < 20; ++i) {
            const std::string path = "/" + std::to_string(c) + "-" + std::to_string(i);
            if (client.get(path).body != path) ++wrong;
          }
        }
      });
    }
  }
  EXPECT_EQ(wrong, 0);
}

TEST(HttpServer, AddressesThatCannotBeHadAreErrors) {
  TestHandler handler;
  const HttpServer first(handler, {});
  HttpServerOptions taken;
  taken.port = first.port();
  try {
    const HttpServer second(handler, taken);
    FAIL() << "two servers on one port";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unavailable);
  }
  HttpServerOptions nowhere;
  nowhere.host = "no such host";
  EXPECT_THROW(HttpServer(handler, nowhere), Error);
}

}  // namespace
}  // namespace neve::service
