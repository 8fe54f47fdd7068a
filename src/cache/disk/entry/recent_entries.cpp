#include "cache/disk/entry/recent_entries.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <mutex>
#include <utility>

namespace neve {
namespace {

constexpr std::size_t kMostEntries = 64;
constexpr std::size_t kMostMappings = 8;  // what they are of is not freed when it is removed
constexpr std::uint64_t kShareOfBudget = 8;
constexpr std::uint64_t kShareOfDescriptors = 16;
constexpr std::uint64_t kFilesPerEntry = 2;

/// The descriptors of a process are its own business: entries take a small share of them.
std::size_t entries_that_may_be_open() noexcept {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  return std::min<std::uint64_t>(kMostEntries, limit.rlim_cur / kShareOfDescriptors / kFilesPerEntry);
}

std::uint64_t bytes_of_arrays(const LookupResult& result) noexcept {
  std::uint64_t bytes = 0;
  for (const auto& [name, array] : result.entry->arrays) bytes += array.bytes().size();
  return bytes;
}

}  // namespace

void RecentEntries::Slot::release() noexcept {
  entry.reset();
  tag = 0;
  bytes = 0;
  mapping = false;
}

RecentEntries::RecentEntries(const RootFolder& root, std::uint64_t budget, std::function<ChangeSign(int)> sign_of)
    : root_(&root),
      budget_(budget),
      sign_of_(std::move(sign_of)),
      most_open_(entries_that_may_be_open()),
      folder_sign_(ask_for_sign()),
      slots_(budget == 0 ? 0 : kMostEntries) {}

/// Taken anew after another folder has become the root, which may be on another filesystem. The generation is read
/// first, so that no sign passes for one of a later folder.
RecentEntries::FolderSign RecentEntries::ask_for_sign() const noexcept {
  const std::uint32_t generation = root_->generation();
  const ChangeSign sign = budget_ == 0 ? ChangeSign::none : sign_of_(root_->fd());
  return {generation, sign == ChangeSign::descriptor && most_open_ == 0 ? ChangeSign::none : sign};
}

RecentEntries::FolderSign RecentEntries::folder_sign() noexcept {
  FolderSign known = folder_sign_.load(std::memory_order_relaxed);
  if (known.generation != root_->generation()) {
    known = ask_for_sign();
    folder_sign_.store(known, std::memory_order_relaxed);
  }
  return known;
}

std::shared_ptr<const RecentEntry> RecentEntries::find(const Key& key, std::uint64_t tag, Placement placement) {
  std::shared_ptr<const RecentEntry> found;
  const std::uint32_t generation = root_->generation();
  {
    const std::shared_lock lock(mutex_, std::try_to_lock);
    if (!lock) return nullptr;
    for (Slot& slot : slots_) {
      if (slot.tag != tag || !slot.entry || slot.entry->placement != placement || slot.entry->key != key) continue;
      if (slot.entry->generation != generation) continue;
      found = slot.entry;
      slot.used.store(uses_.fetch_add(1, std::memory_order_relaxed) + 1, std::memory_order_relaxed);
      break;
    }
  }
  if (!found || unchanged(*found)) return found;
  forget_if([&](const Slot& slot) { return slot.entry == found; });
  return nullptr;
}

bool RecentEntries::unchanged(const RecentEntry& entry) const noexcept {
  if (entry.sign == ChangeSign::descriptor) {
    return file_stamp(entry.files.json().get()) == entry.json && file_stamp(entry.files.npz().get()) == entry.npz;
  }
  const EntryNames names(entry.key);
  return file_stamp_at(root_->fd(), names.json()) == entry.json && file_stamp_at(root_->fd(), names.npz()) == entry.npz;
}

bool RecentEntries::asked_again(std::uint64_t tag) noexcept {
  if (folder_sign().sign == ChangeSign::none) return false;
  return asked_[tag % asked_.size()].exchange(tag, std::memory_order_relaxed) == tag;
}

// Whatever was written to the files after `began` would have left a later time than these, and what is written from
// now on will. A name that is a link is not kept: the link may be replaced without a trace on the file.
void RecentEntries::keep(std::uint64_t tag, RecentEntry entry, std::chrono::nanoseconds began) {
  const FolderSign folder = folder_sign();
  if (folder.sign == ChangeSign::none || entry.generation != folder.generation) return;
  const EntryNames names(entry.key);
  const auto json = file_stamp(entry.files.json().get());
  const auto npz = file_stamp(entry.files.npz().get());
  if (!json || !npz || !json->settled_locally_before(began) || !npz->settled_locally_before(began)) return;
  if (file_stamp_at(root_->fd(), names.json()) != json || file_stamp_at(root_->fd(), names.npz()) != npz) return;
  entry.json = *json;
  entry.npz = *npz;
  entry.sign = folder.sign;

  const std::uint64_t array_bytes = bytes_of_arrays(entry.result);
  const bool mapping = entry.mapped && array_bytes <= entry.result.stored_bytes;  // deflated ones have their own memory
  // Arrays that were stored as they are share the memory the file was read into, so it is one or the other.
  const std::uint64_t bytes = mapping ? 0 : std::max(array_bytes, entry.result.stored_bytes);
  if (bytes > budget_ / kShareOfBudget) return;
  if (folder.sign == ChangeSign::name) entry.files.close();
  auto kept = std::make_shared<const RecentEntry>(std::move(entry));

  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock) return;
  for (Slot& slot : slots_) {
    if (slot.tag == tag && slot.entry->placement == kept->placement) slot.release();
  }
  Slot& slot = room_for(bytes, mapping, folder.sign == ChangeSign::descriptor ? most_open_ : kMostEntries);
  slot.tag = tag;
  slot.bytes = bytes;
  slot.mapping = mapping;
  slot.entry = std::move(kept);
  slot.used.store(uses_.fetch_add(1, std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

/// A free slot, of which less than `most` are taken, after those have been freed that were not used for longest.
RecentEntries::Slot& RecentEntries::room_for(std::uint64_t bytes, bool mapping, std::size_t most) noexcept {
  for (;;) {
    Slot* free = nullptr;
    Slot* oldest = nullptr;
    Slot* oldest_mapping = nullptr;
    std::uint64_t kept = 0;
    std::size_t taken = 0;
    std::size_t mappings = 0;
    const auto older = [](const Slot& slot, const Slot* than) { return than == nullptr || slot.used < than->used; };
    for (Slot& slot : slots_) {
      if (!slot.entry) {
        free = &slot;
        continue;
      }
      ++taken;
      kept += slot.bytes;
      mappings += slot.mapping ? 1 : 0;
      if (older(slot, oldest)) oldest = &slot;
      if (slot.mapping && older(slot, oldest_mapping)) oldest_mapping = &slot;
    }
    if (mapping && mappings >= kMostMappings) {
      oldest_mapping->release();
    } else if (taken >= most || kept + bytes > budget_) {
      oldest->release();
    } else {
      return *free;
    }
  }
}

void RecentEntries::forget_if(const std::function<bool(const Slot&)>& doomed) noexcept {
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock) return;  // what is kept shows itself that it has changed
  for (Slot& slot : slots_) {
    if (slot.entry && doomed(slot)) slot.release();
  }
}

void RecentEntries::forget(std::uint64_t tag) noexcept {
  forget_if([tag](const Slot& slot) { return slot.tag == tag; });
}

void RecentEntries::forget_all() noexcept {
  forget_if([](const Slot&) { return true; });
}

}  // namespace neve
