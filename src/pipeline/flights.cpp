#include "pipeline/flights.hpp"

#include <map>
#include <mutex>
#include <utility>

namespace neve {

struct Flights::Shard {
  std::mutex mutex;
  std::map<std::pair<const void*, std::string>, std::vector<Callback>> waiting;
};

Flights::Flights() : shards_(16) {}
Flights::~Flights() = default;

Flights& Flights::of_process() {
  static Flights flights;
  return flights;
}

Flights::Shard& Flights::shard_of(const std::string& key) {
  return shards_[std::hash<std::string>()(key) % shards_.size()];
}

bool Flights::try_lead(const void* cache, const std::string& key) {
  Shard& shard = shard_of(key);
  const std::lock_guard lock(shard.mutex);
  return shard.waiting.try_emplace({cache, key}).second;
}

bool Flights::lead_or_wait(const void* cache, const std::string& key, Callback callback) {
  Shard& shard = shard_of(key);
  const std::lock_guard lock(shard.mutex);
  const auto [position, leads] = shard.waiting.try_emplace({cache, key});
  if (!leads) position->second.push_back(std::move(callback));
  return leads;
}

bool Flights::land(const void* cache, const std::string& key, const Landing& landing) {
  std::vector<Callback> callbacks;
  {
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    const auto position = shard.waiting.find({cache, key});
    callbacks = std::move(position->second);
    shard.waiting.erase(position);
  }
  for (const Callback& callback : callbacks) callback(landing);
  return !callbacks.empty();
}

}  // namespace neve
