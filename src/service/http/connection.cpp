#include "service/http/connection.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <neve/base/error.hpp>

namespace neve::service {
namespace {

constexpr std::size_t kReceiveBytes = std::size_t{16} << 10;
/// What is read of a body its handler did not want, so that the connection can go on.
constexpr std::size_t kMaxUnwantedBytes = std::size_t{256} << 10;
constexpr std::size_t kMaxLingerBytes = std::size_t{16} << 20;
constexpr std::chrono::milliseconds kLongestLinger{2000};

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK; }

}  // namespace

std::string_view to_string(Delivery delivery) noexcept {
  switch (delivery) {
    case Delivery::complete:
      return "complete";
    case Delivery::client_left:
      return "client_left";
    case Delivery::too_slow:
      return "too_slow";
  }
  return "unknown";
}

Connection::Connection(std::uint64_t id, FileDescriptor socket, std::string remote_address, int poller,
                       const HttpServerOptions& options)
    : id_(id),
      socket_(std::move(socket)),
      remote_address_(std::move(remote_address)),
      poller_(poller),
      options_(options) {}

void Connection::poll_for(std::uint32_t events) {
  epoll_event event{};
  event.events = events | EPOLLRDHUP | EPOLLONESHOT;
  event.data.u64 = id_;
  ::epoll_ctl(poller_, EPOLL_CTL_MOD, socket_.get(), &event);
}

Connection::Claim Connection::claim() {
  std::optional<std::stop_source> leaving;
  {
    const std::lock_guard lock(mutex_);
    if (phase_ == Phase::parked) {
      phase_ = Phase::owned;
      return Claim::serve;
    }
    if (phase_ == Phase::watched) leaving = stop_;
  }
  // Outside the lock: whoever listens to the token does so in this thread.
  if (leaving) leaving->request_stop();
  return Claim::none;
}

void Connection::park() {
  const std::lock_guard lock(mutex_);
  if (head_began_) {
    deadline_ = *head_began_ + options_.head_timeout;
  } else {
    deadline_ = Clock::now() + (fresh_ ? options_.head_timeout : options_.idle_timeout);
  }
  phase_ = Phase::parked;
  poll_for(EPOLLIN);
}

void Connection::expire(Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  if (phase_ != Phase::parked || now < deadline_ || timed_out_) return;
  timed_out_ = true;
  ::shutdown(socket_.get(), SHUT_RD);
}

void Connection::end_if_idle() {
  const std::lock_guard lock(mutex_);
  // What has already arrived can still be received and answered; then comes the end.
  if (phase_ == Phase::parked) ::shutdown(socket_.get(), SHUT_RD);
}

void Connection::ask_to_stop() {
  std::optional<std::stop_source> asked;
  {
    const std::lock_guard lock(mutex_);
    stop_asked_ = true;
    asked = stop_;
  }
  if (asked) asked->request_stop();
}

void Connection::cut() noexcept { ::shutdown(socket_.get(), SHUT_RDWR); }

Connection::Received Connection::receive() {
  thread_local std::array<char, kReceiveBytes> scratch;
  ssize_t count = 0;
  do {
    count = ::recv(socket_.get(), scratch.data(), scratch.size(), MSG_DONTWAIT);
  } while (count < 0 && errno == EINTR);
  if (count < 0 && would_block(errno)) return Received::nothing_yet;
  if (count <= 0) return Received::end;
  if (!head_began_) head_began_ = Clock::now();
  buffer_.append(scratch.data(), static_cast<std::size_t>(count));
  return Received::data;
}

void Connection::drop_received(std::size_t count) {
  offset_ += count;
  if (offset_ < buffer_.size()) return;
  buffer_.clear();
  offset_ = 0;
}

void Connection::begin_request(const RequestHead& head) {
  fresh_ = false;
  head_began_.reset();
  body_ = BodyDecoder(head);
  body_pace_.reset();
  continue_expected_ = head.expects_continue && head.request.has_body;
}

std::size_t Connection::read_body(std::span<std::byte> out) {
  if (body_.done() || out.empty()) return 0;
  const auto now = Clock::now();
  // The time a handler took between two reads is not the client's.
  if (!body_pace_) body_pace_.emplace(options_.pause_timeout, options_.slowest_bytes_per_s, now);
  last_received_ = now;
  if (std::exchange(continue_expected_, false)) {
    std::uint64_t none = 0;
    if (send_bytes("HTTP/1.1 100 Continue\r\n\r\n", {}, none) != Delivery::complete) {
      throw Error(ErrorCode::cancelled, "the client left before it sent its request's body");
    }
  }
  for (;;) {
    if (offset_ < buffer_.size()) {
      const auto step = body_.decode(received(), out);
      drop_received(step.consumed);
      body_pace_->add(step.produced);
      if (step.produced > 0 || body_.done()) return step.produced;
      continue;
    }
    const std::uint64_t plain = std::min<std::uint64_t>(body_.plain_bytes(), out.size());
    ssize_t count = 0;
    if (plain >= 4096) {  // straight into the caller's memory
      count = ::recv(socket_.get(), out.data(), static_cast<std::size_t>(plain), MSG_DONTWAIT);
    } else {
      const Received received = receive();
      head_began_.reset();
      count = received == Received::end ? 0 : received == Received::data ? 1 : -1;
      if (count == 1) continue;
      if (count == -1) errno = EAGAIN;
    }
    if (count > 0) {
      body_.skip_plain(static_cast<std::uint64_t>(count));
      body_pace_->add(static_cast<std::uint64_t>(count));
      return static_cast<std::size_t>(count);
    }
    if (count == 0 || (errno != EINTR && !would_block(errno))) {
      throw Error(ErrorCode::cancelled, "the client left in the middle of its request's body");
    }
    if (!wait_for(POLLIN, *body_pace_)) {
      throw Error(ErrorCode::timeout, "the request's body came too slowly: at least " +
                                          std::to_string(options_.slowest_bytes_per_s) + " bytes/s are expected");
    }
  }
}

bool Connection::wait_for(short events, const Pace& pace) {
  for (;;) {
    const auto left = pace.left(last_received_);
    if (left.count() <= 0) return false;
    pollfd source{socket_.get(), events, 0};
    const int ready = ::poll(&source, 1, static_cast<int>(left.count()) + 1);
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

std::stop_token Connection::presence() {
  const std::lock_guard lock(mutex_);
  if (!stop_) {
    stop_.emplace();
    if (stop_asked_) stop_->request_stop();
    phase_ = Phase::watched;
    poll_for(0);
  }
  return stop_->get_token();
}

bool Connection::end_request() {
  {
    const std::lock_guard lock(mutex_);
    phase_ = Phase::owned;
    stop_.reset();
  }
  if (continue_expected_) return false;  // whether a body comes after all, nobody can tell
  std::array<std::byte, 16 << 10> unwanted;
  std::size_t total = 0;
  try {
    while (!body_.done()) {
      if (body_.plain_bytes() > kMaxUnwantedBytes || total > kMaxUnwantedBytes) return false;
      total += read_body(unwanted);
    }
  } catch (const Error&) {
    return false;
  }
  return true;
}

Exchange Connection::send(const Response& response, AfterAnswer after, SendBody body) {
  Exchange exchange;
  const std::string head = write_response_head(response, after);
  const bool with_body = body == SendBody::yes && response.status != 204 && response.status != 304;
  const auto* bytes = std::get_if<Bytes>(&response.body);
  exchange.delivery = send_bytes(head, with_body && bytes != nullptr ? bytes->span() : ByteSpan(), exchange.sent_bytes);
  if (exchange.delivery == Delivery::complete && with_body && bytes == nullptr) {
    exchange.delivery = send_file(std::get<FileBody>(response.body), exchange.sent_bytes);
  }
  return exchange;
}

Delivery Connection::send_bytes(std::string_view head, ByteSpan body, std::uint64_t& sent_body) {
  std::optional<Pace> pace;
  std::size_t sent = 0;
  const std::size_t total = head.size() + body.size();
  while (sent < total) {
    std::array<iovec, 2> pieces{};
    std::size_t used = 0;
    if (sent < head.size()) {
      pieces[used++] = {const_cast<char*>(head.data()) + sent, head.size() - sent};  // sendmsg only reads
    }
    const std::size_t body_from = sent > head.size() ? sent - head.size() : 0;
    if (!body.empty()) pieces[used++] = {const_cast<std::byte*>(body.data()) + body_from, body.size() - body_from};
    msghdr message{};
    message.msg_iov = pieces.data();
    message.msg_iovlen = used;
    const ssize_t count = ::sendmsg(socket_.get(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count >= 0) {
      sent += static_cast<std::size_t>(count);
      sent_body = sent > head.size() ? sent - head.size() : 0;
      if (pace) pace->add(static_cast<std::uint64_t>(count));
      if (pace) last_received_ = Clock::now();
      continue;
    }
    if (errno == EINTR) continue;
    if (!would_block(errno)) return Delivery::client_left;
    if (!pace) {
      pace.emplace(options_.pause_timeout, options_.slowest_bytes_per_s);
      last_received_ = Clock::now();
    }
    if (!wait_for(POLLOUT, *pace)) return Delivery::too_slow;
  }
  return Delivery::complete;
}

Delivery Connection::send_file(const FileBody& body, std::uint64_t& sent_body) {
  Pace pace(options_.pause_timeout, options_.slowest_bytes_per_s);
  last_received_ = Clock::now();
  auto offset = static_cast<off_t>(body.offset);
  while (sent_body < body.length) {
    const std::uint64_t most = std::min<std::uint64_t>(body.length - sent_body, std::uint64_t{1} << 20);
    const ssize_t count = ::sendfile(socket_.get(), body.file->get(), &offset, static_cast<std::size_t>(most));
    if (count > 0) {
      sent_body += static_cast<std::uint64_t>(count);
      pace.add(static_cast<std::uint64_t>(count));
      last_received_ = Clock::now();
      continue;
    }
    if (count == 0) return Delivery::client_left;  // the file is shorter than it was: all we can do is to hang up
    if (errno == EINTR) continue;
    if (!would_block(errno)) return Delivery::client_left;
    if (!wait_for(POLLOUT, pace)) return Delivery::too_slow;
  }
  return Delivery::complete;
}

void Connection::linger() {
  ::shutdown(socket_.get(), SHUT_WR);
  const Pace pace(kLongestLinger, 0);
  last_received_ = Clock::now();
  std::array<std::byte, 64 << 10> unwanted;
  for (std::size_t total = 0; total < kMaxLingerBytes;) {
    const ssize_t count = ::recv(socket_.get(), unwanted.data(), unwanted.size(), MSG_DONTWAIT);
    if (count == 0 || (count < 0 && errno != EINTR && !would_block(errno))) return;
    if (count > 0) {
      total += static_cast<std::size_t>(count);
    } else if (!wait_for(POLLIN, pace)) {
      return;
    }
  }
}

}  // namespace neve::service
