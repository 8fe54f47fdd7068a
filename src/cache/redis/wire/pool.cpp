#include "cache/redis/wire/pool.hpp"

#include <algorithm>
#include <ctime>
#include <utility>

#include "cache/guard/connecting_time.hpp"
#include "cache/redis/wire/refusal.hpp"

namespace neve::redis {
namespace {

constexpr std::chrono::milliseconds kLeast{1};
constexpr std::chrono::seconds kBetweenRenewals{10};

/// Whether a transaction was begun and its end is not known. A server ends it in any case, a proxy before one may not,
/// and then whatever is asked next is only queued.
bool left_in_transaction(const std::vector<Reply>& replies) {
  const bool queued = std::any_of(replies.begin(), replies.end(), [](const Reply& reply) {
    return reply.kind == ReplyKind::status && reply.text() == "QUEUED";
  });
  return queued && replies.back().kind != ReplyKind::array && replies.back().error_kind() != "EXECABORT";
}

/// Goes on while the machine sleeps, as do those who forget its connections meanwhile.
std::chrono::nanoseconds time_since_boot() {
  timespec now{};
  (void)::clock_gettime(CLOCK_BOOTTIME, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

}  // namespace

Pool::Pool(RedisEndpoint endpoint, const RedisOptions& options, const TlsContext* tls, Reconnect reconnect)
    : endpoint_(std::move(endpoint)), options_(options), tls_(tls), reconnect_(reconnect) {}

Pool::Borrowed Pool::borrow() {
  bool lost = false;
  {
    const std::lock_guard lock(mutex_);
    while (!idle_.empty()) {
      auto [connection, since] = std::move(idle_.back());
      idle_.pop_back();
      if (!connection->made_here()) continue;
      // What came while it was idle would be taken for the reply to the next command.
      if (!connection->quiet()) {
        lost = true;
      } else if (time_since_boot() - since < options_.longest_idle) {
        return {std::move(connection), false};
      }
    }
  }
  if (lost && reconnect_ == Reconnect::when_told)
    throw ConnectionLost("Redis at " + endpoint_.text() + " closed the connection while it was idle");
  const ConnectingTime::Span connecting;
  const auto start = Deadline::SteadyClock::now();
  Borrowed fresh{Connection::open(endpoint_, options_, tls_), true};
  fresh.connecting = std::chrono::ceil<std::chrono::milliseconds>(Deadline::SteadyClock::now() - start);
  return fresh;
}

void Pool::put_back(std::unique_ptr<Connection> connection) {
  if (!connection->in_step() || !connection->made_here()) return;
  const std::lock_guard lock(mutex_);
  if (idle_.size() < options_.idle_connections) idle_.push_back({std::move(connection), time_since_boot()});
}

void Pool::drop_idle() {
  std::vector<Idle> dropped;  // closed after the lock is released
  const std::lock_guard lock(mutex_);
  dropped.swap(idle_);
}

/// Where a replica was a master its name may stand for another server by now, which new connections find. Or it always
/// was one, and is there to be read.
bool Pool::renewal_is_due() {
  const std::lock_guard lock(mutex_);
  const auto now = Deadline::SteadyClock::now();
  if (renewed_ && now - *renewed_ < kBetweenRenewals) return false;
  renewed_ = now;
  return true;
}

std::vector<Reply> Pool::run(std::span<const Command> commands) {
  for (;;) {
    Borrowed borrowed = borrow();
    try {
      Deadline deadline = new_deadline(borrowed);
      auto replies = borrowed.connection->run(commands, deadline);
      if (demoted(replies) && renewal_is_due()) {
        drop_idle();
      } else if (!left_in_transaction(replies)) {
        put_back(std::move(borrowed.connection));
      }
      return replies;
    } catch (const ConnectionLost&) {
      if (borrowed.fresh) throw;
      drop_idle();
      if (reconnect_ == Reconnect::when_told) throw;
    } catch (const Error& error) {
      if (error.code() == ErrorCode::timeout) drop_idle();
      throw;
    }
  }
}

Reply Pool::run_one_within(const Command& command, const Deadline& deadline) {
  const auto left = [&] {
    return std::max(std::chrono::ceil<std::chrono::milliseconds>(deadline.remaining()), kLeast);
  };
  RedisOptions hurried = options_;
  hurried.connect_timeout = std::min(left(), options_.connect_timeout);
  const auto connection = Connection::open(endpoint_, hurried, tls_);
  Deadline own(std::min(left(), options_.operation_timeout), options_.minimum_rate);
  return connection->run_one(command, own);
}

}  // namespace neve::redis
