#include "cache/redis/wire/connection.hpp"

#include <atomic>
#include <future>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <neve/cache/refused.hpp>

#include "cache/guard/moved_bytes.hpp"
#include "cache/redis/wire/pool.hpp"
#include "support/scripted_server.hpp"

namespace neve::redis {
namespace {

using testing::HasSubstr;

RedisOptions options_for(const ScriptedServer& server) {
  RedisOptions options;
  options.endpoints = {{"", 0, server.path()}};
  options.operation_timeout = std::chrono::seconds(20);
  options.connect_timeout = std::chrono::seconds(20);
  return options;
}

template <class Action>
Error error_of(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return Error(ErrorCode::internal, "");
}

TEST(Connection, LogsInAndSelectsInOneRoundTrip) {
  std::string seen;
  ScriptedServer server([&](ScriptedPeer& peer, int) {
    seen = peer.receive();
    peer.send("+OK\r\n+OK\r\n");
    peer.await("PING");
    peer.send("+PONG\r\n");
  });
  RedisOptions options = options_for(server);
  options.user = "ann";
  options.password = "pw";
  options.database = 3;
  Pool pool(options.endpoints[0], options, nullptr);
  const Command ping({"PING"});
  EXPECT_EQ(pool.run({&ping, 1})[0].text(), "PONG");
  EXPECT_EQ(seen, "*3\r\n$4\r\nAUTH\r\n$3\r\nann\r\n$2\r\npw\r\n*2\r\n$6\r\nSELECT\r\n$1\r\n3\r\n");
}

/// What is said when the server answers a login with the password `hunter2` so.
Error error_of_login(const std::string& answer) {
  ScriptedServer server([&answer](ScriptedPeer& peer, int) {
    peer.await("AUTH");
    peer.send(answer);
  });
  RedisOptions options = options_for(server);
  options.password = "hunter2";
  return error_of([&] { (void)Connection::open(options.endpoints[0], options, nullptr); });
}

TEST(Connection, ARefusedLoginSaysWhatToDoAndKeepsThePasswordToItself) {
  const Error refused = error_of_login("-WRONGPASS invalid username-password pair or user is disabled.\r\n");
  EXPECT_EQ(refused.code(), ErrorCode::unavailable);
  EXPECT_THAT(refused.what(), HasSubstr("password is wrong"));
  EXPECT_THAT(refused.what(), testing::Not(HasSubstr("hunter2")));
  // A server whose AUTH was renamed repeats what it was sent.
  const Error renamed = error_of_login("-ERR unknown command 'AUTH', with args beginning with: 'hunter2' \r\n");
  EXPECT_THAT(renamed.what(), HasSubstr("unknown command"));
  EXPECT_THAT(renamed.what(), testing::Not(HasSubstr("hunter2")));
}

TEST(Connection, ASurplusReplyIsNotTakenForTheNextOne) {
  for (const bool at_once : {true, false}) {
    std::promise<void> surplus_sent;
    ScriptedServer server([&](ScriptedPeer& peer, int number) {
      peer.await("PING");
      peer.send(at_once ? "+PONG\r\n+PONG\r\n" : "+PONG\r\n");
      if (number == 0) {
        if (!at_once) peer.send("+PONG\r\n");
        surplus_sent.set_value();
        peer.await("never sent");
      }
      peer.await("ECHO");
      peer.send("$2\r\nhi\r\n");
    });
    const RedisOptions options = options_for(server);
    Pool pool(options.endpoints[0], options, nullptr);
    const Command ping({"PING"});
    EXPECT_EQ(pool.run({&ping, 1})[0].text(), "PONG");
    surplus_sent.get_future().wait();
    EXPECT_EQ(pool.run({&ping, 1})[0].text(), "PONG") << "on a connection of its own";
  }
}

TEST(Connection, WhatAServerOnlyAnnouncesIsNotWaitedFor) {
  ScriptedServer server([](ScriptedPeer& peer, int) {
    peer.await("GET");
    peer.send("$1000000000\r\n");
    peer.await("never sent");
  });
  RedisOptions options = options_for(server);
  options.operation_timeout = std::chrono::milliseconds(50);  // and half a minute for the payload, if it came
  Pool pool(options.endpoints[0], options, nullptr);
  const Command get({"GET", "k"});
  EXPECT_EQ(error_of([&] { (void)pool.run({&get, 1}); }).code(), ErrorCode::timeout);
}

TEST(Connection, AServerThatOnlyTalksToItselfIsNoneForUs) {
  ScriptedServer server([](ScriptedPeer& peer, int) {
    peer.await("GET");
    for (int i = 0; i < 1000; ++i) peer.send(">1\r\n$2\r\nno\r\n");
  });
  const RedisOptions options = options_for(server);
  Pool pool(options.endpoints[0], options, nullptr);
  const Command get({"GET", "k"});
  EXPECT_THAT(error_of([&] { (void)pool.run({&get, 1}); }).what(), HasSubstr("nobody asked for"));
}

TEST(Connection, AServerThatSendsALineWithoutAnEndIsNoneForUs) {
  ScriptedServer server([](ScriptedPeer& peer, int) {
    peer.await("GET");
    peer.send("$" + std::string(20'000, '1'));
  });
  const RedisOptions options = options_for(server);
  Pool pool(options.endpoints[0], options, nullptr);
  const Command get({"GET", "k"});
  const Error error = error_of([&] { (void)pool.run({&get, 1}); });
  EXPECT_EQ(error.code(), ErrorCode::unavailable);
  EXPECT_THAT(error.what(), HasSubstr("no Redis server we can use"));
}

TEST(Connection, NobodyListeningIsUnavailable) {
  RedisOptions options;
  options.endpoints = {{"", 0, "/nonexistent/neve.sock"}};
  const Error error = error_of([&] { (void)Connection::open(options.endpoints[0], options, nullptr); });
  EXPECT_EQ(error.code(), ErrorCode::unavailable);
  EXPECT_THAT(error.what(), HasSubstr("/nonexistent/neve.sock"));
}

TEST(Connection, AServerThatHangsCostsTheTimeoutAndNoMore) {
  ScriptedServer server([](ScriptedPeer& peer, int) { peer.await("never sent"); });
  RedisOptions options = options_for(server);
  options.operation_timeout = std::chrono::milliseconds(5);
  Pool pool(options.endpoints[0], options, nullptr);
  const Command get({"GET", "k"});
  EXPECT_EQ(error_of([&] { (void)pool.run({&get, 1}); }).code(), ErrorCode::timeout);
}

TEST(Connection, AThreadThatIsLateTakesWhatCameInTime) {
  ScriptedServer server([](ScriptedPeer& peer, int) {
    peer.await("GET");
    peer.send("$5\r\nright\r\n");
    peer.await("never sent");
  });
  const RedisOptions options = options_for(server);
  const auto connection = Connection::open(options.endpoints[0], options, nullptr);
  const Command get({"GET", "k"});
  const Command* const commands[] = {&get};
  Deadline deadline(options.operation_timeout, options.minimum_rate);
  connection->send(commands, deadline);
  while (connection->quiet()) std::this_thread::yield();
  Deadline over(std::chrono::milliseconds(0), options.minimum_rate);
  EXPECT_EQ(connection->receive(over).text(), "right");
  connection->send(commands, over);
  EXPECT_EQ(error_of([&] { (void)connection->receive(over); }).code(), ErrorCode::timeout);
}

TEST(Connection, WhatIsSentAndReceivedIsCounted) {
  ScriptedServer server([](ScriptedPeer& peer, int) {
    peer.await("GET");
    peer.send("$5\r\nright\r\n");
    peer.await("never sent");
  });
  const RedisOptions options = options_for(server);
  Pool pool(options.endpoints[0], options, nullptr);
  const Command get({"GET", "k"});
  const auto before = MovedBytes::count();
  (void)pool.run({&get, 1});
  EXPECT_EQ(MovedBytes::count() - before, get.size() + 11);
}

TEST(Connection, AServerThatTrickleFeedsRunsIntoTheSameTimeout) {
  ScriptedServer server([](ScriptedPeer& peer, int) {
    peer.await("GET");
    peer.send("$10\r\n01");  // and then nothing
    peer.await("never sent");
  });
  RedisOptions options = options_for(server);
  options.operation_timeout = std::chrono::milliseconds(5);
  Pool pool(options.endpoints[0], options, nullptr);
  const Command get({"GET", "k"});
  EXPECT_EQ(error_of([&] { (void)pool.run({&get, 1}); }).code(), ErrorCode::timeout);
}

TEST(Pool, AConnectionClosedWhileIdleIsReplaced) {
  ScriptedServer server([](ScriptedPeer& peer, int number) {
    peer.await("PING");
    peer.send(number == 0 ? "+first\r\n" : "+second\r\n");  // then closes
    if (number == 1) peer.await("never sent");
  });
  const RedisOptions options = options_for(server);
  Pool pool(options.endpoints[0], options, nullptr);
  const Command ping({"PING"});
  EXPECT_EQ(pool.run({&ping, 1})[0].text(), "first");
  EXPECT_EQ(pool.run({&ping, 1})[0].text(), "second");
}

TEST(Pool, AReplyCutShortOnAFreshConnectionIsAnErrorNotARetry) {
  std::atomic<int> connections{0};
  ScriptedServer server([&](ScriptedPeer& peer, int) {
    ++connections;
    peer.await("GET");
    peer.send("$100\r\nhalf of it");
  });
  const RedisOptions options = options_for(server);
  Pool pool(options.endpoints[0], options, nullptr);
  const Command get({"GET", "k"});
  EXPECT_EQ(error_of([&] { (void)pool.run({&get, 1}); }).code(), ErrorCode::unavailable);
  EXPECT_EQ(connections, 1);
}

TEST(Pool, AConnectionOutOfStepIsNotUsedAgain) {
  ScriptedServer server([](ScriptedPeer& peer, int number) {
    peer.await("GET");
    if (number == 0) {
      peer.await("never sent");  // the client gives up
    } else {
      peer.send("$5\r\nright\r\n");
      peer.await("never sent");
    }
  });
  RedisOptions options = options_for(server);
  options.operation_timeout = std::chrono::milliseconds(50);
  Pool pool(options.endpoints[0], options, nullptr);
  const Command get({"GET", "k"});
  EXPECT_EQ(error_of([&] { (void)pool.run({&get, 1}); }).code(), ErrorCode::timeout);
  EXPECT_EQ(pool.run({&get, 1})[0].text(), "right");
}

/// Answers the first command of each connection, and then nothing: as behind a firewall that forgets connections.
class ForgottenConnections {
 public:
  ForgottenConnections() {
    options_.operation_timeout = std::chrono::milliseconds(200);  // of those that wait for an answer in vain
  }
  [[nodiscard]] RedisOptions& options() { return options_; }
  /// Two connections of the pool that are idle now.
  void use(Pool& pool) {
    auto first = pool.borrow();
    auto second = pool.borrow();
    for (Pool::Borrowed* each : {&first, &second}) {
      Deadline deadline(std::chrono::seconds(20), options_.minimum_rate);
      EXPECT_EQ(each->connection->run({&ping_, 1}, deadline)[0].text(), "PONG");
      pool.put_back(std::move(each->connection));
    }
  }
  [[nodiscard]] const Command& ping() const { return ping_; }

 private:
  Command ping_{{"PING"}};
  ScriptedServer server_{[](ScriptedPeer& peer, int) {
                           peer.await("PING");
                           peer.send("+PONG\r\n");
                           peer.await("never sent");
                         },
                         ScriptedServer::Connections::together};
  RedisOptions options_ = options_for(server_);
};

TEST(Pool, AConnectionThatWasIdleForLongIsNotTrusted) {
  ForgottenConnections server;
  server.options().longest_idle = std::chrono::milliseconds(0);
  server.options().operation_timeout = std::chrono::seconds(20);
  Pool pool(server.options().endpoints[0], server.options(), nullptr);
  server.use(pool);
  EXPECT_EQ(pool.run({&server.ping(), 1})[0].text(), "PONG");
}

TEST(Pool, AfterOneThatDoesNotAnswerTheOtherIdleConnectionsAreNotTried) {
  ForgottenConnections server;
  Pool pool(server.options().endpoints[0], server.options(), nullptr);
  server.use(pool);
  EXPECT_EQ(error_of([&] { (void)pool.run({&server.ping(), 1}); }).code(), ErrorCode::timeout);
  server.options().operation_timeout = std::chrono::seconds(20);
  EXPECT_EQ(pool.run({&server.ping(), 1})[0].text(), "PONG");
}

TEST(Pool, ALargePayloadArrivesWhole) {
  const std::string payload(3 << 20, 'p');
  ScriptedServer server([&](ScriptedPeer& peer, int) {
    peer.await("GET");
    peer.send("$" + std::to_string(payload.size()) + "\r\n" + payload + "\r\n");
    peer.await("never sent");
  });
  const RedisOptions options = options_for(server);
  Pool pool(options.endpoints[0], options, nullptr);
  const Command get({"GET", "k"});
  EXPECT_EQ(pool.run({&get, 1})[0].text(), payload);
}

}  // namespace
}  // namespace neve::redis
