#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include <neve/base/bytes.hpp>

namespace neve::redis {

/// What a reply is. RESP2 and RESP3 spell some of them differently; here they look the same.
enum class ReplyKind {
  nil,
  status,   ///< `+OK`: a short text in `bytes`
  error,    ///< `-WRONGPASS ...`: its text in `bytes`
  integer,  ///< in `integer`; a RESP3 boolean is 0 or 1
  bulk,     ///< in `bytes`; also RESP3 doubles, big numbers and verbatim text, as text
  array,    ///< in `items`; also RESP3 sets, and maps as key, value, key, value
  push,     ///< RESP3 out-of-band message in `items`: an answer to nothing
};

/// One reply of a Redis server. A plain value; payloads own their memory and stay valid after the connection is gone.
struct Reply {
  ReplyKind kind = ReplyKind::nil;
  std::int64_t integer = 0;
  Bytes bytes;
  std::vector<Reply> items;

  [[nodiscard]] bool nil() const noexcept { return kind == ReplyKind::nil; }
  [[nodiscard]] bool error() const noexcept { return kind == ReplyKind::error; }
  [[nodiscard]] std::string_view text() const noexcept { return bytes.text(); }
  /// The first word of an error: `WRONGTYPE`, `MOVED`.
  [[nodiscard]] std::string_view error_kind() const noexcept { return text().substr(0, text().find(' ')); }
};

}  // namespace neve::redis
