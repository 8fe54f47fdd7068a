#pragma once

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <neve/cache/redis_options.hpp>

#include "cache/redis/wire/command.hpp"
#include "cache/redis/wire/reply_parser.hpp"
#include "cache/redis/wire/transport.hpp"

namespace neve::redis {

class TlsContext;

/// One conversation with one server: commands out, as many replies in, in order. Used by one thread at a time.
class Connection {
 public:
  /// Talks over `transport`; `peer` names the server in errors.
  Connection(std::unique_ptr<Transport> transport, std::string peer, const ReplyLimits& limits = {});

  /// Connects, shakes hands if `tls` is given, authenticates and selects the database, within the connect timeout.
  /// Throws `unavailable`, saying what the server refused and what to do, and `timeout`.
  [[nodiscard]] static std::unique_ptr<Connection> open(const RedisEndpoint& endpoint, const RedisOptions& options,
                                                        const TlsContext* tls);

  /// Sends the commands in one gathering write and extends the deadline by their size.
  void send(std::span<const Command* const> commands, Deadline& deadline);

  /// The reply to the oldest command not yet answered; extends the deadline by what arrives.
  /// Throws `ConnectionLost`, `timeout`, and `unavailable` for what is not RESP. An error reply is returned, not
  /// thrown.
  [[nodiscard]] Reply receive(Deadline& deadline);

  /// Sends and receives.
  [[nodiscard]] std::vector<Reply> run(std::span<const Command> commands, Deadline& deadline);
  [[nodiscard]] Reply run_one(const Command& command, Deadline& deadline) {
    return std::move(run({&command, 1}, deadline).front());
  }

  /// Whether every command has its reply and nothing else has come, so that the next reply will be to the next command.
  [[nodiscard]] bool in_step() const noexcept { return outstanding_ == 0 && !parser_.has_unread(); }
  /// Whether nothing has come since, as far as can be told without waiting; a system call.
  [[nodiscard]] bool quiet() const noexcept { return transport_->quiet(); }
  [[nodiscard]] const std::string& peer() const noexcept { return peer_; }
  /// Whether this process made it; a child after `fork` must not use its parent's connections.
  [[nodiscard]] bool made_here() const noexcept;

 private:
  void log_in(const std::string& user, const std::string& password, int database, Deadline& deadline);
  template <class Parse>
  [[nodiscard]] auto parse_or_unavailable(Parse parse) -> decltype(parse());

  std::unique_ptr<Transport> transport_;
  std::string peer_;
  ReplyParser parser_;
  std::size_t outstanding_ = 0;
  std::uint64_t fork_generation_;
};

}  // namespace neve::redis
