#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

#include <neve/neve.hpp>

#include "support/forwarding_cache.hpp"

/// Small stages and fakes that the pipeline's tests share. The fakes record, so that tests can assert what was not
/// done.
namespace neve::testing {

struct Number {
  double value = 0;

  static auto state_fields() { return std::tuple{state_field("value", &Number::value)}; }
};

struct NumberConfig {
  double value = 0;

  static auto fields() { return neve::fields<NumberConfig>(neve::field("value", &NumberConfig::value)); }
};

/// Which stages ran, in order. Thread-safe.
class Calls {
 public:
  void add(const std::string& name) {
    const std::lock_guard lock(mutex_);
    names_.push_back(name);
  }
  [[nodiscard]] std::vector<std::string> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(names_, {});
  }
  [[nodiscard]] std::size_t count() const {
    const std::lock_guard lock(mutex_);
    return names_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> names_;
};

/// Gives its config's value.
inline StagePtr source(double value, Calls& calls) {
  return make_stage("test.source", "1", NumberConfig{value},
                    [&calls](const NumberConfig& config, StageContext& context) {
                      calls.add(context.node());
                      context.metric("value", config.value);
                      return Number{config.value};
                    });
}

/// Adds its config's value to its input.
inline StagePtr add(double value, Calls& calls) {
  return make_stage("test.add", "1", NumberConfig{value},
                    [&calls](const NumberConfig& config, const Number& in, StageContext& context) {
                      calls.add(context.node());
                      context.metric("value", in.value + config.value);
                      return Number{in.value + config.value};
                    });
}

/// A source "a" and what adds to it, "b".
inline Pipeline two_stages(Calls& calls, double first = 1, double second = 2) {
  Pipeline chain("p");
  chain.add("a", source(first, calls)).add("b", add(second, calls));
  return chain;
}

/// First input minus second.
inline StagePtr subtract(Calls& calls) {
  return make_stage("test.subtract", "1", NoConfig{},
                    [&calls](const NoConfig&, const Number& a, const Number& b, StageContext& context) {
                      calls.add(context.node());
                      return Number{a.value - b.value};
                    });
}

/// A source that does what it is told, as often as it is told.
inline StagePtr action(std::function<Number(StageContext&)> act) {
  return make_stage("test.action", "1", NoConfig{},
                    [act = std::move(act)](const NoConfig&, StageContext& context) { return act(context); });
}

/// Passes its input on after doing what it is told.
inline StagePtr pass(std::function<void(StageContext&)> act) {
  return make_stage("test.pass", "1", NoConfig{},
                    [act = std::move(act)](const NoConfig&, const Number& in, StageContext& context) {
                      act(context);
                      return in;
                    });
}

/// A memory cache that counts what it is asked and keeps every entry's bytes, and fails when told to.
class RecordingCache final : public ForwardingCache {
 public:
  [[nodiscard]] LookupResult lookup(const Key& key, const LookupOptions& options) override {
    ++lookups;
    if (failing) throw Error(ErrorCode::unavailable, "the store is away");
    return ForwardingCache::lookup(key, options);
  }
  StoreResult store(const Key& key, const Entry& entry, const StoreOptions& options) override {
    ++stores;
    if (failing) throw Error(ErrorCode::io, "the disk is full");
    const std::lock_guard lock(mutex_);
    bytes[key.text()] = bytes_of(key, entry);
    keys.push_back(key.text());
    recipes.push_back(options.recipe);
    return ForwardingCache::store(key, entry, options);
  }

  std::atomic<int> lookups = 0;
  std::atomic<int> stores = 0;
  std::atomic<bool> failing = false;
  std::map<std::string, std::string> bytes;  ///< JSON and NPZ as they would be written, by key
  std::vector<std::string> keys;
  std::vector<std::string> recipes;

 private:
  static std::string bytes_of(const Key& key, const Entry& entry) {
    const EncodedEntry encoded = encode_entry(entry, {.key = key.text(), .expires_at = {}, .recipe = {}});
    std::string text = encoded.json;
    for (const Bytes& piece : encoded.npz) text += piece.text();
    return text;
  }

  std::mutex mutex_;
};

/// A timer that calls back at once, or when told to; it keeps the delays it was asked for.
class ManualTimer final : public Timer {
 public:
  enum class Fires { at_once, when_told };
  explicit ManualTimer(Fires fires) : fires_(fires) {}

  [[nodiscard]] std::unique_ptr<Ticket> call_after(std::chrono::milliseconds delay,
                                                   std::function<void()> callback) override {
    {
      const std::lock_guard lock(mutex_);
      delays.push_back(delay.count());
    }
    if (fires_ == Fires::at_once) {
      callback();
      return std::make_unique<Call>(*this, 0);
    }
    const std::lock_guard lock(mutex_);
    pending_.emplace(++last_, std::move(callback));
    return std::make_unique<Call>(*this, last_);
  }
  void fire_all() {
    std::map<int, std::function<void()>> calls;
    {
      const std::lock_guard lock(mutex_);
      calls = pending_;
      pending_.clear();
    }
    for (const auto& [id, call] : calls) call();
  }

  std::vector<long> delays;

 private:
  class Call final : public Ticket {
   public:
    Call(ManualTimer& timer, int id) : timer_(timer), id_(id) {}
    ~Call() override {
      const std::lock_guard lock(timer_.mutex_);
      timer_.pending_.erase(id_);
    }

   private:
    ManualTimer& timer_;
    int id_;
  };

  Fires fires_;
  std::mutex mutex_;
  int last_ = 0;
  std::map<int, std::function<void()>> pending_;
};

}  // namespace neve::testing
