#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <sys/types.h>

#include <neve/service/response.hpp>

#include "service/http/response_head.hpp"

namespace neve::service {

/// An answer on its way into a socket, as far as the client takes it. Used by one thread at a time.
class ResponseSender {
 public:
  enum class SendBody { yes, no };

  void begin(Response response, AfterAnswer after, SendBody body);

  [[nodiscard]] bool done() const noexcept { return sent_head_ == head_.size() && sent_body_ == body_bytes_; }

  /// One system call's worth of what is left, which is not nothing; what that returned, with its `errno`. Never waits.
  [[nodiscard]] ssize_t send_some(int socket);

  /// Bytes of the body so far.
  [[nodiscard]] std::uint64_t sent_body() const noexcept { return sent_body_; }

  /// Gives the answer back; there is none under way afterwards.
  [[nodiscard]] Response end() noexcept { return std::exchange(response_, {}); }

 private:
  [[nodiscard]] ssize_t send_file(int socket);
  [[nodiscard]] ssize_t send_bytes(int socket);

  Response response_;
  std::string head_;
  std::size_t sent_head_ = 0;
  std::uint64_t body_bytes_ = 0;  // that are to be sent
  std::uint64_t sent_body_ = 0;
};

}  // namespace neve::service
