#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <neve/service/request.hpp>

namespace neve::service {

/// Longest head of a request that is read, with its request line, and the most header fields in it.
inline constexpr std::size_t kMaxHeadBytes = std::size_t{32} << 10;
inline constexpr std::size_t kMaxTargetBytes = std::size_t{8} << 10;
inline constexpr std::size_t kMaxHeaders = 100;

/// Why a head cannot be answered as a request: an HTTP status and what is wrong, for a person.
struct HeadFault {
  int status = 400;
  std::string detail;
};

/// A request's head with what it says about the connection and the body.
struct RequestHead {
  Request request;
  bool keep_alive = true;
  bool chunked = false;
  bool expects_continue = false;
  bool takes_interim = false;  ///< HTTP/1.1: answers of 1xx may come before the one that counts
};

/// Bytes of the first head in `received`, its empty line included; absent while it has not all come. Empty lines before
/// a request line are part of its head.
[[nodiscard]] std::optional<std::size_t> head_size(std::string_view received) noexcept;

/// Reads a whole head, as `head_size` delimits it.
///
/// Strict where leniency lets two readers of one connection disagree about where a request ends: a repeated or
/// malformed Content-Length, Content-Length beside Transfer-Encoding, codings other than chunked, folded lines, spaces
/// before a colon and control characters are faults. Source: RFC 9112, sections 2 to 6.
[[nodiscard]] std::optional<HeadFault> parse_request_head(std::string_view text, RequestHead& head);

}  // namespace neve::service
