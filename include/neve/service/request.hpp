#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace neve::service {

/// One header field; names are kept in lower case. A plain value.
struct Header {
  std::string name;
  std::string value;
};

/// The first header called `name` (lower case), or null.
[[nodiscard]] const std::string* find_header(const std::vector<Header>& headers, std::string_view name) noexcept;

/// The values of all headers called `name`, which is one that holds a list, as one list (RFC 9110, 5.3); nothing
/// without such a header.
[[nodiscard]] std::optional<std::string> find_list_header(const std::vector<Header>& headers, std::string_view name);

/// Who sent a request, as far as a handler needs to know: the rest of its body, and whether it still waits for the
/// answer. Used by the thread that handles the request.
class Client {
 public:
  virtual ~Client() = default;

  /// The next bytes of the body, at most `out.size()`; 0 at its end, and only there.
  ///
  /// Errors: `timeout` if they come slower than the server allows; `unavailable` if they would have to be waited for
  /// and the server waits for as many others as it may; `cancelled` if the client has left; `invalid_argument` if they
  /// are not framed as HTTP frames them.
  [[nodiscard]] virtual std::size_t read_body(std::span<std::byte> out) = 0;

  /// Requested when the client leaves or the server gives up waiting for the answer at its shutdown. Asking starts the
  /// watch, which costs a system call: ask when long work begins, after the body was read. Throws `unavailable` if the
  /// server has as much of that as it may.
  [[nodiscard]] virtual std::stop_token presence() = 0;
};

/// What a client asks, with its head parsed and nothing of it decoded or believed yet. Borrows its client; used by the
/// thread that handles it.
struct Request {
  std::string method;
  std::string path;   ///< as sent, still percent-encoded, beginning with '/' ("*" of OPTIONS apart)
  std::string query;  ///< as sent, without the '?'
  std::vector<Header> headers;
  std::optional<std::uint64_t> content_length;  ///< absent without a body and for a chunked one
  bool has_body = false;
  std::string remote_address;
  Client* client = nullptr;  ///< never null while a handler has the request

  [[nodiscard]] const std::string* header(std::string_view name) const noexcept { return find_header(headers, name); }
  [[nodiscard]] std::optional<std::string> list_header(std::string_view name) const {
    return find_list_header(headers, name);
  }
};

}  // namespace neve::service
