#pragma once

#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "cache/redis/wire/connection.hpp"

namespace neve::redis {

/// What a pool does about a connection that the server closed while it was idle.
enum class Reconnect {
  at_once,    ///< it opens another one
  when_told,  ///< it throws `ConnectionLost`: who uses it makes sure first that the server still is the right one
};

/// The connections to one server. Thread-safe: each thread borrows a connection of its own, and up to
/// `idle_connections` are kept for the next ones, for as long as `longest_idle`.
class Pool {
 public:
  /// `options` and `tls` (null without TLS) must outlive the pool. Does not connect yet.
  Pool(RedisEndpoint endpoint, const RedisOptions& options, const TlsContext* tls,
       Reconnect reconnect = Reconnect::at_once);

  /// Runs the commands in one round trip. A connection that the server closed while it was idle is replaced, once, if
  /// that is to be done at once; the commands must therefore be ones that may run twice. Throws what `Connection` does.
  [[nodiscard]] std::vector<Reply> run(std::span<const Command> commands);
  [[nodiscard]] Reply run_one(const Command& command) { return std::move(run({&command, 1}).front()); }

  /// The same on a connection of its own, with what `deadline` has left for connecting and for the reply.
  [[nodiscard]] Reply run_one_within(const Command& command, const Deadline& deadline);

  /// A connection out of the pool; `fresh` says that it was made just now. Give it back with `put_back`.
  struct Borrowed {
    std::unique_ptr<Connection> connection;
    bool fresh;
    std::chrono::milliseconds connecting{0};  ///< what making it took
  };
  [[nodiscard]] Borrowed borrow();
  /// Keeps the connection for the next borrower if it is in step and there is room.
  void put_back(std::unique_ptr<Connection> connection);
  /// Closes the idle connections: after one turned out to be dead, or did not answer, the others may be, too.
  void drop_idle();

  [[nodiscard]] const RedisEndpoint& endpoint() const noexcept { return endpoint_; }
  /// Of an operation on `borrowed`. What connecting took is taken off, down to half of the usual time, so that a caller
  /// waits for a server that hangs at most half as long again as one of the timeouts, not both.
  [[nodiscard]] Deadline new_deadline(const Borrowed& borrowed) const {
    const auto usual = options_.operation_timeout;
    return {std::max(usual - borrowed.connecting, usual / 2), options_.minimum_rate};
  }

 private:
  struct Idle {
    std::unique_ptr<Connection> connection;
    std::chrono::nanoseconds since;  // since the machine was started
  };

  [[nodiscard]] bool renewal_is_due();

  RedisEndpoint endpoint_;
  const RedisOptions& options_;
  const TlsContext* tls_;
  Reconnect reconnect_;
  std::mutex mutex_;        // guards everything below
  std::vector<Idle> idle_;  // the last one was used last
  std::optional<Deadline::SteadyClock::time_point> renewed_;
};

}  // namespace neve::redis
