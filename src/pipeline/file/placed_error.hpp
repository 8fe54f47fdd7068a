#pragma once

#include <string>
#include <utility>

#include <neve/base/error.hpp>
#include <neve/pipeline/text_place.hpp>

namespace neve {

/// An error about what stands at a place, which its message begins with.
class PlacedError : public Error {
 public:
  /// The message is "place: what".
  PlacedError(ErrorCode code, TextPlace place, const std::string& what)
      : Error(code, place.text + ": " + what), place_(std::move(place)) {}

  [[nodiscard]] const TextPlace& place() const noexcept { return place_; }

 private:
  TextPlace place_;
};

/// Throws a `PlacedError` of `invalid_argument`.
[[noreturn]] inline void fail_at(const TextPlace& place, const std::string& what) {
  throw PlacedError(ErrorCode::invalid_argument, place, what);
}

}  // namespace neve
