#include "cache/tiers/store_queue.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace neve {
namespace {

Array with_own_memory(const Array& array) {
  if (array.bytes().owned() || array.bytes().empty()) return array;
  return Array(array.dtype(), array.shape(), array.order(), Bytes::copy_of(array.bytes().span()));
}

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

bool StoreQueue::push(const Key& key, const Entry& entry, const StoreOptions& options) {
  if (!thread_.here()) return false;
  const std::uint64_t bytes = bytes_of(entry);
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= most_entries_ || bytes > most_bytes_ - std::min(waiting_bytes_, most_bytes_)) return false;
    waiting_bytes_ += bytes;  // claimed before the copy, which happens without the lock
  }
  try {
    QueuedStore store{key, Entry{entry.meta, {}}, options};
    store.options.still_there = nullptr;  // valid only during the call
    for (const auto& [name, array] : entry.arrays) store.entry.arrays.emplace(name, with_own_memory(array));
    Item item{std::make_shared<const QueuedStore>(std::move(store)), bytes};
    const std::lock_guard lock(mutex_);
    item.number = ++last_pushed_;
    waiting_.push_back(std::move(item));
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

std::size_t StoreQueue::cancel(const Key& key) {
  if (!thread_.here()) return 0;  // in a forked child the queue is its parent's, and its lock may be held for ever
  std::unique_lock lock(mutex_);
  const auto first =
      std::stable_partition(waiting_.begin(), waiting_.end(), [&](const Item& item) { return item.store->key != key; });
  const auto found = static_cast<std::size_t>(waiting_.end() - first);
  for (auto it = first; it != waiting_.end(); ++it) waiting_bytes_ -= it->bytes;
  waiting_.erase(first, waiting_.end());
  if (found > 0) changed_->notify_all();  // who drains may have waited for just these
  changed_->wait(lock, [&] { return !under_way_.store || under_way_.store->key != key; });
  return found;
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
    lock.unlock();
    store_(store->key, store->entry, store->options);
    lock.lock();
    waiting_bytes_ -= under_way_.bytes;
    under_way_ = {};
    changed_->notify_all();
  }
}

}  // namespace neve
