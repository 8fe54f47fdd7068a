#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "service/http/request_head.hpp"

namespace neve::service {

/// Takes the framing off a request's body: a counted one, or chunks. Knows no socket. Used by one thread.
class BodyDecoder {
 public:
  /// No body.
  BodyDecoder() = default;
  explicit BodyDecoder(const RequestHead& head);

  struct Step {
    std::size_t consumed = 0;  ///< of the input
    std::size_t produced = 0;  ///< into the output
  };
  /// Decodes as much as input and output allow. Throws `invalid_argument` for chunks that are none (RFC 9112, 7.1).
  Step decode(std::string_view in, std::span<std::byte> out);

  /// Whether the body, its trailer included, has been consumed.
  [[nodiscard]] bool done() const noexcept { return state_ == State::done; }

  /// Bytes that may be received straight into the caller's memory: what is left of a counted body or of a chunk.
  [[nodiscard]] std::uint64_t plain_bytes() const noexcept { return in_data() ? left_ : 0; }
  /// Says that `count` of `plain_bytes` were.
  void skip_plain(std::uint64_t count);

 private:
  enum class State { counted, size, extension, size_end, data, data_cr, data_lf, trailer, trailer_end, done };

  [[nodiscard]] bool in_data() const noexcept { return state_ == State::counted || state_ == State::data; }
  void take(char c);

  State state_ = State::done;
  std::uint64_t left_ = 0;
  unsigned digits_ = 0;
  std::size_t line_bytes_ = 0;  // of the present chunk extension or of the whole trailer
  bool line_empty_ = true;      // of the present trailer line
};

}  // namespace neve::service
