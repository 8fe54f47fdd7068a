#include "cache/redis/wire/socket.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

#include "cache/redis/wire/connect.hpp"
#include "cache/redis/wire/resolve.hpp"

namespace neve::redis {
namespace {

// The most pieces one sendmsg takes (IOV_MAX on Linux).
constexpr std::size_t kMostPieces = 1024;

// Only a payload's own memory is larger than this, and then all of it is wanted: the kernel may wait for the rest
// itself, within the same timeout, instead of returning with every piece.
constexpr std::size_t kAll = 64 * 1024;

// For a call that has what it wants already.
constexpr std::chrono::microseconds kAtOnce{1000};

std::string text_of(int error_number) { return std::generic_category().message(error_number); }

void prepare(int fd, bool tcp) {
  const int on = 1;
  if (tcp) {
    (void)::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    (void)::setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
  }
  (void)::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) & ~O_NONBLOCK);
}

std::vector<iovec> gather(std::span<const ByteSpan> pieces) {
  std::vector<iovec> result;
  result.reserve(pieces.size());
  for (const ByteSpan piece : pieces) {
    if (!piece.empty()) result.push_back({const_cast<std::byte*>(piece.data()), piece.size()});
  }
  return result;
}

/// Drops the first `sent` bytes of what is still to go.
std::span<iovec> after(std::span<iovec> pieces, std::size_t sent) {
  while (!pieces.empty() && sent >= pieces.front().iov_len) {
    sent -= pieces.front().iov_len;
    pieces = pieces.subspan(1);
  }
  if (sent > 0) {
    pieces.front().iov_base = static_cast<std::byte*>(pieces.front().iov_base) + sent;
    pieces.front().iov_len -= sent;
  }
  return pieces;
}

}  // namespace

Socket::Socket(FileDescriptor fd, std::string peer)
    : fd_(std::move(fd)), peer_(std::move(peer)), receive_{SO_RCVTIMEO, POLLIN}, send_{SO_SNDTIMEO, POLLOUT} {}

Socket Socket::connect(const RedisEndpoint& endpoint, const Deadline& deadline) {
  Connected connected = connect_to_any(resolve(endpoint, deadline), deadline);
  if (connected.error == 0) {
    prepare(connected.socket.get(), endpoint.unix_path.empty());
    return Socket(std::move(connected.socket), endpoint.text());
  }
  const ErrorCode code = connected.error == ETIMEDOUT ? ErrorCode::timeout : ErrorCode::unavailable;
  throw Error(code, "cannot connect to Redis at " + endpoint.text() + ": " + text_of(connected.error));
}

void Socket::arm(const Deadline& deadline, Timeout& timeout) {
  auto remaining = deadline.remaining();
  if (remaining.count() == 0) {
    // What came in time and waits is taken: on a machine that is busy it is this thread that is late, not the server.
    pollfd waiting{fd_.get(), timeout.event, 0};
    if (::poll(&waiting, 1, 0) <= 0) throw_timeout();
    remaining = kAtOnce;
  }
  // Setting the option costs a system call, so a timeout that is nearly right is left as it is.
  if (timeout.armed >= remaining / 2 && timeout.armed <= remaining + remaining / 8) return;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(remaining);
  const timeval value{seconds.count(), (remaining - seconds).count()};
  if (::setsockopt(fd_.get(), SOL_SOCKET, timeout.option, &value, sizeof(value)) != 0) {
    throw io_error("cannot set a timeout on the connection to " + peer_, errno);
  }
  timeout.armed = remaining;
}

void Socket::throw_timeout() const {
  throw Error(ErrorCode::timeout, "Redis at " + peer_ + " does not answer in time");
}

void Socket::throw_lost(int error_number) const {
  throw ConnectionLost("Redis at " + peer_ + " closed the connection" +
                       (error_number == 0 ? std::string() : ": " + text_of(error_number)));
}

bool SocketTransport::quiet() const noexcept {
  std::byte next{};
  return ::recv(socket_.fd(), &next, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

std::size_t SocketTransport::receive(std::span<std::byte> out, const Deadline& deadline) {
  for (;;) {
    socket_.arm_receive(deadline);
    const ssize_t received = ::recv(socket_.fd(), out.data(), out.size(), out.size() > kAll ? MSG_WAITALL : 0);
    if (received > 0) return static_cast<std::size_t>(received);
    if (received == 0) socket_.throw_lost(0);
    if (errno != EINTR && errno != EAGAIN) socket_.throw_lost(errno);
  }
}

void SocketTransport::send(std::span<const ByteSpan> pieces, const Deadline& deadline) {
  std::vector<iovec> all = gather(pieces);
  std::span<iovec> rest = all;
  while (!rest.empty()) {
    socket_.arm_send(deadline);
    msghdr message{};
    message.msg_iov = rest.data();
    message.msg_iovlen = std::min(rest.size(), kMostPieces);
    const ssize_t sent = ::sendmsg(socket_.fd(), &message, MSG_NOSIGNAL);
    if (sent >= 0) {
      rest = after(rest, static_cast<std::size_t>(sent));
    } else if (errno != EINTR && errno != EAGAIN) {
      socket_.throw_lost(errno);
    }
  }
}

}  // namespace neve::redis
