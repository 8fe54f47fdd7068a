#include <neve/cache/observed.hpp>

#include <mutex>
#include <utility>

#include <neve/base/clock.hpp>
#include <neve/base/error.hpp>

#include "cache/backend/store_failure.hpp"
#include "cache/observed/latency_histogram.hpp"

namespace neve {
namespace {

using Counter = std::atomic<std::uint64_t>;

void add(Counter& counter, std::uint64_t amount = 1) noexcept { counter.fetch_add(amount, std::memory_order_relaxed); }

std::uint64_t read(const Counter& counter) noexcept { return counter.load(std::memory_order_relaxed); }

// Centuries: what claims to have taken longer was not measured.
constexpr double kLongestSaved = 1e9 * 10;

}  // namespace

struct Observed::Counters {
  Counter hits{0};
  std::array<Counter, kMissReasons> misses{};
  Counter stores{0};
  Counter declined{0};
  Counter erased{0};
  Counter errors{0};
  Counter bytes_read{0};
  Counter bytes_written{0};
  Counter saved_ns{0};
  LatencyHistogram hit;
  LatencyHistogram miss;
  LatencyHistogram store;
  std::mutex text_mutex;  // guards what follows
  std::string last_error;
  std::string last_declined;
};

Observed::Observed(std::shared_ptr<CacheBackend> backend, FailurePolicy policy)
    : backend_(std::move(backend)), policy_(policy), counters_(std::make_unique<Counters>()) {}

Observed::~Observed() = default;

/// Runs `ask`; a failure of the store is counted and passed on.
template <class Ask>
auto Observed::insist(Ask ask) -> decltype(ask()) {
  try {
    return ask();
  } catch (const Error& error) {
    if (!is_failure_of_the_store(error)) throw;
    add(counters_->errors);
    const std::lock_guard lock(counters_->text_mutex);
    counters_->last_error = error.what();
    throw;
  }
}

/// The same; but where failures are tolerated it is answered by `recover(message)`.
template <class Ask, class Recover>
auto Observed::guarded(Ask ask, Recover recover) -> decltype(ask()) {
  try {
    return insist(ask);
  } catch (const Error& error) {
    if (policy_ == FailurePolicy::rethrow || !is_failure_of_the_store(error)) throw;
    return recover(error.what());
  }
}

void Observed::count(const LookupResult& result) {
  if (result.hit()) {
    add(counters_->hits);
    add(counters_->bytes_read, result.stored_bytes);
    if (result.compute_s > 0 && result.compute_s < kLongestSaved) {
      add(counters_->saved_ns, static_cast<std::uint64_t>(result.compute_s * 1e9));
    }
    counters_->hit.record(result.lookup_s);
  } else {
    add(counters_->misses[static_cast<std::size_t>(result.reason)]);
    counters_->miss.record(result.lookup_s);
  }
}

LookupResult Observed::lookup(const Key& key, const LookupOptions& options) {
  const Stopwatch watch;
  LookupResult result = guarded([&] { return backend_->lookup(key, options); },
                                [&](const char* message) { return unavailable_in(name(), message); });
  result.lookup_s = watch.seconds();
  count(result);
  return result;
}

std::vector<LookupResult> Observed::lookup_many(std::span<const Key> keys, const LookupOptions& options) {
  const Stopwatch watch;
  std::vector<LookupResult> results = guarded(
      [&] { return backend_->lookup_many(keys, options); },
      [&](const char* message) { return std::vector<LookupResult>(keys.size(), unavailable_in(name(), message)); });
  const double share_s = keys.empty() ? 0 : watch.seconds() / static_cast<double>(keys.size());
  for (LookupResult& result : results) {
    result.lookup_s = share_s;
    count(result);
  }
  return results;
}

StoreResult Observed::store(const Key& key, const Entry& entry, const StoreOptions& options) {
  const Stopwatch watch;
  const auto store = [&] {
    try {
      return backend_->store(key, entry, options);
    } catch (const Error& error) {
      // Who is not told that a disk is full must not find the old entry in the place of the new one.
      if (error.code() == ErrorCode::io && policy_ == FailurePolicy::tolerate) forget(key);
      throw;
    }
  };
  StoreResult result = guarded(store, [&](const char* message) {
    StoreResult failed;
    failed.declined = message;
    return failed;
  });
  result.store_s = watch.seconds();
  if (result.stored) {
    add(counters_->stores);
    add(counters_->bytes_written, result.stored_bytes);
    counters_->store.record(result.store_s);
  } else if (!result.overtaken) {
    add(counters_->declined);
    const std::lock_guard lock(counters_->text_mutex);
    counters_->last_declined = result.declined;
  }
  return result;
}

void Observed::forget(const Key& key) noexcept {
  try {
    (void)backend_->erase(key);
  } catch (const std::exception&) {
    // It is what the failed store is told for.
  }
}

bool Observed::touch(const Key& key, std::optional<TimePoint> expires_at) {
  return insist([&] { return backend_->touch(key, expires_at); });
}

bool Observed::erase(const Key& key) {
  const bool erased = insist([&] { return backend_->erase(key); });
  if (erased) add(counters_->erased);
  return erased;
}

bool Observed::contains(const Key& key) {
  return guarded([&] { return backend_->contains(key); }, [](const char*) { return false; });
}

Presence Observed::presence(const Key& key) {
  return insist([&] { return backend_->presence(key); });
}

bool Observed::still_has(const Key& key, const LookupResult& found) {
  return insist([&] { return backend_->still_has(key, found); });
}

Usage Observed::usage() {
  return guarded([&] { return backend_->usage(); }, [](const char*) { return Usage{0, 0, false}; });
}

CacheStatistics Observed::snapshot() const {
  CacheStatistics statistics;
  statistics.backend = name();
  statistics.hits = read(counters_->hits);
  for (std::size_t i = 0; i < kMissReasons; ++i) statistics.misses_by_reason[i] = read(counters_->misses[i]);
  statistics.stores = read(counters_->stores);
  statistics.declined = read(counters_->declined);
  statistics.erased = read(counters_->erased);
  statistics.errors = read(counters_->errors);
  statistics.bytes_read = read(counters_->bytes_read);
  statistics.bytes_written = read(counters_->bytes_written);
  statistics.saved_s = static_cast<double>(read(counters_->saved_ns)) * 1e-9;
  statistics.hit = counters_->hit.summary();
  statistics.miss = counters_->miss.summary();
  statistics.store = counters_->store.summary();
  const std::lock_guard lock(counters_->text_mutex);
  statistics.last_error = counters_->last_error;
  statistics.last_declined = counters_->last_declined;
  return statistics;
}

}  // namespace neve
