#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace neve::service {

/// What a multipart/form-data part says about itself. A plain value.
struct PartHead {
  std::string name;
  std::optional<std::string> filename;  ///< as the client says, never to be used as a path
  std::string content_type;             ///< empty if it says none
};

/// The boundary of a Content-Type of multipart/form-data; absent if it is another type, `invalid_argument` if it has
/// none.
[[nodiscard]] std::optional<std::string> multipart_boundary(std::string_view content_type);

/// Takes a multipart/form-data body apart as it comes (RFC 7578, RFC 2046 section 5.1).
///
/// Holds at most one boundary and one part's head in memory, whatever the parts' sizes. Used by one thread.
class MultipartReader {
 public:
  /// More bytes of the body into `out`; 0 at its end.
  using Source = std::function<std::size_t(std::span<std::byte>)>;

  MultipartReader(Source source, std::string_view boundary);

  /// Goes to the next part, past what was not read of the present one; absent after the last.
  ///
  /// Errors: `invalid_argument` for a body that is not multipart as announced, a part without a name, more than 32
  /// parts, a head of more than 8 KiB, and a body that ends early; what the source throws.
  [[nodiscard]] std::optional<PartHead> next();

  /// More bytes of the present part's content into `out`; 0 at its end. Errors as of `next`.
  [[nodiscard]] std::size_t read(std::span<std::byte> out);

 private:
  [[nodiscard]] bool fill();
  void need(std::size_t bytes);
  [[nodiscard]] std::string_view have() const { return std::string_view(buffer_).substr(begin_); }
  void drop(std::size_t bytes) { begin_ += bytes; }
  [[nodiscard]] PartHead read_head();

  Source source_;
  std::string delimiter_;  // CR LF, two hyphens, boundary
  std::string buffer_;
  std::size_t begin_ = 0;
  std::size_t parts_ = 0;
  enum class State { preamble, content, ended } state_ = State::preamble;
};

}  // namespace neve::service
