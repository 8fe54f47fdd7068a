#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <neve/cache/redis_options.hpp>

#include "cache/redis/wire/command.hpp"
#include "cache/redis/wire/pool.hpp"
#include "cache/redis/wire/reply.hpp"

namespace neve::redis {

/// How the error reply begins that stands for one of a node that is away while others are not.
inline constexpr std::string_view kNodeAway = "NODEAWAY";

/// Brings commands to the servers that answer them, however these are organised. Thread-safe.
class Client {
 public:
  virtual ~Client() = default;

  /// One reply per command, in order; error replies are returned, not thrown. Commands that go to the same server are
  /// sent in one write and run there in order. They may run twice if a connection breaks. Throws `unavailable` and
  /// `timeout`.
  [[nodiscard]] virtual std::vector<Reply> run(std::span<const Command> commands) = 0;
  [[nodiscard]] Reply run_one(const Command& command) { return std::move(run({&command, 1}).front()); }

  /// Calls `visit` with each server that holds keys of its own. Throws `unavailable` unless all of them can be known.
  virtual void on_each_master(const std::function<void(Pool&)>& visit) = 0;

  /// How the keys are spread over servers, to be compared: what was visited one server after another was seen as a
  /// whole if it is the same before and after. Throws `unavailable` while keys are on their way from one to another.
  [[nodiscard]] virtual std::string layout() { return {}; }

  /// Whether keys live on several servers, so that a command may name one key only and transactions are of no use.
  [[nodiscard]] virtual bool clustered() const noexcept = 0;
};

/// The client for the topology that `options` names; connects when first used. Throws `invalid_argument` for TLS files
/// that cannot be used.
[[nodiscard]] std::unique_ptr<Client> make_client(const RedisOptions& options);

}  // namespace neve::redis
