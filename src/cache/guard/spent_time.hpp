#pragma once

#include <chrono>

namespace neve {

/// What this thread has spent on things of one kind, each of which says so by a span. Each thread has its own.
template <class Kind>
class SpentTime {
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
