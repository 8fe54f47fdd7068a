#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <neve/base/buffer.hpp>

#include "cache/redis/wire/reply.hpp"

namespace neve::redis {

/// What a reply may not exceed, so that a broken or hostile server cannot ask for unbounded memory.
struct ReplyLimits {
  std::uint64_t bytes = std::uint64_t{1} << 30;  ///< all payloads of one reply together
  std::size_t items = 1 << 20;                   ///< elements of all aggregates of one reply together
  std::size_t depth = 16;                        ///< aggregates inside aggregates
};

/// Turns the bytes a server sends into replies; does no input or output itself.
///
/// The caller asks for `space`, receives into it, says how much came with `commit`, and takes complete replies with
/// `next`. Small replies pass through a scratch buffer and are copied out; of a large payload everything but its first
/// bytes is received where it will stay. After an exception the stream is out of step and the parser must be thrown
/// away. Not thread-safe.
class ReplyParser {
 public:
  explicit ReplyParser(const ReplyLimits& limits = {});

  /// Where the next bytes go; never empty. Valid until the next call of anything here.
  [[nodiscard]] std::span<std::byte> space();
  void commit(std::size_t received);

  /// The next complete reply, or nothing until more bytes arrive. Throws `corrupt` if the bytes are not RESP,
  /// `too_large` beyond the limits.
  [[nodiscard]] std::optional<Reply> next();

  /// Whether bytes were committed beyond the last complete reply.
  [[nodiscard]] bool has_unread() const noexcept { return begin_ != end_ || payload_.has_value() || !frames_.empty(); }

 private:
  struct Frame {
    Reply reply;
    std::size_t remaining;
    bool discard;  // RESP3 attributes: parsed, then forgotten
  };

  [[nodiscard]] std::optional<std::string_view> take_line();
  [[nodiscard]] bool continue_payload();
  [[nodiscard]] bool begin_value(std::string_view line);
  void begin_payload(std::string_view length_text);
  [[nodiscard]] bool begin_aggregate(char type, std::string_view count_text);
  void reset_reply();
  [[nodiscard]] std::optional<Reply> place(Reply value);

  ReplyLimits limits_;
  std::unique_ptr<std::byte[]> scratch_;
  std::size_t begin_ = 0;  // unread bytes of the scratch buffer: [begin_, end_)
  std::size_t end_ = 0;
  std::optional<Buffer> payload_;  // the payload under way, with room for its CRLF
  std::size_t filled_ = 0;
  ReplyKind payload_kind_ = ReplyKind::bulk;
  std::size_t payload_skip_ = 0;  // of verbatim text: the "txt:" in front
  std::vector<Frame> frames_;
  Reply value_;  // the value `begin_value` or `continue_payload` has completed
  std::uint64_t reply_bytes_ = 0;
  std::size_t reply_items_ = 0;
};

}  // namespace neve::redis
