#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include <neve/base/error.hpp>
#include <neve/cache/guarded.hpp>

#include "cache/backend/own_thread.hpp"
#include "cache/guard/connecting_allowance.hpp"
#include "cache/guard/connecting_time.hpp"
#include "cache/guard/local_work.hpp"
#include "cache/guard/moved_bytes.hpp"

namespace neve {

/// The state behind `Guarded`: whether the store is asked, and the thread that tries to return to it. Thread-safe, and
/// safe to use in a child forked at any moment: that begins to watch and to count by itself.
class Breaker {
 public:
  using SteadyClock = std::chrono::steady_clock;

  /// `probe` asks the store for something cheap; it throws if the store is away.
  Breaker(const GuardOptions& options, std::function<void()> probe);
  ~Breaker();

  /// Whether to try; counts the operation as skipped if not. One relaxed load while all is well.
  [[nodiscard]] bool closed() noexcept;

  [[nodiscard]] BreakerState state() const noexcept { return state_.load(std::memory_order_relaxed); }

  /// An operation that begins.
  struct Start {
    SteadyClock::time_point at = SteadyClock::now();
    SteadyClock::duration connecting = ConnectingTime::spent();  ///< by its thread until then
    SteadyClock::duration local = LocalWork::spent();            ///< likewise
    std::uint64_t moved = MovedBytes::count();                   ///< likewise
    /// What its thread had waited for a processor by then; asked only where the store has seemed slow lately.
    std::optional<std::chrono::nanoseconds> unscheduled;
  };
  [[nodiscard]] Start start() const;
  /// After an operation that worked, and how many bytes it moved at least. How long it took does not include local
  /// work, how long it took to reach the store, unless that is so again and again, nor what the machine took to run
  /// this thread if that is known; if it is not, a slow operation is no more than a reason to look at the next one
  /// closely.
  void succeeded(const Start& start, std::uint64_t bytes);
  /// After an operation that failed for the store's sake.
  void failed(const Error& error);

  [[nodiscard]] GuardStatistics snapshot();

 private:
  struct Watch;

  [[nodiscard]] Watch& watch();
  void count(const std::string& kind, const std::string& message);
  void open();
  [[nodiscard]] OwnThread watcher_of(Watch& watch);
  void await_return(Watch& watch);
  [[nodiscard]] bool try_to_return();

  const GuardOptions options_;
  const std::function<void()> probe_;
  std::atomic<BreakerState> state_{BreakerState::closed};
  std::atomic<std::uint64_t> skipped_{0};
  std::atomic<std::int64_t> lost_us_{0};
  ConnectingAllowance connecting_;

  std::atomic<Watch*> watch_;   // owned
  std::atomic<pid_t> process_;  // whose `watch_` is; negative while that process makes its own
};

}  // namespace neve
