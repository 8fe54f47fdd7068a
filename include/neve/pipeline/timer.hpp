#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace neve {

/// Calls back later: what timeouts and the waits between retries are made of, so that tests need not wait. Thread-safe.
class Timer {
 public:
  virtual ~Timer() = default;

  /// Keeps a call pending; once destroyed, the call has returned or will never be made.
  class Ticket {
   public:
    virtual ~Ticket() = default;
  };

  /// Calls `callback` once after `delay`, on another thread. The callback is quick and does not throw.
  [[nodiscard]] virtual std::unique_ptr<Ticket> call_after(std::chrono::milliseconds delay,
                                                           std::function<void()> callback) = 0;
};

/// A timer on one thread of its own, which is started at the first call.
[[nodiscard]] std::unique_ptr<Timer> make_timer();

}  // namespace neve
