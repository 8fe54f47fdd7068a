#pragma once

#include <chrono>
#include <string>

#include <neve/base/file.hpp>
#include <neve/cache/redis_options.hpp>

#include "cache/redis/wire/transport.hpp"

namespace neve::redis {

/// A connected, blocking stream socket whose calls give up at a deadline. Used by one thread at a time.
///
/// The deadline is the kernel's own socket timeout: one system call receives, where polling first would need two.
class Socket {
 public:
  /// Connects to `endpoint`. Throws `unavailable` (refused, unknown host, no such socket) and `timeout`.
  [[nodiscard]] static Socket connect(const RedisEndpoint& endpoint, const Deadline& deadline);

  [[nodiscard]] int fd() const noexcept { return fd_.get(); }
  [[nodiscard]] const std::string& peer() const noexcept { return peer_; }

  /// Makes the next receiving (sending) call give up at about `deadline`. Throws `timeout` if it has passed.
  void arm_receive(const Deadline& deadline) { arm(deadline, receive_); }
  void arm_send(const Deadline& deadline) { arm(deadline, send_); }

  [[noreturn]] void throw_timeout() const;
  /// For a call that returned 0 (`error_number` 0) or failed.
  [[noreturn]] void throw_lost(int error_number) const;

 private:
  struct Timeout {
    int option;
    short event;  // of poll: the call would not wait
    std::chrono::microseconds armed{-1};
  };

  Socket(FileDescriptor fd, std::string peer);
  void arm(const Deadline& deadline, Timeout& timeout);

  FileDescriptor fd_;
  std::string peer_;
  Timeout receive_;
  Timeout send_;
};

/// Bytes over the socket as they are.
class SocketTransport final : public Transport {
 public:
  explicit SocketTransport(Socket socket) : socket_(std::move(socket)) {}

  std::size_t receive(std::span<std::byte> out, const Deadline& deadline) override;
  [[nodiscard]] bool quiet() const noexcept override;
  void send(std::span<const ByteSpan> pieces, const Deadline& deadline) override;

 private:
  Socket socket_;
};

}  // namespace neve::redis
