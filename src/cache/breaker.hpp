#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <string>

#include <neve/base/error.hpp>
#include <neve/cache/guarded.hpp>

#include "cache/own_thread.hpp"

namespace neve {

/// The state behind `Guarded`: whether the store is asked, and the thread that tries to return to it. Thread-safe.
class Breaker {
 public:
  using SteadyClock = std::chrono::steady_clock;

  /// `probe` asks the store for something cheap; it throws if the store is away.
  Breaker(const GuardOptions& options, std::function<void()> probe);
  ~Breaker();

  /// Whether to try; counts the operation as skipped if not. One relaxed load while all is well.
  [[nodiscard]] bool closed() noexcept;

  [[nodiscard]] BreakerState state() const noexcept { return state_.load(std::memory_order_relaxed); }

  /// After an operation that worked, how long it took and how many bytes it moved.
  void succeeded(SteadyClock::duration took, std::uint64_t bytes);
  /// After an operation that failed for the store's sake.
  void failed(const Error& error);

  [[nodiscard]] GuardStatistics snapshot() const;

 private:
  void count(const std::string& kind, const std::string& message);
  void open();
  void adopt();
  void watch();
  [[nodiscard]] bool try_to_return();
  [[nodiscard]] std::chrono::milliseconds jittered(std::chrono::milliseconds pause);

  const GuardOptions options_;
  const std::function<void()> probe_;
  std::atomic<BreakerState> state_{BreakerState::closed};
  std::atomic<std::uint64_t> skipped_{0};
  std::atomic<std::int64_t> lost_us_{0};

  mutable std::mutex mutex_;  // guards everything below
  std::unique_ptr<std::condition_variable> stopping_ = std::make_unique<std::condition_variable>();
  bool stop_ = false;
  OwnThread watcher_;
  SteadyClock::time_point closed_since_ = SteadyClock::time_point::min();
  std::chrono::milliseconds pause_;
  std::minstd_rand random_{std::random_device{}()};
  std::uint64_t outages_ = 0;
  std::map<std::string, std::uint64_t> errors_by_kind_;
  std::string last_error_;
};

}  // namespace neve
