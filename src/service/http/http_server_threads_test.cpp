// Which clients occupy a thread, how many may, and how long a slow one is waited for.
#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>
#include <thread>
#include <fcntl.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <neve/base/usable_processors.hpp>
#include <neve/service/http_server.hpp>

#include "service/http/http_server_fixture.hpp"
#include "support/http_client.hpp"
#include "support/no_more_threads.hpp"
#include "support/temporary_folder.hpp"

namespace neve::service {
namespace {

using testing::HasSubstr;

/// So many clients that have sent this and wait for an answer.
std::vector<HttpClient> clients_that_sent(const RunningServer& server, int count, const std::string& text) {
  std::vector<HttpClient> clients;
  for (int i = 0; i < count; ++i) {
    clients.emplace_back(server.port());
    EXPECT_TRUE(clients.back().send(text));
  }
  return clients;
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

TEST(HttpServerThreads, HeadsThatDoNotComeAreNotWaitedFor) {
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

TEST(HttpServerThreads, IdleConnectionsAreEnded) {
  TestHandler handler;
  HttpServerOptions options;
  options.idle_timeout = std::chrono::milliseconds(50);
  RunningServer server(handler, options);
  HttpClient idle(server.port());
  EXPECT_EQ(idle.get("/").status, 200);
  EXPECT_TRUE(idle.ends());
}

TEST(HttpServerThreads, BodiesThatDoNotComeAreNotWaitedFor) {
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

TEST(HttpServerThreads, AnswersThatAreNotTakenAreNotWaitedFor) {
  TestHandler handler;
  handler.answer = [](const Request&) { return text_response(200, std::string(50'000'000, 'x')); };
  HttpServerOptions options;
  options.pause_timeout = std::chrono::milliseconds(50);
  RunningServer server(handler, options);
  HttpClient client(server.port());
  ASSERT_TRUE(client.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n"));
  EXPECT_EQ(handler.delivery(0), Delivery::too_slow);
}

TEST(HttpServerThreads, SlowHeadsAndIdleConnectionsOccupyNoThread) {
  TestHandler handler;
  HttpServerOptions options;
  options.threads = 1;
  RunningServer server(handler, options);
  std::vector<HttpClient> slow = clients_that_sent(server, 100, "GET /slow HT");
  HttpClient quick(server.port());
  EXPECT_EQ(quick.get("/quick").body, "GET /quick");
  for (HttpClient& client : slow) EXPECT_EQ(client.ask("TP/1.1\r\nHost: t\r\n\r\n").body, "GET /slow");
}

TEST(HttpServerThreads, BodiesThatComeSlowlyLeaveThreadsForOthers) {
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

TEST(HttpServerThreads, WhoSendsManyRequestsAheadLeavesTheOthersTheirTurn) {
  constexpr int kAhead = 300;
  TestHandler handler;
  Gate gate;
  std::atomic<int> answered_before = 0;
  handler.answer = [&, ahead = 0](const Request& request) mutable {
    if (request.path == "/ahead" && ahead++ == 0) gate.wait();
    if (request.path == "/other") answered_before = ahead;
    return text_response(200, "");
  };
  HttpServerOptions options;
  options.threads = 1;
  RunningServer server(handler, options);
  HttpClient greedy(server.port());
  std::string requests;
  for (int i = 0; i < kAhead; ++i) requests += "GET /ahead HTTP/1.1\r\nHost: t\r\n\r\n";
  ASSERT_TRUE(greedy.send(requests));
  gate.await(1);
  HttpClient other(server.port());
  ASSERT_TRUE(other.send("GET /other HTTP/1.1\r\nHost: t\r\n\r\n"));
  gate.open();
  EXPECT_EQ(other.receive().status, 200);
  EXPECT_LT(answered_before, kAhead);
  for (int i = 0; i < kAhead; ++i) EXPECT_EQ(greedy.receive().status, 200) << "none is forgotten";
}

TEST(HttpServerThreads, ABodyThatIsNotWantedIsNotWaitedFor) {
  TestHandler handler;
  handler.answer = [](const Request& request) {
    return request.path == "/no" ? text_response(401, "") : text_response(200, whole_body(request));
  };
  HttpServerOptions options;
  options.threads = 2;
  options.receiving = 1;
  options.pause_timeout = std::chrono::hours(1);
  RunningServer server(handler, options);
  std::vector<HttpClient> refused;
  for (int i = 0; i < 3; ++i) {
    refused.emplace_back(server.port());
    EXPECT_EQ(refused.back().ask("POST /no HTTP/1.1\r\nHost: t\r\nContent-Length: 1000\r\n\r\na").status, 401);
  }
  HttpClient wanted(server.port());
  EXPECT_TRUE(wanted.announce("POST", "/", 3)) << "those who are refused take no place of those who are not";
  EXPECT_EQ(wanted.ask("abc").body, "abc");
}

/// Answers "/long" when the gate opens and has it watched for its client's leaving; all others at once.
auto held_if_long(Gate& gate) {
  return [&gate](const Request& request) {
    if (request.path == "/long") {
      (void)request.client->presence();
      gate.wait();
    }
    return text_response(200, request.path);
  };
}

TEST(HttpServerThreads, LongWorkLeavesThreadsForOthers) {
  TestHandler handler;
  Gate gate;
  handler.answer = held_if_long(gate);
  HttpServerOptions options;
  options.threads = 3;
  options.long_requests = 2;
  RunningServer server(handler, options);
  std::vector<HttpClient> busy = clients_that_sent(server, 2, "GET /long HTTP/1.1\r\nHost: t\r\n\r\n");
  gate.await(2);
  HttpClient client(server.port());
  EXPECT_EQ(client.get("/long").status, 503);
  EXPECT_EQ(client.get("/quick").status, 200);
  gate.open();
  for (HttpClient& each : busy) EXPECT_EQ(each.receive().status, 200);
  EXPECT_EQ(client.get("/long").status, 200);
}

TEST(HttpServerThreads, LongWorkBeyondTheThreadsStartsMore) {
  TestHandler handler;
  Gate gate;
  handler.answer = held_if_long(gate);
  HttpServerOptions options;
  options.threads = 2;
  options.more_threads = 20;
  options.long_requests = 21;
  RunningServer server(handler, options);
  std::vector<HttpClient> busy = clients_that_sent(server, 21, "GET /long HTTP/1.1\r\nHost: t\r\n\r\n");
  gate.await(21);
  HttpClient client(server.port());
  EXPECT_EQ(client.get("/long").status, 503);
  EXPECT_EQ(client.get("/quick").status, 200);
  gate.open();
  for (HttpClient& each : busy) EXPECT_EQ(each.receive().status, 200);
}

TEST(HttpServerThreads, QuickRequestsStartNoMoreThreads) {
  TestHandler handler;
  Gate gate;
  std::mutex mutex;
  std::set<std::thread::id> threads;
  handler.answer = [&](const Request& request) {
    {
      const std::lock_guard lock(mutex);
      threads.insert(std::this_thread::get_id());
    }
    gate.wait();
    return text_response(200, request.path);
  };
  HttpServerOptions options;
  options.threads = 2;
  options.more_threads = 20;
  options.long_requests = 21;
  RunningServer server(handler, options);
  std::vector<HttpClient> clients = clients_that_sent(server, 20, "GET /quick HTTP/1.1\r\nHost: t\r\n\r\n");
  gate.await(2);
  gate.open();
  for (HttpClient& each : clients) EXPECT_EQ(each.receive().status, 200);
  EXPECT_EQ(threads.size(), 2U);
}

TEST(HttpServerThreads, LongWorkWithoutAThreadForTheOthersIsRefused) {
  TestHandler handler;
  Gate gate;
  handler.answer = held_if_long(gate);
  HttpServerOptions options;
  options.threads = 2;
  options.more_threads = 20;
  options.long_requests = 21;
  RunningServer server(handler, options);
  HttpClient busy(server.port());
  ASSERT_TRUE(busy.send("GET /long HTTP/1.1\r\nHost: t\r\n\r\n"));
  gate.await(1);
  HttpClient client(server.port());
  {
    EXPECT_EQ(client.get("/quick").status, 200);  // so both have started
    const NoMoreThreads limit;
    EXPECT_EQ(client.get("/long").status, 503);
    EXPECT_EQ(client.get("/quick").status, 200);
  }
  HttpClient later(server.port());
  ASSERT_TRUE(later.send("GET /long HTTP/1.1\r\nHost: t\r\n\r\n"));
  gate.await(2);
  EXPECT_EQ(client.get("/quick").status, 200);
  gate.open();
  for (HttpClient* each : {&busy, &later}) EXPECT_EQ(each->receive().status, 200);
}

TEST(HttpServerThreads, AsManyRequestsAreHandledAtOnceAsThereAreThreads) {
  TestHandler handler;
  Gate gate;
  handler.answer = [&](const Request& request) {
    if (request.path == "/held") gate.wait();
    return text_response(200, request.path);
  };
  HttpServerOptions options;
  options.threads = 4 * usable_processors() + 3;  // more than wait for them
  RunningServer server(handler, options);
  const int held = static_cast<int>(options.threads) - 1;
  std::vector<HttpClient> clients = clients_that_sent(server, held, "GET /held HTTP/1.1\r\nHost: t\r\n\r\n");
  gate.await(held);
  HttpClient client(server.port());
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.get("/quick").status, 200);
  gate.open();
  for (HttpClient& each : clients) EXPECT_EQ(each.receive().status, 200);
  EXPECT_EQ(client.get("/quick").status, 200);
}

TEST(HttpServerThreads, AnswersThatAreTakenSlowlyOccupyNoThread) {
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

TEST(HttpServerThreads, ClientsThatSendOnAfterTheirLastAnswerOccupyNoThread) {
  TestHandler handler;
  handler.answer = [](const Request& request) { return text_response(request.path == "/large" ? 413 : 200, ""); };
  HttpServerOptions options;
  options.threads = 1;
  options.linger_timeout = std::chrono::hours(1);
  RunningServer server(handler, options);
  HttpClient sending(server.port());
  EXPECT_EQ(sending.ask("POST /large HTTP/1.1\r\nHost: t\r\nContent-Length: 8000000\r\n\r\nabc").status, 413);
  HttpClient quick(server.port());
  EXPECT_EQ(quick.get("/quick").status, 200);
  EXPECT_TRUE(sending.send(std::string(1'000'000, 'x')));
}

TEST(HttpServerThreads, TurnsAwayWhomItHasNoRoomFor) {
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

TEST(HttpServerThreads, ServesManyClientsAtOnce) {
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

}  // namespace
}  // namespace neve::service
