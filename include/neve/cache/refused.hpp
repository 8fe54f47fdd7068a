#pragma once

#include <string>
#include <utility>

#include <neve/base/error.hpp>

namespace neve {

/// A store that answers, but says no to this operation: read-only, out of memory, still loading, no permission. Like
/// any `unavailable`, except that it was quick to say so and may well say yes to the next one, so nobody should stop
/// asking.
class RefusedError final : public Error {
 public:
  /// `kind` is the store's own short word for the reason, which counters are kept by: `OOM`, `READONLY`.
  RefusedError(std::string kind, const std::string& message)
      : Error(ErrorCode::unavailable, message), kind_(std::move(kind)) {}

  [[nodiscard]] const std::string& kind() const noexcept { return kind_; }

 private:
  std::string kind_;
};

}  // namespace neve
