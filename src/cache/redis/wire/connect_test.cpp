#include "cache/redis/wire/connect.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <neve/base/error.hpp>

#include "support/free_port.hpp"
#include "support/no_more_threads.hpp"
#include "support/temporary_folder.hpp"

namespace neve::redis {
namespace {

constexpr std::chrono::seconds kLong{20};
constexpr std::chrono::milliseconds kShort{40};

SocketAddress address_of(const sockaddr_in& ip) {
  SocketAddress address;
  std::memcpy(&address.storage, &ip, sizeof(ip));
  address.size = sizeof(ip);
  return address;
}

SocketAddress unix_address(const std::string& path) { return resolve({"", 0, path}, Deadline(kLong, 1 << 20)).front(); }

/// Listens on a port of its own.
class Listener {
 public:
  explicit Listener(const char* host, int backlog = 16) {
    address_.sin_family = AF_INET;
    ::inet_pton(AF_INET, host, &address_.sin_addr);
    socklen_t size = sizeof(address_);
    if (::bind(socket_.get(), reinterpret_cast<sockaddr*>(&address_), size) != 0 ||
        ::listen(socket_.get(), backlog) != 0 ||
        ::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address_), &size) != 0) {
      ADD_FAILURE() << "cannot listen: " << std::strerror(errno);
    }
  }
  [[nodiscard]] SocketAddress address() const { return address_of(address_); }
  [[nodiscard]] bool has_connection() const {
    return FileDescriptor(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC)).valid();
  }

 private:
  FileDescriptor socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  sockaddr_in address_{};
};

/// An address that nothing comes back from: the kernel drops who wants to connect where too many wait to be accepted.
class BlackHole {
 public:
  BlackHole() {
    for (int i = 0; i < 4; ++i) {
      const SocketAddress address = listener_.address();
      waiting_.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
      (void)::connect(waiting_.back().get(), reinterpret_cast<const sockaddr*>(&address.storage), address.size);
    }
  }
  [[nodiscard]] SocketAddress address() const { return listener_.address(); }

 private:
  Listener listener_{"127.0.0.2", 0};
  std::vector<FileDescriptor> waiting_;
};

SocketAddress refusing_address() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(free_port()));
  ::inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  return address_of(address);
}

Connected connect_within(std::chrono::milliseconds time, const std::vector<SocketAddress>& addresses) {
  return connect_to_any(addresses, Deadline(time, 1 << 20));
}

TEST(Connect, AnAddressThatNothingComesBackFromLeavesTimeForTheNext) {
  const BlackHole first;
  const BlackHole second;
  const Listener third("127.0.0.1");
  const Connected connected = connect_within(kLong, {first.address(), second.address(), third.address()});
  EXPECT_EQ(connected.error, 0) << std::strerror(connected.error);
  EXPECT_TRUE(connected.socket.valid());
  EXPECT_TRUE(third.has_connection());
}

TEST(Connect, TheFirstAddressThatAnswersIsTaken) {
  const Listener first("127.0.0.1");
  const Listener second("127.0.0.1");
  EXPECT_EQ(connect_within(kLong, {refusing_address(), first.address(), second.address()}).error, 0);
  EXPECT_TRUE(first.has_connection());
  EXPECT_FALSE(second.has_connection());
}

TEST(Connect, AnAddressOfAFamilyThatTheSystemDoesNotHaveIsPassedOver) {
  SocketAddress unknown = refusing_address();
  unknown.storage.ss_family = AF_MAX;
  const Listener listener("127.0.0.1");
  EXPECT_EQ(connect_within(kLong, {unknown, listener.address()}).error, 0);
}

TEST(Connect, WhereTooManyWaitAtAUnixSocketOneWaitsForOnesTurn) {
  const TemporaryFolder folder;
  const SocketAddress address = unix_address((folder.path() / "s").string());
  const FileDescriptor listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address.storage), address.size), 0);
  ASSERT_EQ(::listen(listener.get(), 0), 0);
  std::vector<FileDescriptor> waiting;
  do {
    waiting.emplace_back(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  } while (::connect(waiting.back().get(), reinterpret_cast<const sockaddr*>(&address.storage), address.size) == 0);
  EXPECT_EQ(connect_within(kShort, {address}).error, ETIMEDOUT);
  const std::jthread server([&] {
    for (;;) {
      const FileDescriptor next(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (!next.valid()) return;
    }
  });
  EXPECT_EQ(connect_within(kLong, {address}).error, 0);
  ::shutdown(listener.get(), SHUT_RDWR);
}

TEST(Connect, WhereNobodyListensTheReasonIsTold) {
  EXPECT_EQ(connect_within(kLong, {refusing_address(), refusing_address()}).error, ECONNREFUSED);
}

TEST(Connect, WhereNobodyCanLookTheNameUpTheHostIsAway) {
  const NoMoreThreads limit;
  try {
    (void)resolve({"localhost", 1, {}}, Deadline(kLong, 1 << 20));
    ADD_FAILURE() << "it was looked up";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unavailable);
  }
}

TEST(Connect, WhereNothingComesBackTheTimeIsUp) {
  const BlackHole hole;
  EXPECT_EQ(connect_within(kShort, {hole.address()}).error, ETIMEDOUT);
  EXPECT_EQ(connect_within(kShort, {hole.address(), refusing_address()}).error, ETIMEDOUT);
  EXPECT_EQ(connect_within(kShort, {hole.address(), hole.address()}).error, ETIMEDOUT);
}

}  // namespace
}  // namespace neve::redis
