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
  const auto position = items_.emplace(key, Slot{std::move(item), ranking_.end(), expiries_.end()}).first;
  position->second.rank = ranking_.emplace(score, &position->first);
  list_expiry(position);
  publish_lowest();
  return replaced;
}

bool MemoryShard::touch(const std::string& key, std::optional<TimePoint> expires_at, TimePoint now) {
  const std::lock_guard lock(mutex_);
  const auto position = items_.find(key);
  if (position == items_.end() || position->second.item.expired(now)) return false;
  unlist_expiry(position);
  position->second.item.expires_at = expires_at;
  list_expiry(position);
  return true;
}

std::optional<std::uint64_t> MemoryShard::erase(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto position = items_.find(key);
  if (position == items_.end()) return std::nullopt;
  return remove(position);
}

std::optional<std::uint64_t> MemoryShard::evict_lowest(TimePoint now) {
  const std::lock_guard lock(mutex_);
  if (ranking_.empty()) return std::nullopt;
  const bool expired = !expiries_.empty() && expiries_.begin()->first <= now;
  return remove(items_.find(expired ? *expiries_.begin()->second : *ranking_.begin()->second));
}

std::uint64_t MemoryShard::size() const {
  const std::lock_guard lock(mutex_);
  return items_.size();
}

std::uint64_t MemoryShard::remove(Table::iterator position) {
  const std::uint64_t bytes = position->second.item.facts.bytes;
  ranking_.erase(position->second.rank);
  unlist_expiry(position);
  items_.erase(position);
  publish_lowest();
  return bytes;
}

void MemoryShard::list_expiry(Table::iterator position) {
  Slot& slot = position->second;
  if (!slot.item.expires_at) return;
  slot.expiry = expiries_.emplace(*slot.item.expires_at, &position->first);
  publish_earliest();
}

void MemoryShard::unlist_expiry(Table::iterator position) noexcept {
  Slot& slot = position->second;
  if (slot.expiry == expiries_.end()) return;
  expiries_.erase(std::exchange(slot.expiry, expiries_.end()));
  publish_earliest();
}

void MemoryShard::publish_lowest() noexcept {
  lowest_.store(ranking_.empty() ? std::numeric_limits<double>::infinity() : ranking_.begin()->first,
                std::memory_order_relaxed);
}

void MemoryShard::publish_earliest() noexcept {
  earliest_expiry_.store(expiries_.empty() ? TimePoint::max() : expiries_.begin()->first, std::memory_order_relaxed);
}

}  // namespace neve
