#pragma once

#include <chrono>

namespace neve {

/// What this thread has spent on reaching stores before it could ask them: connecting, logging in, finding out which
/// server it is. An operation that had to begin with that says no more than any other about how fast the store answers.
/// Each thread has its own.
class ConnectingTime {
 public:
  using SteadyClock = std::chrono::steady_clock;

  [[nodiscard]] static SteadyClock::duration spent() noexcept { return spent_; }

  /// All the time it lives is spent so, also where another one lives within it.
  class Span {
   public:
    Span() noexcept = default;
    ~Span() { spent_ = before_ + (SteadyClock::now() - start_); }
    Span(const Span&) = delete;
    Span& operator=(const Span&) = delete;

   private:
    SteadyClock::duration before_ = spent_;
    SteadyClock::time_point start_ = SteadyClock::now();
  };

 private:
  static inline thread_local SteadyClock::duration spent_{};
};

}  // namespace neve
