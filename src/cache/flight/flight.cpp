#include <neve/cache/flight.hpp>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

#include <neve/base/error.hpp>

namespace neve {
namespace {

/// The leases of a JointFlight; given up in the reverse of the order they were taken in.
class JointLease final : public FlightLease {
 public:
  explicit JointLease(std::vector<std::unique_ptr<FlightLease>> leases) : leases_(std::move(leases)) {}
  ~JointLease() override {
    while (!leases_.empty()) leases_.pop_back();
  }
  [[nodiscard]] bool held() override {
    return std::all_of(leases_.begin(), leases_.end(), [](const auto& lease) { return lease->held(); });
  }
  [[nodiscard]] std::string token() const override {
    for (const auto& lease : leases_) {
      if (std::string token = lease->token(); !token.empty()) return token;
    }
    return {};
  }
  void say_unkept(UnkeptFor whom) override {
    for (const auto& lease : leases_) lease->say_unkept(whom);
  }

 private:
  std::vector<std::unique_ptr<FlightLease>> leases_;
};

/// Grows the pauses between two looks; ends a pause early when asked to stop.
class Waiting {
 public:
  Waiting(const FlightOptions& options, std::stop_token stop)
      : end_(std::chrono::steady_clock::now() + std::min<std::chrono::milliseconds>(options.longest_wait, kForEver)),
        longest_(options.longest_pause),
        stop_(std::move(stop)) {}

  [[nodiscard]] bool over() const { return std::chrono::steady_clock::now() >= end_; }

  void pause(const Key& key) {
    std::unique_lock lock(mutex_);
    (void)never_.wait_for(lock, stop_, next_, [] { return false; });
    if (stop_.stop_requested()) {
      throw Error(ErrorCode::cancelled, "stopped while waiting for the result of '" + key.text() + "'");
    }
    next_ = std::min<std::chrono::microseconds>(2 * next_, longest_);
  }

 private:
  static constexpr std::chrono::hours kForEver{24 * 365 * 30};  // what a clock can still add to the present

  std::chrono::steady_clock::time_point end_;
  std::chrono::microseconds longest_;
  std::chrono::microseconds next_{500};
  std::stop_token stop_;
  std::mutex mutex_;
  std::condition_variable_any never_;
};

FlightOutcome hit(LookupResult found, FlightRole role) {
  FlightOutcome outcome;
  outcome.role = role;
  outcome.entry = *found.entry;
  outcome.lookup = std::move(found);
  return outcome;
}

FlightOutcome lead(CacheBackend& cache, const Key& key, const std::function<Computed()>& compute,
                   const std::shared_ptr<FlightLease>& lease) {
  Computed computed = compute();
  FlightOutcome outcome;
  outcome.role = lease == nullptr ? FlightRole::alone : FlightRole::led;
  store_under(lease, computed.store);
  try {
    outcome.store = cache.store(key, computed.entry, computed.store);
  } catch (const Error& error) {  // what it took to compute is worth more than the cache
    outcome.store.declined = error.what();
  }
  if (const auto unkept = unkept_for(outcome.store); unkept && lease != nullptr) lease->say_unkept(*unkept);
  outcome.entry = std::move(computed.entry);
  return outcome;
}

}  // namespace

std::string_view to_string(FlightRole role) noexcept {
  switch (role) {
    case FlightRole::found:
      return "found";
    case FlightRole::waited:
      return "waited";
    case FlightRole::led:
      return "led";
    case FlightRole::alone:
      return "alone";
  }
  return "found";
}

void store_under(const std::shared_ptr<FlightLease>& lease, StoreOptions& options) {
  if (lease == nullptr) return;
  options.lease_token = lease->token();  // whether it still counts, the cache knows
  options.lease = lease;
}

std::optional<UnkeptFor> unkept_for(const StoreResult& stored) noexcept {
  if (stored.fenced) return std::nullopt;    // whoever took over may keep theirs
  if (!stored.reached) return std::nullopt;  // the next one's may be kept
  if (!stored.stored) return UnkeptFor::everybody;
  return stored.unshared ? std::optional(UnkeptFor::other_hosts) : std::nullopt;
}

std::unique_ptr<FlightLease> JointFlight::try_acquire(const Key& key) {
  std::vector<std::unique_ptr<FlightLease>> leases;
  for (const auto& control : controls_) {
    auto lease = control->try_acquire(key);
    if (!lease) return nullptr;  // and what was taken so far is given up
    leases.push_back(std::move(lease));
  }
  return std::make_unique<JointLease>(std::move(leases));
}

std::unique_ptr<LeaseWatch> FlightControl::watch(const Key&) { return nullptr; }

std::unique_ptr<LeaseWatch> JointFlight::watch(const Key& key) {
  for (const auto& control : controls_) {
    if (auto heard = control->watch(key)) return heard;
  }
  return nullptr;
}

FlightOutcome compute_once(CacheBackend& cache, FlightControl& control, const Key& key,
                           const std::function<Computed()>& compute, const FlightOptions& options,
                           const std::stop_token& stop) {
  LookupResult first = cache.lookup(key, {});
  if (first.hit()) return hit(std::move(first), FlightRole::found);
  FlightOutcome outcome;
  Waiting waiting(options, stop);
  std::unique_ptr<LeaseWatch> holder;
  for (bool waited = false;; waited = true) {
    if (const std::shared_ptr<FlightLease> lease = control.try_acquire(key)) {
      // Whoever had the lease a moment ago published before giving it up.
      LookupResult again = cache.lookup(key, {});
      if (again.hit()) return hit(std::move(again), waited ? FlightRole::waited : FlightRole::found);
      outcome = lead(cache, key, compute, lease);
      break;
    }
    const auto heard = holder ? holder->listen() : LeaseWatch::Heard::gone;
    const bool in_vain = heard == LeaseWatch::Heard::unkept;
    if (in_vain) {  // except where what others do not find was stored nearer to us
      LookupResult again = cache.lookup(key, {});
      if (again.hit()) return hit(std::move(again), FlightRole::waited);
    }
    if (waiting.over() || in_vain) {
      outcome = lead(cache, key, compute, nullptr);
      break;
    }
    if (heard == LeaseWatch::Heard::gone) holder = control.watch(key);
    if (options.before_pause) options.before_pause();
    waiting.pause(key);
    LookupResult again = cache.lookup(key, {});
    if (again.hit()) return hit(std::move(again), FlightRole::waited);
  }
  outcome.lookup = std::move(first);
  return outcome;
}

}  // namespace neve
