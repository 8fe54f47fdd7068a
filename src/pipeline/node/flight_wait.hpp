#pragma once

#include <atomic>
#include <functional>
#include <stop_token>
#include <utility>

#include "pipeline/node/flights.hpp"

namespace neve {

/// Somebody who waits for another's landing, or for a stop, whichever comes first. Thread-safe.
class FlightWait {
 public:
  /// `resume` is called once: with the landing, or with an empty one at a stop; not at all after `disarm`.
  FlightWait(const std::stop_token& stop, std::function<void(const Landing&)> resume)
      : resume_(std::move(resume)), on_stop_(stop, [this] { wake({}); }) {}

  void wake(const Landing& landing) {
    if (!fired_.exchange(true)) resume_(landing);
  }
  /// False if `resume` has been called, or is being called.
  [[nodiscard]] bool disarm() { return !fired_.exchange(true); }

 private:
  std::atomic<bool> fired_ = false;
  std::function<void(const Landing&)> resume_;
  std::stop_callback<std::function<void()>> on_stop_;
};

}  // namespace neve
