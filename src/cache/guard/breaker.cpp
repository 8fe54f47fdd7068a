#include "cache/guard/breaker.hpp"

#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <random>
#include <system_error>
#include <thread>
#include <utility>

#include <neve/cache/refused.hpp>

#include "cache/guard/processor_wait.hpp"

namespace neve {
namespace {

// A store that goes away again within this many pauses of its return has not really returned: the pauses go on growing.
constexpr int kRelapse = 20;
// The first refused call and every 64th after it check that a watcher still runs.
constexpr std::uint64_t kAdoptEvery = 64;

/// Without local work, what it took to reach the store, as far as that is allowed, and what its thread waited for a
/// processor if that is known. At least one.
std::int64_t microseconds_since(const Breaker::Start& start, ConnectingAllowance& allowance) {
  const auto now = Breaker::SteadyClock::now();
  Breaker::SteadyClock::duration took = now - start.at;
  const auto connecting = ConnectingTime::spent() - start.connecting;
  if (connecting.count() > 0 && allowance.take(now)) took -= connecting;
  took -= LocalWork::spent() - start.local;
  if (start.unscheduled) took -= std::max(waited_for_processor() - *start.unscheduled, std::chrono::nanoseconds(0));
  return std::max<std::int64_t>(1, std::chrono::duration_cast<std::chrono::microseconds>(took).count());
}

}  // namespace

/// What the lock guards. A forked child inherits it as it was at that instant: perhaps locked, perhaps half-written,
/// with a thread that runs elsewhere. Nothing in it can be used or destroyed there, so the child makes one of its own.
struct Breaker::Watch {
  explicit Watch(std::chrono::milliseconds first_pause) : pause(first_pause) {}

  /// Between half of the pause and all of it, so that many clients do not come back at the same moment.
  [[nodiscard]] std::chrono::milliseconds jittered_pause() {
    std::uniform_int_distribution<std::int64_t> between(pause.count() / 2, std::max<std::int64_t>(1, pause.count()));
    return std::chrono::milliseconds(between(random));
  }

  std::mutex mutex;  // guards everything below
  std::condition_variable stopping;
  bool stop = false;
  OwnThread watcher;
  SteadyClock::time_point closed_since = SteadyClock::time_point::min();
  std::chrono::milliseconds pause;
  std::minstd_rand random{std::random_device{}()};
  std::uint64_t outages = 0;
  std::map<std::string, std::uint64_t> errors_by_kind;
  std::string last_error;
};

Breaker::Breaker(const GuardOptions& options, std::function<void()> probe)
    : options_(options), probe_(std::move(probe)), watch_(new Watch(options.first_pause)), process_(::getpid()) {}

Breaker::~Breaker() {
  if (process_ != ::getpid()) return;  // the parent's
  const std::unique_ptr<Watch> watch(watch_.load());
  OwnThread watcher;
  {
    const std::lock_guard lock(watch->mutex);
    watch->stop = true;
    watcher = std::move(watch->watcher);
  }
  watch->stopping.notify_all();
  watcher.finish();
}

/// This process's own. Asks the kernel which process this is, so it is not for the path of an operation that goes well.
Breaker::Watch& Breaker::watch() {
  const pid_t here = ::getpid();
  pid_t owner = process_;
  while (owner != here) {
    if (owner == -here || !process_.compare_exchange_weak(owner, -here)) {  // another thread makes it
      std::this_thread::yield();
      owner = process_;
      continue;
    }
    auto* const own = new Watch(options_.first_pause);
    watch_ = own;
    if (state_ != BreakerState::closed) {  // forked during an outage: nobody here watches yet
      state_ = BreakerState::open;
      own->outages = 1;
      own->watcher = watcher_of(*own);
      if (!own->watcher.here()) state_ = BreakerState::closed;
    }
    process_ = here;
    break;
  }
  return *watch_;
}

/// None where no thread can be started: then whoever asks the store finds out by himself whether it is back.
OwnThread Breaker::watcher_of(Watch& watch) {
  try {
    return OwnThread([this, &watch] { await_return(watch); });
  } catch (const std::system_error&) {
    return {};
  }
}

bool Breaker::closed() noexcept {
  if (state_.load(std::memory_order_relaxed) == BreakerState::closed) return true;
  if (skipped_.fetch_add(1, std::memory_order_relaxed) % kAdoptEvery == 0) (void)watch();
  return false;
}

Breaker::Start Breaker::start() const {
  Start start;
  if (lost_us_.load(std::memory_order_relaxed) > 0) start.unscheduled = waited_for_processor();
  return start;
}

void Breaker::succeeded(const Start& start, std::uint64_t bytes) {
  const std::uint64_t moved = std::max(bytes, MovedBytes::count() - start.moved);
  const double moving_us = 1e6 * static_cast<double>(moved) / static_cast<double>(options_.rate);
  const auto allowed = std::chrono::duration_cast<std::chrono::microseconds>(options_.slow).count() +
                       static_cast<std::int64_t>(moving_us);
  const auto us = microseconds_since(start, connecting_);
  if (us <= allowed) {
    // A quick answer makes up for half of the time lost so far; the plain load keeps this off the shared cache line.
    if (const auto lost = lost_us_.load(std::memory_order_relaxed); lost > 0)
      lost_us_.store(lost / 2, std::memory_order_relaxed);
    return;
  }
  const auto lost = lost_us_.fetch_add(us, std::memory_order_relaxed) + us;
  if (!start.unscheduled) return;
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
  Watch& own = watch();
  const std::lock_guard lock(own.mutex);
  ++own.errors_by_kind[kind];
  own.last_error = message;
}

void Breaker::open() {
  Watch& own = watch();
  OwnThread finished;  // joined after the lock is released
  {
    const std::lock_guard lock(own.mutex);
    if (own.stop || state_.load() != BreakerState::closed) return;
    lost_us_ = 0;
    OwnThread watcher = watcher_of(own);
    if (!watcher.here()) return;
    const bool relapse = own.outages > 0 && SteadyClock::now() - own.closed_since < kRelapse * own.pause;
    own.pause = relapse ? std::min(2 * own.pause, options_.longest_pause) : options_.first_pause;
    ++own.outages;
    state_ = BreakerState::open;
    finished = std::exchange(own.watcher, std::move(watcher));
  }
  finished.finish();
}

void Breaker::await_return(Watch& own) {
  std::unique_lock lock(own.mutex);
  for (;;) {
    if (own.stopping.wait_for(lock, own.jittered_pause(), [&] { return own.stop; })) return;
    state_ = BreakerState::half_open;
    lock.unlock();
    const bool back = try_to_return();
    lock.lock();
    if (back) {
      own.closed_since = SteadyClock::now();
      state_ = BreakerState::closed;
      return;
    }
    state_ = BreakerState::open;
    own.pause = std::min(2 * own.pause, options_.longest_pause);
  }
}

bool Breaker::try_to_return() {
  Start start;
  start.unscheduled = waited_for_processor();
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
  return std::chrono::microseconds(microseconds_since(start, connecting_)) <= options_.slow;
}

GuardStatistics Breaker::snapshot() {
  Watch& own = watch();
  const std::lock_guard lock(own.mutex);
  return {state_.load(), own.outages, skipped_.load(), own.errors_by_kind, own.last_error};
}

}  // namespace neve
