#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string_view>
#include <thread>

#include <gtest/gtest.h>

#include <neve/cache/guarded.hpp>
#include <neve/cache/memory_cache.hpp>
#include <neve/cache/refused.hpp>

#include "support/forwarding_cache.hpp"

namespace neve {

/// A memory cache that a test can make fail, and that counts how often it was asked.
class Fragile final : public ForwardingCache {
 public:
  enum class Mood { well, away, hung, refusing, demanding };

  [[nodiscard]] std::string_view name() const noexcept override { return "fragile"; }
  [[nodiscard]] LookupResult lookup(const Key& key, const LookupOptions& options) override {
    act();
    LookupResult result = ForwardingCache::lookup(key, options);
    if (key == met && meanwhile) meanwhile();
    return result;
  }
  StoreResult store(const Key& key, const Entry& entry, const StoreOptions& options) override {
    act();
    return ForwardingCache::store(key, entry, options);
  }
  bool erase(const Key& key) override {
    act();
    return ForwardingCache::erase(key);
  }
  [[nodiscard]] bool contains(const Key& key) override {
    act();
    return ForwardingCache::contains(key);
  }
  [[nodiscard]] Usage usage() override {
    act();
    return ForwardingCache::usage();
  }

  std::atomic<Mood> mood{Mood::well};
  std::atomic<int> asked{0};
  Key met{"k"};
  std::function<void()> meanwhile;  ///< what another thread does between the finding of `met` and the answer

 private:
  void act() {
    ++asked;
    switch (mood) {
      case Mood::well:
        return;
      case Mood::away:
        throw Error(ErrorCode::unavailable, "nobody there");
      case Mood::hung:
        throw Error(ErrorCode::timeout, "no answer");
      case Mood::refusing:
        throw RefusedError("OOM", "no room");
      case Mood::demanding:
        throw Error(ErrorCode::invalid_argument, "not like that");
    }
  }
};

struct GuardedTest : testing::Test {
  GuardOptions with_pause(std::chrono::milliseconds pause) {
    GuardOptions options;
    options.first_pause = pause;
    options.slow = options.patience = std::chrono::seconds(60);
    return options;
  }

  bool returns(Guarded& cache) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (std::chrono::steady_clock::now() < end && !cache.available()) std::this_thread::yield();
    return cache.available();
  }

  std::shared_ptr<Fragile> store = std::make_shared<Fragile>();
  const Key key{"k"};
};

}  // namespace neve
