#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include <neve/base/clock.hpp>

#include "service/http/target.hpp"

namespace neve::service {

/// Makes and checks addresses that carry their own permission, for a time: `?expires=SECONDS&signature=HEX`, where the
/// signature is HMAC-SHA256 over the path and the expiry. A plain value holding a secret.
class UrlSigner {
 public:
  /// `secret` of at least 32 bytes, or `invalid_argument`.
  explicit UrlSigner(std::string secret);

  /// `path` with its signature; `path` is as it will be sent, percent-encoded.
  [[nodiscard]] std::string sign(std::string_view path, TimePoint expires) const;

  enum class Verdict { valid, unsigned_, forged, expired };
  /// Judges a path and its query. Compares in constant time.
  [[nodiscard]] Verdict check(std::string_view path, const QueryParameters& query, TimePoint now) const;

 private:
  [[nodiscard]] std::string signature_of(std::string_view path, std::string_view expires) const;

  std::string secret_;
};

}  // namespace neve::service
