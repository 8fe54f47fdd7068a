#include <neve/cache/guarded.hpp>

#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <mutex>
#include <utility>

#include <neve/base/error.hpp>

#include "cache/backend/key_set.hpp"
#include "cache/backend/lookup_batch.hpp"
#include "cache/backend/store_failure.hpp"
#include "cache/guard/breaker.hpp"
#include "cache/guard/local_work.hpp"

namespace neve {
namespace {

constexpr const char* kAway = "the store is away and not asked until it returns";
constexpr const char* kErased = "it was erased while the store was away, and could not be erased there yet";

std::uint64_t bytes_of(const LookupResult& result) { return result.stored_bytes; }
std::uint64_t bytes_of(const StoreResult& result) { return result.stored_bytes; }
std::uint64_t bytes_of(bool /*answer*/) { return 0; }
std::uint64_t bytes_of(const Presence& /*answer*/) { return 0; }
std::uint64_t bytes_of(const std::vector<LookupResult>& results) {
  std::uint64_t bytes = 0;
  for (const LookupResult& result : results) bytes += result.stored_bytes;
  return bytes;
}

StoreResult not_reached(std::string why) {
  StoreResult result;
  result.declined = std::move(why);
  result.reached = false;
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

/// Erases that have not reached the store.
struct Guarded::Unerased {
  const pid_t process = ::getpid();
  std::mutex making_up;  // held by whoever writes one of the keys, so that a late erase takes nothing newer
  KeySet keys;
};

Guarded::Guarded(std::shared_ptr<CacheBackend> backend, const GuardOptions& options)
    : backend_(std::move(backend)),
      on_failure_(options.on_failure),
      unerased_(std::make_unique<Unerased>()),
      breaker_(std::make_unique<Breaker>(options, [store = backend_.get()] {
        // What is asked most: a store may answer simpler questions and not this one.
        (void)store->lookup(Key("neve-probe"), {});
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
  const Breaker::Start start = breaker_->start();
  try {
    auto answer = ask();
    breaker_->succeeded(start, bytes_of(answer));
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
  std::unique_lock<std::mutex> turn(unerased_->making_up, std::defer_lock);
  // In a forked child a thread of the parent may hold it for ever.
  if (unerased_->keys.contains(key) && unerased_->process == ::getpid()) turn.lock();
  return turn;
}

/// Whether the key was erased and is still there because the store was away; erases it now if that can be done.
bool Guarded::is_gone(const Key& key) {
  if (!unerased_->keys.contains(key) || !available()) return false;  // nobody is asked while the store is away
  const std::unique_lock<std::mutex> turn = in_turn(key);
  if (!unerased_->keys.contains(key)) return false;
  try {
    (void)erase_now(key);
    return false;
  } catch (const Error& error) {
    if (on_failure_ == FailurePolicy::rethrow || !is_failure_of_the_store(error)) throw;
    return true;
  }
}

/// Whether the store had what was erased, for all that is known, when `is_gone` found it away. It may be back when it
/// is asked, and by its answer somebody else may have made up for the erasing: what it has is not to be found either
/// way.
bool Guarded::is_unerased(const Key& key) { return unerased_->keys.contains(key); }

LookupResult Guarded::lookup(const Key& key, const LookupOptions& options) {
  if (is_gone(key)) return unavailable_in(name(), kErased);
  const bool unerased = is_unerased(key);
  LookupResult result = guard([&] { return backend_->lookup(key, options); },
                              [&](const char* why) { return unavailable_in(name(), why); });
  return unerased && result.hit() ? unavailable_in(name(), kErased) : result;
}

/// In batches, each an operation of its own: many keys take their time without the store being slow, and what was found
/// before an outage is found.
std::vector<LookupResult> Guarded::lookup_many(std::span<const Key> keys, const LookupOptions& options) {
  std::vector<LookupResult> results;
  results.reserve(keys.size());
  for (std::size_t done = 0; done < keys.size(); done += kLookupBatch) {
    auto batch = lookup_batch(keys.subspan(done, std::min(kLookupBatch, keys.size() - done)), options);
    std::move(batch.begin(), batch.end(), std::back_inserter(results));
  }
  return results;
}

std::vector<LookupResult> Guarded::lookup_batch(std::span<const Key> keys, const LookupOptions& options) {
  std::vector<bool> gone(keys.size(), false), unerased(keys.size(), false);
  if (unerased_->keys.size() != 0) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      gone[i] = is_gone(keys[i]);
      unerased[i] = is_unerased(keys[i]);
    }
  }
  auto results =
      guard([&] { return backend_->lookup_many(keys, options); },
            [&](const char* why) { return std::vector<LookupResult>(keys.size(), unavailable_in(name(), why)); });
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (gone[i] || (unerased[i] && results[i].hit())) results[i] = unavailable_in(name(), kErased);
  }
  return results;
}

StoreResult Guarded::store(const Key& key, const Entry& entry, const StoreOptions& options) {
  const std::unique_lock<std::mutex> turn = in_turn(key);
  StoreOptions timed = options;
  if (options.still_there) {
    timed.still_there = [&] {
      const LocalWork::Span elsewhere;  // the answer of another store, which may be a distant one
      return options.still_there();
    };
  }
  StoreResult result =
      guard([&] { return backend_->store(key, entry, timed); }, [](const char* why) { return not_reached(why); });
  if (result.stored) unerased_->keys.remove(key);
  return result;
}

bool Guarded::touch(const Key& key, std::optional<TimePoint> expires_at) {
  if (is_gone(key)) return false;
  return insist([&] { return backend_->touch(key, expires_at); });
}

bool Guarded::erase(const Key& key) {
  const std::unique_lock<std::mutex> turn = in_turn(key);
  return erase_now(key);
}

bool Guarded::erase_now(const Key& key) {
  try {
    const bool erased = insist([&] { return backend_->erase(key); });
    unerased_->keys.remove(key);
    return erased;
  } catch (const Error& error) {
    if (is_failure_of_the_store(error)) unerased_->keys.add(key);
    throw;
  }
}

bool Guarded::contains(const Key& key) {
  if (is_gone(key)) return false;
  const bool unerased = is_unerased(key);
  return guard([&] { return backend_->contains(key); }, [](const char*) { return false; }) && !unerased;
}

Presence Guarded::presence(const Key& key) {
  if (is_gone(key)) return {};
  const bool unerased = is_unerased(key);
  const Presence here = insist([&] { return backend_->presence(key); });
  return unerased ? Presence{} : here;
}

bool Guarded::still_has(const Key& key, const LookupResult& found) {
  if (is_gone(key)) return false;
  const bool unerased = is_unerased(key);
  return insist([&] { return backend_->still_has(key, found); }) && !unerased;
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
