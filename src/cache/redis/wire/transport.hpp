#pragma once

#include <cstddef>
#include <span>
#include <string>

#include <neve/base/bytes.hpp>
#include <neve/base/error.hpp>

#include "cache/redis/wire/deadline.hpp"

namespace neve::redis {

/// The connection is gone: closed or reset by the other side. On a connection that had been idle it usually means that
/// the server was restarted meanwhile, and the command is tried once more on a new one.
class ConnectionLost final : public Error {
 public:
  explicit ConnectionLost(const std::string& message) : Error(ErrorCode::unavailable, message) {}
};

/// A stream of bytes to and from a server. Used by one thread at a time.
class Transport {
 public:
  virtual ~Transport() = default;

  /// Receives at least one byte. Throws `ConnectionLost` and `timeout`.
  [[nodiscard]] virtual std::size_t receive(std::span<std::byte> out, const Deadline& deadline) = 0;

  /// Whether nothing waits to be received, as far as can be told without waiting. Not so if the other side has closed.
  [[nodiscard]] virtual bool quiet() const noexcept = 0;

  /// Sends all pieces in order. Throws `ConnectionLost` and `timeout`.
  virtual void send(std::span<const ByteSpan> pieces, const Deadline& deadline) = 0;
};

}  // namespace neve::redis
