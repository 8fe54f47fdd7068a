#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <utility>

#include <neve/cache/backend.hpp>
#include <neve/cache/guarded.hpp>

namespace neve {

/// A cache under test with what it needs around it. Empty at first.
class BackendBench {
 public:
  virtual ~BackendBench() = default;
  [[nodiscard]] virtual CacheBackend& cache() = 0;
  /// Takes the cache down and opens it anew on what is left; false if nothing would be left.
  virtual bool reopen() { return false; }
  /// Takes the cache down for good.
  virtual void close() = 0;

  /// The unit of time to think in: large where somebody's real clock ticks beside the manual one.
  [[nodiscard]] virtual std::chrono::milliseconds tick() const { return std::chrono::milliseconds(1); }
  /// Whether a lookup that finds an expired entry removes it; if not, somebody else does in time.
  [[nodiscard]] virtual bool forgets_expired() const { return true; }

  /// Whether it asks `StoreOptions::still_there`, and stores copies only where no entry is.
  [[nodiscard]] virtual bool asks_for_source() const { return false; }

  /// What the cache was given for a clock.
  [[nodiscard]] ManualClock& clock() { return clock_; }

 private:
  ManualClock clock_{TimePoint(std::chrono::hours(24 * 365 * 56))};
};

/// A guard that takes no busy machine for an outage.
inline std::shared_ptr<Guarded> patiently_guarded(std::shared_ptr<CacheBackend> cache) {
  GuardOptions options;
  options.slow = options.patience = std::chrono::minutes(10);
  return std::make_shared<Guarded>(std::move(cache), options);
}

/// A kind of cache that the suite runs over.
struct BackendUnderTest {
  std::string name;
  std::function<std::unique_ptr<BackendBench>()> make;

  friend void PrintTo(const BackendUnderTest& backend, std::ostream* out) { *out << backend.name; }
};

inline std::string name_of(const testing::TestParamInfo<BackendUnderTest>& info) { return info.param.name; }

/// What every cache must do, whatever it is made of. Instantiate it for each kind.
class BackendSuite : public testing::TestWithParam<BackendUnderTest> {
 protected:
  BackendSuite() : bench_(GetParam().make()) {}

  [[nodiscard]] CacheBackend& cache() { return bench_->cache(); }
  [[nodiscard]] ManualClock& clock() { return bench_->clock(); }
  [[nodiscard]] BackendBench& bench() { return *bench_; }

  [[nodiscard]] LookupResult lookup(const std::string& key) { return cache().lookup(Key(key), {}); }
  StoreResult store(const std::string& key, const Entry& entry, const StoreOptions& options = {}) {
    return cache().store(Key(key), entry, options);
  }

 private:
  std::unique_ptr<BackendBench> bench_;
};

/// Random operations against a model in memory.
class BackendModel : public BackendSuite {};

}  // namespace neve
