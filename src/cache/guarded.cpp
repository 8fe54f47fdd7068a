#include <neve/cache/guarded.hpp>

#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>
#include <utility>

#include <neve/base/error.hpp>

#include "cache/breaker.hpp"
#include "cache/store_failure.hpp"

namespace neve {
namespace {

constexpr const char* kAway = "the store is away and not asked until it returns";
constexpr const char* kOlder = "what was stored last could not be stored there, so it may have an older entry";
constexpr const char* kErased = "it was erased while the store was away, and could not be erased there yet";

std::uint64_t bytes_of(const LookupResult& result) { return result.stored_bytes; }
std::uint64_t bytes_of(const StoreResult& result) { return result.stored_bytes; }
std::uint64_t bytes_of(bool /*answer*/) { return 0; }
std::uint64_t bytes_of(const std::vector<LookupResult>& results) {
  std::uint64_t bytes = 0;
  for (const LookupResult& result : results) bytes += result.stored_bytes;
  return bytes;
}

StoreResult declined(std::string why) {
  StoreResult result;
  result.declined = std::move(why);
  return result;
}

}  // namespace

std::string_view to_string(BreakerState state) noexcept {
  switch (state) {
    case BreakerState::closed:
      return "closed";
    case BreakerState::open:
      return "open";
    case BreakerState::half_open:
      return "half_open";
  }
  return "closed";
}

namespace {

/// A set of keys that nobody locks while it is empty. Thread-safe.
class KeySet {
 public:
  void add(const Key& key) {
    const std::lock_guard lock(mutex_);
    keys_.insert(key);
    count_ = keys_.size();
  }
  void remove(const Key& key) {
    if (empty()) return;
    const std::lock_guard lock(mutex_);
    keys_.erase(key);
    count_ = keys_.size();
  }
  [[nodiscard]] bool contains(const Key& key) {
    if (empty()) return false;
    const std::lock_guard lock(mutex_);
    return keys_.contains(key);
  }
  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
  [[nodiscard]] std::size_t size() const noexcept { return count_; }

 private:
  std::atomic<std::size_t> count_{0};
  std::mutex mutex_;
  std::set<Key> keys_;
};

/// Of stores that did not reach the store; about 20 MB. What comes after is not remembered.
constexpr std::size_t kMostUnstored = 100'000;

}  // namespace

/// Keys of which the store has what it should not have any more, as nobody could tell it.
struct Guarded::Missed {
  const pid_t process = ::getpid();
  std::mutex making_up;  // held by whoever writes one of `unerased`, so that a late erase takes nothing newer
  KeySet unerased;       ///< to be erased there as soon as that can be done
  KeySet unstored;  ///< an older entry may be there: not ours to erase, since others may have stored the same since

  [[nodiscard]] bool none() const noexcept { return unerased.empty() && unstored.empty(); }
  void forget(const Key& key) {
    unerased.remove(key);
    unstored.remove(key);
  }
};

Guarded::Guarded(std::shared_ptr<CacheBackend> backend, const GuardOptions& options)
    : backend_(std::move(backend)),
      on_failure_(options.on_failure),
      missed_(std::make_unique<Missed>()),
      breaker_(std::make_unique<Breaker>(options, [store = backend_.get()] {
        // What is asked most: a store may answer simpler questions and not this one.
        static const Key kProbe("neve-probe");
        (void)store->lookup(kProbe, {});
      })) {}

Guarded::~Guarded() = default;

/// The store's answer, or `away(why)` if it is not asked or fails.
template <class Ask, class Away>
auto Guarded::guard(Ask ask, Away away) -> decltype(ask()) {
  if (!breaker_->closed()) {
    if (on_failure_ == FailurePolicy::rethrow)
      throw Error(ErrorCode::unavailable, std::string(kAway) + ": " + breaker_->snapshot().last_error);
    return away(kAway);
  }
  const auto start = Breaker::SteadyClock::now();
  try {
    auto answer = ask();
    breaker_->succeeded(Breaker::SteadyClock::now() - start, bytes_of(answer));
    return answer;
  } catch (const Error& error) {
    if (!is_failure_of_the_store(error)) throw;
    breaker_->failed(error);
    if (on_failure_ == FailurePolicy::rethrow) throw;
    return away(error.what());
  }
}

/// The same where the caller has to know: `away` is an error, whatever the policy.
template <class Ask>
auto Guarded::insist(Ask ask) -> decltype(ask()) {
  return guard(ask, [](const char* why) -> decltype(ask()) { throw Error(ErrorCode::unavailable, why); });
}

/// Writes of a key whose erase is still to be made up for follow each other.
std::unique_lock<std::mutex> Guarded::in_turn(const Key& key) {
  std::unique_lock<std::mutex> turn(missed_->making_up, std::defer_lock);
  // In a forked child a thread of the parent may hold it for ever.
  if (missed_->unerased.contains(key) && missed_->process == ::getpid()) turn.lock();
  return turn;
}

/// Why what the store has under the key does not count, or null if it does. Makes up for an erase if that can be done.
const char* Guarded::outdated(const Key& key) {
  if (missed_->none() || !available()) return nullptr;  // nobody is asked while the store is away
  const std::unique_lock<std::mutex> turn = in_turn(key);
  if (!missed_->unerased.contains(key)) {
    if (!missed_->unstored.contains(key)) return nullptr;
    if (on_failure_ == FailurePolicy::rethrow) throw Error(ErrorCode::unavailable, kOlder);
    return kOlder;
  }
  try {
    (void)erase_now(key);
    return nullptr;
  } catch (const Error& error) {
    if (on_failure_ == FailurePolicy::rethrow || !is_failure_of_the_store(error)) throw;
    return kErased;
  }
}

LookupResult Guarded::lookup(const Key& key, const LookupOptions& options) {
  if (const char* const why = outdated(key)) return unavailable_in(name(), why);
  return guard([&] { return backend_->lookup(key, options); },
               [&](const char* why) { return unavailable_in(name(), why); });
}

std::vector<LookupResult> Guarded::lookup_many(std::span<const Key> keys, const LookupOptions& options) {
  std::vector<const char*> outdated_because(keys.size(), nullptr);
  if (!missed_->none())
    std::transform(keys.begin(), keys.end(), outdated_because.begin(), [&](const Key& key) { return outdated(key); });
  auto results =
      guard([&] { return backend_->lookup_many(keys, options); },
            [&](const char* why) { return std::vector<LookupResult>(keys.size(), unavailable_in(name(), why)); });
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (outdated_because[i] != nullptr) results[i] = unavailable_in(name(), outdated_because[i]);
  }
  return results;
}

StoreResult Guarded::store(const Key& key, const Entry& entry, const StoreOptions& options) {
  const std::unique_lock<std::mutex> turn = in_turn(key);
  bool answered = false;
  const auto note = [&](bool stored) {
    if (stored) missed_->forget(key);
    if (!answered && missed_->unstored.size() < kMostUnstored) missed_->unstored.add(key);
  };
  try {
    StoreResult result = guard(
        [&] {
          StoreResult there = backend_->store(key, entry, options);
          answered = true;
          return there;
        },
        [](const char* why) { return declined(why); });
    note(result.stored);
    return result;
  } catch (const Error& error) {
    if (is_failure_of_the_store(error)) note(false);
    throw;
  }
}

bool Guarded::touch(const Key& key, std::optional<TimePoint> expires_at) {
  if (outdated(key) != nullptr) return false;
  return insist([&] { return backend_->touch(key, expires_at); });
}

bool Guarded::erase(const Key& key) {
  const std::unique_lock<std::mutex> turn = in_turn(key);
  return erase_now(key);
}

bool Guarded::erase_now(const Key& key) {
  try {
    const bool erased = insist([&] { return backend_->erase(key); });
    missed_->forget(key);
    return erased;
  } catch (const Error& error) {
    if (is_failure_of_the_store(error)) missed_->unerased.add(key);
    throw;
  }
}

bool Guarded::contains(const Key& key) {
  if (outdated(key) != nullptr) return false;
  return guard([&] { return backend_->contains(key); }, [](const char*) { return false; });
}

/// Not timed: a walk over the key space may well take longer than one operation should.
Usage Guarded::usage() {
  if (!breaker_->closed()) return {0, 0, false};
  try {
    return backend_->usage();
  } catch (const Error& error) {
    if (!is_failure_of_the_store(error)) throw;
    breaker_->failed(error);
    return {0, 0, false};
  }
}

bool Guarded::available() const noexcept { return breaker_->state() == BreakerState::closed; }

void Guarded::report_failure(const Error& error) {
  if (is_failure_of_the_store(error)) breaker_->failed(error);
}

GuardStatistics Guarded::snapshot() const { return breaker_->snapshot(); }

}  // namespace neve
