#include "cache/redis/wire/connection.hpp"

#include <pthread.h>

#include <atomic>

#include "cache/guard/moved_bytes.hpp"
#include "cache/redis/wire/refusal.hpp"
#include "cache/redis/wire/socket.hpp"
#include "cache/redis/wire/tls.hpp"

namespace neve::redis {
namespace {

/// We subscribe to nothing, so that one message of the server's own is already one more than usual.
constexpr int kMostPushes = 16;

std::atomic<std::uint64_t> forks{0};
// When the program is loaded; see host_flight.cpp.
[[maybe_unused]] const int registered = ::pthread_atfork(nullptr, nullptr, [] { forks.fetch_add(1); });

std::uint64_t fork_generation() { return forks.load(std::memory_order_relaxed); }

std::unique_ptr<Transport> open_transport(const RedisEndpoint& endpoint, const TlsContext* tls,
                                          const Deadline& deadline) {
  Socket socket = Socket::connect(endpoint, deadline);
  if (tls == nullptr) return std::make_unique<SocketTransport>(std::move(socket));
  return std::make_unique<TlsTransport>(std::move(socket), *tls, endpoint.host, deadline);
}

}  // namespace

Connection::Connection(std::unique_ptr<Transport> transport, std::string peer, const ReplyLimits& limits)
    : transport_(std::move(transport)), peer_(std::move(peer)), parser_(limits), fork_generation_(fork_generation()) {}

std::unique_ptr<Connection> Connection::open(const RedisEndpoint& endpoint, const RedisOptions& options,
                                             const TlsContext* tls) {
  Deadline deadline(options.connect_timeout, options.minimum_rate);
  auto connection = std::make_unique<Connection>(open_transport(endpoint, tls, deadline), endpoint.text());
  connection->log_in(options.user, options.password, options.database, deadline);
  return connection;
}

void Connection::log_in(const std::string& user, const std::string& password, int database, Deadline& deadline) {
  std::vector<Command> commands;
  if (!password.empty()) {
    commands.push_back(user.empty() ? Command({"AUTH", password}, 0) : Command({"AUTH", user, password}, 0));
  }
  if (database != 0) commands.push_back(Command({"SELECT", std::to_string(database)}, 0));
  if (commands.empty()) return;
  // A refused login is not "no to this operation": nothing on this server will work, so it is a plain `unavailable`.
  for (const Reply& reply : run(commands, deadline)) {
    if (reply.error()) throw Error(ErrorCode::unavailable, without_secret(refusal(reply, peer_).what(), password));
  }
}

void Connection::send(std::span<const Command* const> commands, Deadline& deadline) {
  std::vector<ByteSpan> pieces;
  pieces.reserve(commands.size() + 8);
  for (const Command* command : commands) {
    command->append_pieces(pieces);
    deadline.allow(command->size());
    MovedBytes::add(command->size());
  }
  outstanding_ += commands.size();
  transport_->send(pieces, deadline);
  deadline.sent();
}

/// What the parser gives. What is not RESP comes from something that is not Redis: as useless as no server at all, and
/// reported as such.
template <class Parse>
auto Connection::parse_or_unavailable(Parse parse) -> decltype(parse()) {
  try {
    return parse();
  } catch (const Error& error) {
    throw Error(ErrorCode::unavailable, "what listens at " + peer_ + " is no Redis server we can use: " + error.what());
  }
}

Reply Connection::receive(Deadline& deadline) {
  int pushes = 0;
  for (;;) {
    auto reply = parse_or_unavailable([this] { return parser_.next(); });
    if (!reply) {
      const std::size_t received =
          transport_->receive(parse_or_unavailable([this] { return parser_.space(); }), deadline);
      parser_.commit(received);
      deadline.received(received);
      MovedBytes::add(received);
    } else if (reply->kind != ReplyKind::push) {
      --outstanding_;
      return std::move(*reply);
    } else if (++pushes > kMostPushes) {
      throw Error(ErrorCode::unavailable,
                  "what listens at " + peer_ + " is no Redis server we can use: it sends what nobody asked for");
    }
  }
}

std::vector<Reply> Connection::run(std::span<const Command> commands, Deadline& deadline) {
  std::vector<const Command*> pointers;
  pointers.reserve(commands.size());
  for (const Command& command : commands) pointers.push_back(&command);
  send(pointers, deadline);
  std::vector<Reply> replies;
  replies.reserve(commands.size());
  for (std::size_t i = 0; i < commands.size(); ++i) replies.push_back(receive(deadline));
  return replies;
}

bool Connection::made_here() const noexcept { return fork_generation_ == forks.load(std::memory_order_relaxed); }

}  // namespace neve::redis
