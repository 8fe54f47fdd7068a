#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include <neve/base/error.hpp>
#include <neve/key/key.hpp>

namespace neve {

/// One computation per key inside a process, however many threads ask for it at once.
///
/// The first caller of `run` for a key leads: it computes. Callers that arrive before it is done follow: they wait and
/// get a copy of its value. Nothing is kept afterwards; that is the cache's work. T is copyable (use
/// std::shared_ptr<const X> for anything large). Thread-safe.
///
/// Nesting: a computation may run another key's flight on the same or another object; asking for the key it is itself
/// computing throws `invalid_argument` instead of waiting for itself. A cycle over several threads (A computes x and
/// asks for y, B computes y and asks for x) would wait for ever: callers whose computations depend on each other must
/// do so without cycles, as a graph's do.
template <class T>
class SingleFlight {
 public:
  enum class Role { leader, follower };

  struct Result {
    T value;
    Role role;
  };

  /// The value of `compute(token)`, or of `compute()`, run by this thread or by one that was already at it. `token` is
  /// stopped when all who wait for the value have requested their `stop`: a leader who leaves computes on for those who
  /// stay.
  ///
  /// Errors: what the leader's `compute` throws reaches its followers too, and each may call again; except `cancelled`
  /// and `timeout`, which are the leader's own affair: then one of those who followed takes the leader's place. Throws
  /// `cancelled` if `stop` is requested while following.
  template <class Compute>
  [[nodiscard]] Result run(const Key& key, Compute&& compute, const std::stop_token& stop = {}) {
    for (;;) {
      const auto [flight, role] = join(key);
      if (role == Role::leader) return {lead(key, *flight, compute, stop), Role::leader};
      if (std::optional<T> value = follow(key, *flight, stop)) return {*std::move(value), Role::follower};
    }
  }

  /// How many threads have joined the key's present leader so far.
  [[nodiscard]] std::size_t followers(const Key& key) {
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    const auto position = shard.flights.find(key.text());
    return position == shard.flights.end() ? 0 : position->second->followers.load();
  }

 private:
  struct Flight {
    std::mutex mutex;
    std::condition_variable_any landed;
    std::thread::id leader = std::this_thread::get_id();
    std::atomic<std::size_t> followers{0};
    std::stop_source nobody_waits;
    std::size_t waiting = 1;
    bool done = false;
    std::optional<T> value;
    std::exception_ptr error;

    /// A follower leaves.
    void leave() {
      {
        const std::lock_guard lock(mutex);
        if (--waiting > 0) return;
      }
      nobody_waits.request_stop();
    }
  };

  struct Shard {
    std::mutex mutex;
    std::unordered_map<std::string, std::shared_ptr<Flight>> flights;
  };

  [[nodiscard]] Shard& shard_of(const Key& key) {
    return shards_[std::hash<std::string>()(key.text()) % shards_.size()];
  }

  [[nodiscard]] std::pair<std::shared_ptr<Flight>, Role> join(const Key& key) {
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    const auto [position, fresh] = shard.flights.try_emplace(key.text());
    if (fresh) {
      position->second = std::make_shared<Flight>();
      return {position->second, Role::leader};
    }
    if (position->second->leader == std::this_thread::get_id()) {
      throw Error(ErrorCode::invalid_argument, "the computation of '" + key.text() + "' asked for its own result");
    }
    Flight& flight = *position->second;
    ++flight.followers;
    const std::lock_guard waiting_lock(flight.mutex);
    ++flight.waiting;
    return {position->second, Role::follower};
  }

  template <class Compute>
  [[nodiscard]] T lead(const Key& key, Flight& flight, Compute& compute, const std::stop_token& stop) {
    try {
      const std::stop_callback leaving(stop, [&flight] { flight.leave(); });
      T value = [&]() -> T {
        if constexpr (std::is_invocable_v<Compute&, const std::stop_token&>) {
          return compute(flight.nobody_waits.get_token());
        } else {
          return compute();
        }
      }();
      land(key, flight, [&] { flight.value = value; });
      return value;
    } catch (...) {
      land(key, flight, [&] { flight.error = std::current_exception(); });
      throw;
    }
  }

  /// Takes the flight off the list first, so that later callers start a new one, then wakes the followers.
  template <class Publish>
  void land(const Key& key, Flight& flight, Publish publish) {
    {
      Shard& shard = shard_of(key);
      const std::lock_guard lock(shard.mutex);
      if (const auto position = shard.flights.find(key.text());
          position != shard.flights.end() && position->second.get() == &flight) {
        shard.flights.erase(position);
      }
    }
    {
      const std::lock_guard lock(flight.mutex);
      publish();
      flight.done = true;
    }
    flight.landed.notify_all();
  }

  /// The leader's value, or nothing if the leader was cancelled or out of time and somebody else must compute.
  [[nodiscard]] std::optional<T> follow(const Key& key, Flight& flight, const std::stop_token& stop) {
    std::unique_lock lock(flight.mutex);
    if (!flight.landed.wait(lock, stop, [&] { return flight.done; })) {
      lock.unlock();
      flight.leave();
      throw Error(ErrorCode::cancelled, "stopped while waiting for the result of '" + key.text() + "'");
    }
    if (!flight.error) return flight.value;
    try {
      std::rethrow_exception(flight.error);
    } catch (const Error& error) {
      if (error.code() == ErrorCode::cancelled || error.code() == ErrorCode::timeout) return std::nullopt;
      throw;
    }
  }

  std::array<Shard, 16> shards_;
};

}  // namespace neve
