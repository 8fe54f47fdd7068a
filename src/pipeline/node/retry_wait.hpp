#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>

#include <neve/pipeline/timer.hpp>

namespace neve {

/// Calls `wake` once: after `delay`, or as soon as a stop is requested. Once destroyed, the call has returned or will
/// never be made.
class RetryWait {
 public:
  RetryWait(Timer& timer, std::chrono::milliseconds delay, const std::stop_token& stop, std::function<void()> wake)
      : wake_(std::move(wake)),
        ticket_(timer.call_after(delay, [this] { fire(); })),
        on_stop_(stop, [this] { fire(); }) {}

 private:
  void fire() {
    if (!fired_.exchange(true)) wake_();
  }

  std::atomic<bool> fired_ = false;
  std::function<void()> wake_;
  std::unique_ptr<Timer::Ticket> ticket_;
  std::stop_callback<std::function<void()>> on_stop_;
};

}  // namespace neve
