#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>

#include <neve/cache/backend.hpp>

#include "cache/backend/own_thread.hpp"

namespace neve {

/// A store whose caller has gone on. Owns what it holds.
struct QueuedStore {
  Key key;
  Entry entry;
  StoreOptions options;  ///< without the lease: what is found here may be kept for longer than that
  bool nearest_has_it = false;

  [[nodiscard]] bool expired() const {
    return options.expires_at && *options.expires_at <= std::chrono::system_clock::now();
  }
};

/// What was waiting under a key and has been forgotten.
struct CancelledStores {
  std::size_t count = 0;
  std::shared_ptr<FlightLease> lease;  ///< of the one that had it; null if none had
};

/// Stores that wait for one background thread. Bounded; what is in it is stored before it is destroyed. A store's lease
/// is held until it is done, or handed over when it is forgotten. Thread-safe.
class StoreQueue {
 public:
  using Store = std::function<void(const QueuedStore&, FlightLease*)>;

  /// `store` runs on the queue's thread and must not throw. Its lease is null where there is none.
  StoreQueue(std::size_t most_entries, std::uint64_t most_bytes, Store store);
  ~StoreQueue();

  /// Takes the entry, copying what it only borrows; false, and nothing is taken, if the queue is full, or in a forked
  /// child, which has no such thread.
  [[nodiscard]] bool push(const Key& key, const Entry& entry, const StoreOptions& options, bool nearest_has_it);

  /// The newest store of `key` that waits or is under way; null if there is none.
  [[nodiscard]] std::shared_ptr<const QueuedStore> find(const Key& key);

  /// Forgets what waits under `key` and waits for a store of it that is under way.
  CancelledStores cancel(const Key& key);

  /// Returns when all that was pushed so far has been stored or cancelled.
  void drain();

 private:
  struct Item {
    std::shared_ptr<const QueuedStore> store;
    std::shared_ptr<FlightLease> lease;  // giving it up may ask a server, so never while the lock is held
    std::uint64_t bytes = 0;
    std::uint64_t number = 0;  // in the order they were pushed in
  };

  void work();

  const std::size_t most_entries_;
  const std::uint64_t most_bytes_;
  const Store store_;
  std::mutex mutex_;  // guards everything below
  std::unique_ptr<std::condition_variable> changed_ = std::make_unique<std::condition_variable>();
  std::deque<Item> waiting_;
  std::uint64_t waiting_bytes_ = 0;
  std::size_t waiting_leases_ = 0;
  std::uint64_t last_pushed_ = 0;
  Item under_way_;  // its store is null while there is none
  bool stop_ = false;
  OwnThread thread_;
};

}  // namespace neve
