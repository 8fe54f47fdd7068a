#include "cache/memory/shard.hpp"

#include <utility>

namespace neve {

MemoryShard::Found MemoryShard::find(const std::string& key, TimePoint now) {
  const std::lock_guard lock(mutex_);
  const auto position = items_.find(key);
  if (position == items_.end()) return {};
  if (position->second.item.expired(now)) return {std::nullopt, remove(position)};
  Slot& slot = position->second;
  Found found{slot.item, 0};
  ++slot.item.facts.hits;
  slot.item.facts.last_used = now;
  auto node = ranking_.extract(slot.rank);
  node.key() = retention_score(slot.item.facts);
  slot.rank = ranking_.insert(std::move(node));
  publish_lowest();
  return found;
}

bool MemoryShard::contains(const std::string& key, TimePoint now) const {
  const std::lock_guard lock(mutex_);
  const auto position = items_.find(key);
  return position != items_.end() && !position->second.item.expired(now);
}

std::uint64_t MemoryShard::insert(const std::string& key, MemoryItem item) {
  const double score = retention_score(item.facts);
  const std::lock_guard lock(mutex_);
  std::uint64_t replaced = 0;
  if (const auto old = items_.find(key); old != items_.end()) replaced = remove(old);
  const auto position = items_.emplace(key, Slot{std::move(item), ranking_.end()}).first;
  position->second.rank = ranking_.emplace(score, &position->first);
  publish_lowest();
  return replaced;
}

bool MemoryShard::touch(const std::string& key, std::optional<TimePoint> expires_at, TimePoint now) {
  const std::lock_guard lock(mutex_);
  const auto position = items_.find(key);
  if (position == items_.end() || position->second.item.expired(now)) return false;
  position->second.item.expires_at = expires_at;
  return true;
}

std::optional<std::uint64_t> MemoryShard::erase(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto position = items_.find(key);
  if (position == items_.end()) return std::nullopt;
  return remove(position);
}

std::optional<std::uint64_t> MemoryShard::evict_lowest() {
  const std::lock_guard lock(mutex_);
  if (ranking_.empty()) return std::nullopt;
  return remove(items_.find(*ranking_.begin()->second));
}

std::uint64_t MemoryShard::size() const {
  const std::lock_guard lock(mutex_);
  return items_.size();
}

std::uint64_t MemoryShard::remove(Table::iterator position) {
  const std::uint64_t bytes = position->second.item.facts.bytes;
  ranking_.erase(position->second.rank);
  items_.erase(position);
  publish_lowest();
  return bytes;
}

void MemoryShard::publish_lowest() noexcept {
  lowest_.store(ranking_.empty() ? std::numeric_limits<double>::infinity() : ranking_.begin()->first,
                std::memory_order_relaxed);
}

}  // namespace neve
