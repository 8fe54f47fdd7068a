#include "service/http/connection.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <neve/base/error.hpp>

namespace neve::service {
namespace {

constexpr std::size_t kReceiveBytes = std::size_t{16} << 10;
/// What is read of a body its handler did not want, so that the connection can go on.
constexpr std::size_t kMaxUnwantedBytes = std::size_t{256} << 10;
constexpr std::size_t kMaxLingeringBytes = std::size_t{16} << 20;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
/// How soon who waits for a body notices that it shall stop.
constexpr std::chrono::milliseconds kStopNoticed{200};

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
                       const HttpServerOptions& options, ConcurrencyLimit& body_limit,
                       std::function<ConcurrencyLimit::Permit()> begin_long)
    : id_(id),
      socket_(std::move(socket)),
      remote_address_(std::move(remote_address)),
      poller_(poller),
      options_(options),
      body_limit_(body_limit),
      begin_long_(std::move(begin_long)) {}

void Connection::poll_for(std::uint32_t events) {
  epoll_event event{};
  event.events = events | EPOLLONESHOT;
  event.data.u64 = id_;
  ::epoll_ctl(poller_, EPOLL_CTL_MOD, socket_.get(), &event);
}

/// False if the client has left for sure. Called under the mutex, while a handler computes and nobody else sends.
bool Connection::ask_whether_there() {
  if (!takes_interim_) return false;
  const ssize_t count = ::send(socket_.get(), kContinue.data(), kContinue.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (count != static_cast<ssize_t>(kContinue.size())) return false;
  poll_for(0);  // errors and the end of both sides are always told
  return true;
}

Connection::Claim Connection::claim(std::uint32_t events) {
  std::optional<std::stop_source> leaving;
  {
    const std::lock_guard lock(mutex_);
    if (phase_ == Phase::parked) {
      phase_ = Phase::owned;
      return Claim::serve;
    }
    const bool ended = (events & (EPOLLHUP | EPOLLERR)) != 0;
    if (phase_ == Phase::watched && (ended || !ask_whether_there())) leaving = stop_;
  }
  // Outside the lock: whoever listens to the token does so in this thread.
  if (leaving) leaving->request_stop();
  return Claim::none;
}

Connection::Clock::time_point Connection::deadline_of_stage() const {
  if (stage_ == Stage::lingering) return lingering_since_ + options_.linger_timeout;
  const auto now = Clock::now();
  if (stage_ == Stage::answer) return now + pace_->left(last_progress_, now);
  if (head_began_) return *head_began_ + options_.head_timeout;
  return now + (fresh_ ? options_.head_timeout : options_.idle_timeout);
}

void Connection::park() {
  const std::lock_guard lock(mutex_);
  deadline_ = deadline_of_stage();
  phase_ = Phase::parked;
  // Who takes an answer may have ended its own side long ago. Of a request that has all come there is nothing more to
  // wait for than that its answer can be sent.
  const bool whole_request = stage_ == Stage::request && head_size(received());
  poll_for(stage_ == Stage::answer ? EPOLLOUT
                                   : (unread_ ? 0U : EPOLLIN) | EPOLLRDHUP | (whole_request ? EPOLLOUT : 0U));
}

void Connection::expire(Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  if (phase_ != Phase::parked || now < deadline_ || timed_out_) return;
  timed_out_ = true;
  ::shutdown(socket_.get(), stage_ == Stage::answer ? SHUT_RDWR : SHUT_RD);
}

void Connection::end_if_idle() {
  const std::lock_guard lock(mutex_);
  // What has already arrived can still be received and answered; then comes the end.
  if (phase_ == Phase::parked && stage_ == Stage::request) ::shutdown(socket_.get(), SHUT_RD);
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
  received_.append({scratch.data(), static_cast<std::size_t>(count)});
  return Received::data;
}

const Request& Connection::begin_request(RequestHead head, Stopwatch since) {
  fresh_ = false;
  since_ = since;
  head_began_.reset();
  body_ = BodyDecoder(head);
  pace_.reset();
  continue_expected_ = head.expects_continue && head.request.has_body;
  {
    const std::lock_guard lock(mutex_);
    takes_interim_ = head.takes_interim;
  }
  request_ = std::move(head.request);
  request_->remote_address = remote_address_;
  request_->client = this;
  return *request_;
}

std::size_t Connection::read_body(std::span<std::byte> out) {
  if (body_.done() || out.empty()) return 0;
  go_on_unless_stopped();
  const auto now = Clock::now();
  // The time a handler took between two reads is not the client's.
  if (!pace_) pace_.emplace(options_.pause_timeout, options_.slowest_bytes_per_s, now);
  last_progress_ = now;
  if (std::exchange(continue_expected_, false)) invite_body();
  for (;;) {
    const BodyBytes got = take_body(out);
    pace_->add(got.count);
    if (got.count > 0 || body_.done()) return got.count;
    if (got.received == Received::end) {
      throw Error(ErrorCode::cancelled, "the client left in the middle of its request's body");
    }
    if (got.received == Received::nothing_yet) wait_for_body();
  }
}

/// What has come of the body, without its framing. Never waits.
Connection::BodyBytes Connection::take_body(std::span<std::byte> out) {
  if (!received_.empty()) {
    const auto step = body_.decode(received(), out);
    drop_received(step.consumed);
    return {Received::data, step.produced};
  }
  const BodyBytes got = receive_body(out);
  if (got.count > 0) body_.skip_plain(got.count);
  return got;
}

/// What has come of the body: much of it straight into `out`, little of it, or framing, into the buffer.
Connection::BodyBytes Connection::receive_body(std::span<std::byte> out) {
  constexpr std::uint64_t kLeastInPlace = 4096;
  const std::uint64_t plain = std::min<std::uint64_t>(body_.plain_bytes(), out.size());
  if (plain < kLeastInPlace) {
    const Received received = receive();
    head_began_.reset();
    return {received, 0};
  }
  const ssize_t count = ::recv(socket_.get(), out.data(), static_cast<std::size_t>(plain), MSG_DONTWAIT);
  if (count > 0) return {Received::data, static_cast<std::size_t>(count)};
  return {count < 0 && (errno == EINTR || would_block(errno)) ? Received::nothing_yet : Received::end, 0};
}

/// What has come already needs no permit: only waiting keeps a thread from the others.
void Connection::acquire_body_permit() {
  if (!body_permit_.held()) body_permit_ = body_limit_.try_acquire();
  if (body_permit_.held()) return;
  throw Error(ErrorCode::unavailable, "the bodies of " + std::to_string(body_limit_.most()) +
                                          " requests are being received already; try again later");
}

void Connection::wait_for_body() {
  acquire_body_permit();
  if (wait_for(POLLIN)) return;
  throw Error(ErrorCode::timeout, "the request's body came too slowly: at least " +
                                      std::to_string(options_.slowest_bytes_per_s) + " bytes/s are expected");
}

/// Says that the body may come, unless there is nobody to wait for it.
void Connection::invite_body() {
  acquire_body_permit();
  std::string_view rest = kContinue;
  while (!rest.empty()) {
    const ssize_t count = ::send(socket_.get(), rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count > 0) {
      rest.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno != EINTR && !(would_block(errno) && wait_for(POLLOUT))) {
      throw Error(ErrorCode::cancelled, "the client left before it sent its request's body");
    }
  }
}

void Connection::go_on_unless_stopped() {
  const std::lock_guard lock(mutex_);
  if (!stop_asked_) return;
  throw Error(ErrorCode::cancelled, "the service is shutting down, and the request's body has not all come");
}

bool Connection::wait_for(short events) {
  for (;;) {
    go_on_unless_stopped();
    const auto left = pace_->left(last_progress_);
    if (left.count() <= 0) return false;
    pollfd source{socket_.get(), events, 0};
    const int ready = ::poll(&source, 1, static_cast<int>(std::min(left, kStopNoticed).count()) + 1);
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

std::stop_token Connection::presence() {
  if (!long_permit_.held()) long_permit_ = begin_long_();
  const std::lock_guard lock(mutex_);
  if (!stop_) {
    stop_.emplace();
    if (stop_asked_) stop_->request_stop();
    phase_ = Phase::watched;
    poll_for(EPOLLRDHUP);
  }
  return stop_->get_token();
}

bool Connection::end_request() {
  {
    const std::lock_guard lock(mutex_);
    phase_ = Phase::owned;
    stop_.reset();
  }
  const bool usable = !continue_expected_ && read_unwanted_body();  // whether one comes after all, nobody can tell
  body_permit_.release();
  long_permit_.release();
  return usable;
}

/// Whether all of it has come: whoever is refused sends as slowly as he likes, and would keep a thread and one of the
/// places of those whose bodies are wanted.
bool Connection::read_unwanted_body() {
  std::array<std::byte, 16 << 10> unwanted;
  std::size_t total = 0;
  try {
    while (!body_.done()) {
      if (body_.plain_bytes() > kMaxUnwantedBytes || total > kMaxUnwantedBytes) return false;
      const BodyBytes got = take_body(unwanted);
      if (got.received != Received::data) return false;
      total += got.count;
    }
  } catch (const Error&) {
    return false;
  }
  return true;
}

void Connection::begin_answer(Response response, Afterwards afterwards, ResponseSender::SendBody body) {
  afterwards_ = afterwards;
  sender_.begin(std::move(response), afterwards == Afterwards::next_request ? AfterAnswer::keep : AfterAnswer::close,
                body);
  pace_.reset();
  timed_out_ = false;  // that was the request
  stage_ = Stage::answer;
}

std::optional<Delivery> Connection::send() {
  if (timed_out_) return Delivery::too_slow;
  while (!sender_.done()) {
    const ssize_t count = sender_.send_some(socket_.get());
    if (count > 0) {
      if (pace_) pace_->add(static_cast<std::uint64_t>(count));
      last_progress_ = Clock::now();
      continue;
    }
    if (count < 0 && errno == EINTR) continue;
    // A file that is shorter than it was: all we can do is to hang up.
    if (count == 0 || !would_block(errno)) return Delivery::client_left;
    if (!pace_) {
      last_progress_ = Clock::now();
      pace_.emplace(options_.pause_timeout, options_.slowest_bytes_per_s, last_progress_);
    }
    if (pace_->left(last_progress_).count() <= 0) return Delivery::too_slow;
    return std::nullopt;
  }
  return Delivery::complete;
}

Connection::Answered Connection::end_answer(Delivery delivery) {
  Answered answered;
  answered.exchange = {request_ ? since_.seconds() : 0, sender_.sent_body(), delivery};
  answered.request = std::exchange(request_, std::nullopt);
  answered.response = sender_.end();
  answered.afterwards = delivery == Delivery::complete ? afterwards_ : Afterwards::end;
  stage_ = Stage::request;
  if (answered.afterwards == Afterwards::linger) {
    ::shutdown(socket_.get(), SHUT_WR);
    lingering_since_ = Clock::now();
    stage_ = Stage::lingering;
  }
  return answered;
}

bool Connection::lingered() {
  if (unread_) return true;  // it has gone, or was given time enough
  std::array<std::byte, 64 << 10> unwanted;
  while (lingering_bytes_ < kMaxLingeringBytes && !timed_out_) {
    const ssize_t count = ::recv(socket_.get(), unwanted.data(), unwanted.size(), MSG_DONTWAIT);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && would_block(errno)) return false;
    if (count <= 0) return true;
    lingering_bytes_ += static_cast<std::size_t>(count);
  }
  // Who sends as fast as he can and reads only when he cannot, as nginx does with a body it has buffered, would never
  // see his answer while we read, and an error once we close.
  unread_ = true;
  return timed_out_;
}

}  // namespace neve::service
