// The server against real sockets. No test asserts how long something takes: short time limits are set where one is to
// be reached, and long ones where it is not.
#include <neve/service/http_server.hpp>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <vector>
#include <fcntl.h>

#include <gtest/gtest.h>

#include "service/http/http_server_fixture.hpp"
#include "support/http_client.hpp"
#include "support/temporary_folder.hpp"

namespace neve::service {
namespace {

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

TEST(HttpServer, AnAnswerReachesAClientThatReadsOnlyWhenItCannotSend) {
  TestHandler handler;
  handler.answer = [](const Request&) { return text_response(413, "too large"); };
  HttpServerOptions options;
  options.linger_timeout = std::chrono::hours(1);
  options.shutdown_grace = options.shutdown_limit = std::chrono::milliseconds(20);  // what is sent is not all read
  RunningServer server(handler, options);
  HttpClient client(server.port());  // as nginx does with a body it has received
  ASSERT_TRUE(client.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 900000000\r\n\r\n"));
  EXPECT_TRUE(client.send_while_taken(std::string(1'000'000, 'x'), 900)) << "the connection was reset meanwhile";
  EXPECT_EQ(client.receive().status, 413);
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

TEST(HttpServer, AClientThatEndsItsOwnSideOnlyGetsItsAnswer) {
  TestHandler handler;
  Gate gate;
  handler.answer = [&](const Request& request) {
    const std::stop_token presence = request.client->presence();
    gate.wait();
    return text_response(presence.stop_requested() ? 499 : 200, "done");
  };
  RunningServer server(handler);
  HttpClient client(server.port());
  ASSERT_TRUE(client.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n"));
  client.end_sending();
  EXPECT_TRUE(client.invited()) << "that is how the server asks whether it is there";
  gate.open();
  EXPECT_EQ(client.receive().status, 200);
  EXPECT_TRUE(client.ends());
}

TEST(HttpServer, AClientOfHttp10ThatEndsItsOwnSideHasLeft) {
  TestHandler handler;
  handler.answer = [&](const Request& request) {
    const std::stop_token presence = request.client->presence();
    std::mutex mutex;
    std::condition_variable_any changed;
    std::unique_lock lock(mutex);
    changed.wait(lock, presence, [] { return false; });
    return text_response(499, "stopped");
  };
  RunningServer server(handler);
  HttpClient client(server.port());
  ASSERT_TRUE(client.send("GET / HTTP/1.0\r\n\r\n"));
  client.end_sending();
  EXPECT_EQ(client.receive().status, 499);
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

TEST(HttpServer, AtShutdownWhoeverHasConnectedAndAskedIsAnswered) {
  TestHandler handler;
  HttpServer server(handler, {});
  std::vector<std::unique_ptr<HttpClient>> clients;
  for (int i = 0; i < 256; ++i) {
    clients.push_back(std::make_unique<HttpClient>(server.port()));
    ASSERT_TRUE(clients.back()->send("GET /a HTTP/1.1\r\nHost: t\r\n\r\n"));
  }
  std::stop_source stop;
  stop.request_stop();
  server.run(stop.get_token());
  for (const auto& client : clients) EXPECT_EQ(client->receive().body, "GET /a");
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

TEST(HttpServer, AtShutdownABodyThatStillComesIsRefusedBeforeItsConnectionIsCut) {
  TestHandler handler;
  handler.answer = [](const Request& request) { return text_response(200, whole_body(request)); };
  HttpServerOptions options;
  options.shutdown_grace = std::chrono::milliseconds(20);
  options.pause_timeout = std::chrono::hours(1);
  RunningServer server(handler, options);
  HttpClient client(server.port());
  ASSERT_TRUE(client.announce("POST", "/", 1000));
  ASSERT_TRUE(client.send("abc"));
  server.request_stop();
  const HttpAnswer answer = client.receive();
  EXPECT_NE(answer.status, 200);
  EXPECT_NE(answer.body.find("shutting down"), std::string::npos) << answer.body;
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
