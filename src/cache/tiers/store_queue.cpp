#include "cache/tiers/store_queue.hpp"

#include <algorithm>
#include <iterator>
#include <new>
#include <utility>
#include <vector>

#include "cache/backend/own_memory.hpp"

namespace neve {
namespace {

// A lease among the processes of a host is an open socket or two, and a thousand files may be all that a process has.
constexpr std::size_t kMostLeases = 128;

std::uint64_t bytes_of(const Entry& entry) {
  std::uint64_t bytes = 0;
  for (const auto& [name, array] : entry.arrays) bytes += array.bytes().size();
  return bytes;
}

}  // namespace

StoreQueue::StoreQueue(std::size_t most_entries, std::uint64_t most_bytes, Store store)
    : most_entries_(most_entries), most_bytes_(most_bytes), store_(std::move(store)), thread_([this] { work(); }) {}

StoreQueue::~StoreQueue() {
  if (thread_.inherited()) {
    (void)changed_.release();
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_->notify_all();
  thread_.finish();
}

bool StoreQueue::push(const Key& key, const Entry& entry, const StoreOptions& options, bool nearest_has_it) {
  if (!thread_.here()) return false;
  const std::uint64_t bytes = bytes_of(entry);
  {
    const std::lock_guard lock(mutex_);
    if (options.lease && waiting_leases_ >= kMostLeases) return false;
    if (waiting_.size() >= most_entries_ || bytes > most_bytes_ - std::min(waiting_bytes_, most_bytes_)) return false;
    waiting_bytes_ += bytes;  // claimed before the copy, which happens without the lock
  }
  try {
    QueuedStore store{key, with_own_memory(entry), options, nearest_has_it};
    store.options.still_there = nullptr;  // valid only during the call
    store.options.lease = nullptr;
    Item item{std::make_shared<const QueuedStore>(std::move(store)), options.lease, bytes};
    const std::lock_guard lock(mutex_);
    item.number = ++last_pushed_;
    waiting_.push_back(std::move(item));
    if (options.lease) ++waiting_leases_;
  } catch (const std::bad_alloc&) {  // no room for a copy is no room in the queue
    const std::lock_guard lock(mutex_);
    waiting_bytes_ -= bytes;
    return false;
  }
  changed_->notify_all();
  return true;
}

std::shared_ptr<const QueuedStore> StoreQueue::find(const Key& key) {
  if (!thread_.here()) return nullptr;
  const std::lock_guard lock(mutex_);
  const auto newest =
      std::find_if(waiting_.rbegin(), waiting_.rend(), [&](const Item& i) { return i.store->key == key; });
  if (newest != waiting_.rend()) return newest->store;
  return under_way_.store && under_way_.store->key == key ? under_way_.store : nullptr;
}

CancelledStores StoreQueue::cancel(const Key& key) {
  if (!thread_.here()) return {};  // in a forked child the queue is its parent's, and its lock may be held for ever
  std::vector<Item> forgotten;     // with their leases until the lock is released
  std::unique_lock lock(mutex_);
  const auto first =
      std::stable_partition(waiting_.begin(), waiting_.end(), [&](const Item& item) { return item.store->key != key; });
  std::move(first, waiting_.end(), std::back_inserter(forgotten));
  waiting_.erase(first, waiting_.end());
  CancelledStores cancelled{forgotten.size(), nullptr};
  for (const Item& item : forgotten) {
    waiting_bytes_ -= item.bytes;
    if (!item.lease) continue;
    --waiting_leases_;
    cancelled.lease = item.lease;
  }
  if (!forgotten.empty()) changed_->notify_all();  // who drains may have waited for just these
  changed_->wait(lock, [&] { return !under_way_.store || under_way_.store->key != key; });
  return cancelled;
}

void StoreQueue::drain() {
  if (!thread_.here()) return;  // the parent stores what was waiting when we were forked
  std::unique_lock lock(mutex_);
  const std::uint64_t last = last_pushed_;  // what others push meanwhile is not waited for
  changed_->wait(lock, [&] {
    return (waiting_.empty() || waiting_.front().number > last) && (!under_way_.store || under_way_.number > last);
  });
}

void StoreQueue::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_->wait(lock, [&] { return stop_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    under_way_ = std::move(waiting_.front());
    waiting_.pop_front();
    const std::shared_ptr<const QueuedStore> store = under_way_.store;
    std::shared_ptr<FlightLease> lease = std::move(under_way_.lease);
    const std::size_t leases = lease ? 1 : 0;
    lock.unlock();
    store_(*store, lease.get());
    lease.reset();
    lock.lock();
    waiting_bytes_ -= under_way_.bytes;
    waiting_leases_ -= leases;
    under_way_ = {};
    changed_->notify_all();
  }
}

}  // namespace neve
