#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace neve {

/// The parts of a cache URL: `scheme:path?query` (disk:, memory:) or `scheme://user:password@host:port/path?query`.
/// Percent escapes are decoded in every part. A plain value.
struct Url {
  std::string scheme;  ///< lower case
  std::string user;
  std::string password;
  std::string host;
  std::optional<std::uint16_t> port;
  std::string path;                          ///< with its leading '/' when there is an authority
  std::map<std::string, std::string> query;  ///< a name given twice is an error

  /// Throws `invalid_argument`; the message never repeats a password.
  [[nodiscard]] static Url parse(std::string_view text);

  /// The URL as text with `***` for the password: the only form that may be printed.
  [[nodiscard]] std::string redacted() const;
};

/// A size in bytes from `1048576`, `256MiB`, `1.5GB` (decimal and binary units, case ignored, optional space).
/// Throws `invalid_argument`, naming the text.
[[nodiscard]] std::uint64_t parse_byte_size(std::string_view text);

/// From `90` (seconds), `250ms`, `90s`, `15m`, `6h`, `30d`; at most 1e11 s (about 3,000 years).
/// Throws `invalid_argument`, naming the text.
[[nodiscard]] std::chrono::milliseconds parse_duration(std::string_view text);

}  // namespace neve
