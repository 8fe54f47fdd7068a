#include "cache/breaker.hpp"

#include <algorithm>
#include <utility>

#include <neve/cache/refused.hpp>

namespace neve {
namespace {

// A payload may take its size over this (bytes per microsecond) before the operation counts as slow.
constexpr std::int64_t kSlowBytesPerMicrosecond = 32;
// A store that goes away again within this many pauses of its return has not really returned: the pauses go on growing.
constexpr int kRelapse = 20;
// Who is the first and every so-manieth to be turned away looks whether anybody still watches.
constexpr std::uint64_t kAdoptEvery = 64;

}  // namespace

Breaker::Breaker(const GuardOptions& options, std::function<void()> probe)
    : options_(options), probe_(std::move(probe)), pause_(options.first_pause) {}

Breaker::~Breaker() {
  if (watcher_.inherited()) {
    (void)stopping_.release();
    return;
  }
  OwnThread watcher;
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    watcher = std::move(watcher_);
  }
  stopping_->notify_all();
  watcher.finish();
}

bool Breaker::closed() noexcept {
  if (state_.load(std::memory_order_relaxed) == BreakerState::closed) return true;
  if (skipped_.fetch_add(1, std::memory_order_relaxed) % kAdoptEvery == 0) adopt();
  return false;
}

/// In a child forked during an outage nobody watches: the thread that would is the parent's.
void Breaker::adopt() {
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock || stop_ || state_.load() == BreakerState::closed || !watcher_.inherited()) return;
  (void)stopping_.release();
  stopping_ = std::make_unique<std::condition_variable>();
  state_ = BreakerState::open;
  watcher_ = OwnThread([this] { watch(); });
}

void Breaker::succeeded(SteadyClock::duration took, std::uint64_t bytes) {
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
  const auto allowed = std::chrono::duration_cast<std::chrono::microseconds>(options_.slow).count() +
                       static_cast<std::int64_t>(bytes) / kSlowBytesPerMicrosecond;
  if (us <= allowed) {
    // A quick answer makes up for half of the time lost so far; the plain load keeps this off the shared cache line.
    if (const auto lost = lost_us_.load(std::memory_order_relaxed); lost > 0)
      lost_us_.store(lost / 2, std::memory_order_relaxed);
    return;
  }
  const auto lost = lost_us_.fetch_add(us, std::memory_order_relaxed) + us;
  if (lost < std::chrono::duration_cast<std::chrono::microseconds>(options_.patience).count()) return;
  count("slow", "the store answers, but takes " + std::to_string(us / 1000) + " ms");
  open();
}

void Breaker::failed(const Error& error) {
  if (const auto* refused = dynamic_cast<const RefusedError*>(&error)) {
    count(refused->kind(), error.what());
    return;
  }
  count(std::string(to_string(error.code())), error.what());
  open();
}

void Breaker::count(const std::string& kind, const std::string& message) {
  const std::lock_guard lock(mutex_);
  ++errors_by_kind_[kind];
  last_error_ = message;
}

void Breaker::open() {
  OwnThread finished;  // joined after the lock is released
  {
    const std::lock_guard lock(mutex_);
    if (stop_ || state_.load() != BreakerState::closed) return;
    lost_us_ = 0;
    const bool relapse = outages_ > 0 && SteadyClock::now() - closed_since_ < kRelapse * pause_;
    pause_ = relapse ? std::min(2 * pause_, options_.longest_pause) : options_.first_pause;
    ++outages_;
    state_ = BreakerState::open;
    finished = std::exchange(watcher_, OwnThread([this] { watch(); }));
  }
  finished.finish();
}

void Breaker::watch() {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (stopping_->wait_for(lock, jittered(pause_), [this] { return stop_; })) return;
    state_ = BreakerState::half_open;
    lock.unlock();
    const bool back = try_to_return();
    lock.lock();
    if (back) {
      closed_since_ = SteadyClock::now();
      state_ = BreakerState::closed;
      return;
    }
    state_ = BreakerState::open;
    pause_ = std::min(2 * pause_, options_.longest_pause);
  }
}

bool Breaker::try_to_return() {
  const auto start = SteadyClock::now();
  try {
    probe_();
  } catch (const RefusedError&) {
    return true;  // it is there again, and quick to refuse
  } catch (const Error& error) {
    count(std::string(to_string(error.code())), error.what());
    return false;
  } catch (const std::exception& error) {  // out of memory, most likely; this thread must not end the program
    count("internal", error.what());
    return false;
  }
  return SteadyClock::now() - start <= options_.slow;
}

/// Between half of `pause` and all of it, so that many clients do not come back at the same moment. Called under the
/// lock.
std::chrono::milliseconds Breaker::jittered(std::chrono::milliseconds pause) {
  std::uniform_int_distribution<std::int64_t> between(pause.count() / 2, std::max<std::int64_t>(1, pause.count()));
  return std::chrono::milliseconds(between(random_));
}

GuardStatistics Breaker::snapshot() const {
  const std::lock_guard lock(mutex_);
  return {state_.load(), outages_, skipped_.load(), errors_by_kind_, last_error_};
}

}  // namespace neve
