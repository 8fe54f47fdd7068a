#include "pipeline/node/flights.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include <pthread.h>

namespace neve {
namespace {

std::atomic<Flights*> present{nullptr};

// When the program is loaded, as that of a host's leases. What the parent's threads are at never lands in a forked
// child, and a lock may be held there for ever: the child begins anew.
[[maybe_unused]] const int registered = ::pthread_atfork(nullptr, nullptr, [] { present = nullptr; });

}  // namespace

struct Flights::Shard {
  struct Flight {
    const void* leader = nullptr;
    bool suspended = false;
    std::vector<Callback> waiting;
  };

  /// Whether `leader` leads now.
  [[nodiscard]] bool lead(const Subject& subject, const void* leader) {
    const auto [position, added] = flights.try_emplace(subject);
    Flight& flight = position->second;
    if (!added && !flight.suspended) return false;
    flight.leader = leader;
    flight.suspended = false;
    return true;
  }

  std::mutex mutex;
  std::map<Subject, Flight> flights;
};

Flights::Flights() : shards_(16) {}
Flights::~Flights() = default;

Flights& Flights::of_process() {
  Flights* table = present;
  if (table != nullptr) return *table;
  std::unique_ptr<Flights> fresh(new Flights);
  return present.compare_exchange_strong(table, fresh.get()) ? *fresh.release() : *table;
}

Flights::Shard& Flights::shard_of(const Subject& subject) {
  return shards_[std::hash<std::string>()(subject.key) % shards_.size()];
}

bool Flights::try_lead(const Subject& subject, const void* leader) {
  Shard& shard = shard_of(subject);
  const std::lock_guard lock(shard.mutex);
  return shard.lead(subject, leader);
}

bool Flights::lead_or_wait(const Subject& subject, const void* leader, Callback callback) {
  Shard& shard = shard_of(subject);
  const std::lock_guard lock(shard.mutex);
  if (shard.lead(subject, leader)) return true;
  shard.flights.at(subject).waiting.push_back(std::move(callback));
  return false;
}

void Flights::suspend(const Subject& subject) {
  std::vector<Callback> callbacks;
  {
    Shard& shard = shard_of(subject);
    const std::lock_guard lock(shard.mutex);
    Shard::Flight& flight = shard.flights.at(subject);
    flight.suspended = true;
    callbacks = std::exchange(flight.waiting, {});
  }
  for (const Callback& callback : callbacks) callback({});
}

bool Flights::resume(const Subject& subject, const void* leader) {
  Shard& shard = shard_of(subject);
  const std::lock_guard lock(shard.mutex);
  const auto position = shard.flights.find(subject);
  if (position == shard.flights.end() || position->second.leader != leader) return false;
  position->second.suspended = false;
  return true;
}

bool Flights::land(const Subject& subject, const void* leader, const Landing& landing) {
  std::vector<Callback> callbacks;
  {
    Shard& shard = shard_of(subject);
    const std::lock_guard lock(shard.mutex);
    const auto position = shard.flights.find(subject);
    if (position == shard.flights.end() || position->second.leader != leader) return false;
    callbacks = std::move(position->second.waiting);
    shard.flights.erase(position);
  }
  for (const Callback& callback : callbacks) callback(landing);
  return !callbacks.empty();
}

}  // namespace neve
