#include "cache/redis/wire/connect.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>
#include <vector>

namespace neve::redis {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

// What RFC 8305 recommends, for those who allow a distant server seconds.
constexpr milliseconds kLongestHeadStart{250};

/// With the error EINPROGRESS if it is not known yet how it ends.
Connected begin(const SocketAddress& address) {
  FileDescriptor socket(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket.valid()) return {{}, errno};
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address.storage), address.size) == 0)
    return {std::move(socket), 0};
  return {std::move(socket), errno == EINTR ? EINPROGRESS : errno};
}

/// A unix socket connects at once or not at all: where too many wait already to be let in, only the call itself can
/// wait for its turn.
Connected connect_to_unix(const SocketAddress& address, const Deadline& deadline) {
  FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket.valid()) return {{}, errno};
  for (;;) {
    const auto left = std::max(deadline.remaining(), microseconds(1));  // none would be for ever
    const timeval limit{left / std::chrono::seconds(1), (left % std::chrono::seconds(1)).count()};
    if (::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)) != 0) return {{}, errno};
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address.storage), address.size) == 0)
      return {std::move(socket), 0};
    if (errno != EINTR && errno != EAGAIN) return {{}, errno};
    if (deadline.remaining().count() == 0) return {{}, ETIMEDOUT};
  }
}

/// How the attempt has ended: 0 or an errno value.
int outcome_of(const FileDescriptor& socket) {
  int error = 0;
  socklen_t size = sizeof(error);
  return ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

/// Which of the attempts have ended within `limit`.
std::vector<bool> await(const std::vector<FileDescriptor>& trying, microseconds limit) {
  std::vector<pollfd> waiting;
  for (const FileDescriptor& socket : trying) waiting.push_back({socket.get(), POLLOUT, 0});
  const auto left = std::chrono::ceil<milliseconds>(limit);
  const int ready = ::poll(waiting.data(), waiting.size(), static_cast<int>(left.count()));
  std::vector<bool> ended(trying.size(), false);
  for (std::size_t i = 0; ready > 0 && i < waiting.size(); ++i) ended[i] = waiting[i].revents != 0;
  return ended;
}

}  // namespace

Connected connect_to_any(std::span<const SocketAddress> addresses, const Deadline& deadline) {
  using SteadyClock = Deadline::SteadyClock;
  if (addresses.front().storage.ss_family == AF_UNIX) return connect_to_unix(addresses.front(), deadline);
  // So long that all of them get their turn, and the last one some time, too.
  const microseconds head_start =
      std::min<microseconds>(kLongestHeadStart, deadline.remaining() / static_cast<std::int64_t>(addresses.size() + 2));
  std::vector<FileDescriptor> trying;
  auto turn = SteadyClock::now();  // of the next one
  int error = ETIMEDOUT;
  for (;;) {
    while (!addresses.empty() && SteadyClock::now() >= turn) {
      Connected begun = begin(addresses.front());
      addresses = addresses.subspan(1);
      if (begun.error == 0) return begun;
      error = begun.error;
      if (error != EINPROGRESS) continue;
      trying.push_back(std::move(begun.socket));
      turn = SteadyClock::now() + head_start;
    }
    if (trying.empty()) return {{}, error};
    const auto left = deadline.remaining();
    const auto until_turn = std::chrono::ceil<microseconds>(turn - SteadyClock::now());
    const std::vector<bool> ended =
        await(trying, addresses.empty() ? left : std::clamp(until_turn, microseconds(0), left));
    std::vector<FileDescriptor> still;
    for (std::size_t i = 0; i < trying.size(); ++i) {
      if (!ended[i]) {
        still.push_back(std::move(trying[i]));
        continue;
      }
      error = outcome_of(trying[i]);
      if (error == 0) return {std::move(trying[i]), 0};
      turn = SteadyClock::now();
    }
    trying = std::move(still);
    if (left.count() == 0 && !trying.empty()) return {{}, ETIMEDOUT};
  }
}

}  // namespace neve::redis
