#include "cache/disk/ledger/ledger.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>

#include <neve/base/error.hpp>
#include <neve/base/file_stamp.hpp>
#include <neve/base/filesystem_facts.hpp>

#include "cache/disk/files/file_identity.hpp"
#include "cache/disk/files/open_without_links.hpp"
#include "cache/disk/ledger/ledger_record.hpp"

namespace neve {
namespace {

constexpr std::size_t kFirstCapacity = 1024;

bool too_full(const LedgerHeader& header, std::size_t capacity) {
  const std::int64_t entries = header.entries.load(std::memory_order_relaxed);
  return entries > static_cast<std::int64_t>(capacity / 8 * 5) || header.crowded.load(std::memory_order_relaxed) != 0;
}

void add_to_totals(LedgerTable& table, std::int64_t entries, std::int64_t bytes) {
  if (entries != 0) table.header().entries.fetch_add(entries, std::memory_order_relaxed);
  if (bytes != 0) table.header().bytes.fetch_add(bytes, std::memory_order_relaxed);
}

/// In nanoseconds; a few milliseconds pass between two of its values. Cheap: no call into the kernel.
std::int64_t kernel_tick() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

std::int64_t signed_size(std::uint64_t bytes) { return static_cast<std::int64_t>(bytes); }

/// One that all who may write into the folder can share: who cannot keeps a copy, and what that one computed would have
/// no cost in the eyes of the others, whose budgets would let it go first.
TemporaryFile new_file(TemporaryFiles& temporaries, const RootFolder& folder) {
  TemporaryFile file = temporaries.create(".ledger");
  folder.open_to_its_writers(file.fd());
  return file;
}

/// Writes `facts` into the claimed slot and keeps the totals in step.
void write_record(LedgerTable& table, const LedgerTable::Claim& claim, const LedgerKey& key, const LedgerFacts& facts) {
  const std::uint64_t before = LedgerRecordView(table.words(claim.slot)).write(key, facts);
  add_to_totals(table, claim.fresh ? 1 : 0, signed_size(facts.bytes) - (claim.fresh ? 0 : signed_size(before)));
}

std::optional<LedgerTable::Claim> claim_or_complain(LedgerTable& table, const LedgerKey& key) {
  const std::optional<LedgerTable::Claim> claim = table.claim(key.tag());
  if (!claim) table.header().crowded.store(1, std::memory_order_relaxed);
  return claim;
}

LedgerRecord read_record(const LedgerTable& table, std::size_t slot, std::uint64_t tag) {
  const LedgerRecordView view(table.words(slot));
  return {tag, view.kind(), view.key_words(), view.facts()};
}

/// Copies every record into the larger `to`, whose buckets have room for them.
void copy_records(const LedgerTable& from, LedgerTable& to) {
  for (std::size_t slot = 0; slot < from.capacity(); ++slot) {
    const std::uint64_t tag = from.tag(slot);
    if (tag == 0) continue;
    const std::optional<LedgerTable::Claim> claim = to.claim(tag);
    if (!claim || !claim->fresh) continue;
    for (std::size_t i = 0; i < kLedgerWords; ++i) {
      to.words(claim->slot)[i].store(from.words(slot)[i].load(std::memory_order_relaxed), std::memory_order_relaxed);
    }
    add_to_totals(to, 1, signed_size(LedgerRecordView(to.words(claim->slot)).facts().bytes));
  }
  to.header().directory.store(from.header().directory.load(std::memory_order_relaxed), std::memory_order_relaxed);
}

}  // namespace

Ledger::Ledger(const RootFolder& root, TemporaryFiles& temporaries) : root_(&root), temporaries_(&temporaries) {
  open_table();
}

std::optional<LedgerFacts> Ledger::find(std::uint64_t tag) {
  const LedgerTable& now = table();
  const std::optional<std::size_t> slot = now.find(tag);
  if (!slot) return std::nullopt;
  return LedgerRecordView(now.words(*slot)).facts();
}

void Ledger::record_store(const LedgerKey& key, const LedgerFacts& facts) {
  LedgerTable& now = table();
  const std::optional<LedgerTable::Claim> claim = claim_or_complain(now, key);
  if (!claim) return;
  LedgerFacts merged = facts;
  if (!claim->fresh) {
    const LedgerFacts before = LedgerRecordView(now.words(claim->slot)).facts();
    merged.hits = before.hits;
    if (merged.compute_s <= 0) merged.compute_s = before.compute_s;
  }
  write_record(now, *claim, key, merged);
}

LedgerFacts Ledger::record_hit(const LedgerKey& key, const LedgerFacts& seen) {
  LedgerTable& now = table_of_this_tick();
  const std::optional<LedgerTable::Claim> claim = claim_or_complain(now, key);
  if (!claim) return seen;
  LedgerFacts merged = seen;
  if (!claim->fresh) {
    const LedgerFacts before = LedgerRecordView(now.words(claim->slot)).facts();
    if (seen.writer == Writer::other && before.is_store_after(seen.stored_at)) {
      merged = before;
      merged.last_used = seen.last_used;
    }
    merged.hits = before.hits;
    merged.compute_s = before.compute_s;
    merged.stored_at = before.stored_at;
  }
  ++merged.hits;
  write_record(now, *claim, key, merged);
  return merged;
}

void Ledger::adopt(const LedgerKey& key, const LedgerFacts& seen) {
  LedgerTable& now = table();
  const std::optional<LedgerTable::Claim> claim = claim_or_complain(now, key);
  if (!claim) return;
  LedgerFacts merged = seen;
  if (!claim->fresh) {
    merged = LedgerRecordView(now.words(claim->slot)).facts();
    merged.bytes = seen.bytes;
    merged.writer = seen.writer;
    merged.expires_at = seen.expires_at;
  }
  write_record(now, *claim, key, merged);
}

void Ledger::forget(std::uint64_t tag) {
  LedgerTable& now = table();
  const std::optional<std::size_t> slot = now.find(tag);
  if (!slot) return;
  const std::uint64_t bytes = LedgerRecordView(now.words(*slot)).facts().bytes;
  if (now.release(*slot, tag)) add_to_totals(now, -1, -signed_size(bytes));
}

void Ledger::clear() {
  LedgerTable& now = table();
  for (std::size_t slot = 0; slot < now.capacity(); ++slot) now.release(slot, now.tag(slot));
  now.header().entries.store(0, std::memory_order_relaxed);
  now.header().bytes.store(0, std::memory_order_relaxed);
}

Ledger::Totals Ledger::totals() {
  const LedgerHeader& header = table().header();
  const std::int64_t entries = header.entries.load(std::memory_order_relaxed);
  const std::int64_t bytes = header.bytes.load(std::memory_order_relaxed);
  return {static_cast<std::uint64_t>(std::max<std::int64_t>(entries, 0)),
          static_cast<std::uint64_t>(std::max<std::int64_t>(bytes, 0))};
}

std::vector<LedgerRecord> Ledger::next_records(std::size_t slots, TimePoint time) {
  LedgerTable& now = table();
  const std::size_t count = std::min(slots, now.capacity());
  const std::size_t first = now.header().hand.load(std::memory_order_relaxed) % now.capacity();
  std::vector<LedgerRecord> records;
  std::int64_t bytes = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t slot = (first + i) % now.capacity();
    const std::uint64_t tag = now.tag(slot);
    if (tag == 0) continue;
    records.push_back(read_record(now, slot, tag));
    if (TimePoint& last_used = records.back().facts.last_used; last_used > time) {
      LedgerRecordView(now.words(slot)).set_last_used(time);
      last_used = time;
    }
    bytes += signed_size(records.back().facts.bytes);
  }
  now.header().hand.store((first + count) % now.capacity(), std::memory_order_relaxed);
  if (count == now.capacity()) {
    now.header().entries.store(static_cast<std::int64_t>(records.size()), std::memory_order_relaxed);
    now.header().bytes.store(bytes, std::memory_order_relaxed);
  }
  return records;
}

std::uint64_t Ledger::directory_position() { return table().header().directory.load(std::memory_order_relaxed); }

void Ledger::set_directory_position(std::uint64_t position) {
  table().header().directory.store(position, std::memory_order_relaxed);
}

bool Ledger::wants_renewal() {
  const LedgerTable& now = table();
  return too_full(now.header(), now.capacity());
}

void Ledger::follow_folder() {
  if (is_current()) return;
  const std::lock_guard lock(mutex_);
  open_table();
}

void Ledger::renew_if_needed() {
  if (table().backing() == LedgerBacking::shared || generation_ != root_->generation()) follow_folder();
  LedgerTable& now = table();
  if (!too_full(now.header(), now.capacity())) return;
  const std::lock_guard lock(mutex_);
  grow(now);
}

LedgerTable& Ledger::table() {
  LedgerTable& now = *current_.load(std::memory_order_acquire);
  if (!now.intact()) [[unlikely]]
    return follow(now);
  return unless_superseded(now);
}

/// For what is done a million times a second: whether the file is intact is asked once per tick of the kernel's clock.
LedgerTable& Ledger::table_of_this_tick() {
  const std::int64_t tick = kernel_tick();
  if (looked_at_.load(std::memory_order_relaxed) == tick) [[likely]]
    return unless_superseded(*current_.load(std::memory_order_acquire));
  LedgerTable& now = table();
  looked_at_.store(tick, std::memory_order_relaxed);
  return now;
}

LedgerTable& Ledger::unless_superseded(LedgerTable& table) {
  return table.header().superseded.load(std::memory_order_relaxed) == 0 ? table : follow(table);
}

LedgerTable& Ledger::follow(LedgerTable& superseded) {
  const std::lock_guard lock(mutex_);
  LedgerTable& now = *current_.load(std::memory_order_acquire);
  if (&now != &superseded) return now;
  return open_table();
}

LedgerTable& Ledger::open_table() {
  std::uint32_t generation = root_->generation();
  std::unique_ptr<LedgerTable> table;
  try {
    const RootFolder folder = root_->pinned();
    table = open_or_create(folder);
    generation = folder.generation();
  } catch (const Error&) {  // the process may open no more files
    table = LedgerTable::in_memory(kFirstCapacity);
  }
  generation_ = generation;
  return adopt_table(std::move(table));
}

std::unique_ptr<LedgerTable> Ledger::open_existing(const RootFolder& folder) {
  FileDescriptor fd = open_without_links(folder.fd(), kLedgerFile, O_RDWR);
  if (fd.valid() && folder.writable()) {
    const std::optional<FileStamp> stamp = file_stamp(fd.get());
    const bool shared = stamp && stamp->links > 1;
    auto table = LedgerTable::map(std::move(fd), shared ? LedgerBacking::private_copy : LedgerBacking::shared);
    return table && shared ? own_copy(folder, *table) : std::move(table);
  }
  fd = open_without_links(folder.fd(), kLedgerFile, O_RDONLY);
  return fd.valid() ? LedgerTable::map(std::move(fd), LedgerBacking::private_copy) : nullptr;
}

/// A new table appears under its name complete or not at all; if another process was faster, its table is used.
std::unique_ptr<LedgerTable> Ledger::open_or_create(const RootFolder& folder) {
  if (is_network_filesystem(folder.fd())) return LedgerTable::in_memory(kFirstCapacity);
  if (auto table = open_existing(folder)) return table;
  if (!folder.writable()) return LedgerTable::in_memory(kFirstCapacity);
  try {
    TemporaryFile file = new_file(*temporaries_, folder);
    auto table = LedgerTable::create(file.fd(), kFirstCapacity);
    if (!table) return LedgerTable::in_memory(kFirstCapacity);
    if (move_unless_taken(folder.fd(), file.name().c_str(), kLedgerFile)) {
      file.keep();
      return table;
    }
    if (auto theirs = open_existing(folder)) return theirs;
    // What is there is no ledger, or a damaged one.
    if (::renameat(folder.fd(), file.name().c_str(), folder.fd(), kLedgerFile) == 0) {
      file.keep();
      return table;
    }
  } catch (const Error&) {
    // No room, no permission: the cache works without.
  }
  return LedgerTable::in_memory(kFirstCapacity);
}

/// A ledger that has another name, too, is also that of a copy of the folder made of hard links: what is written into
/// it would be written there.
std::unique_ptr<LedgerTable> Ledger::own_copy(const RootFolder& folder, const LedgerTable& shared) {
  try {
    TemporaryFile file = new_file(*temporaries_, folder);
    auto table = LedgerTable::create(file.fd(), shared.capacity());
    if (table) {
      copy_records(shared, *table);
      if (::renameat(folder.fd(), file.name().c_str(), folder.fd(), kLedgerFile) == 0) {
        file.keep();
        return table;
      }
    }
  } catch (const Error&) {
    // No room: the cache goes on with what it knows by now.
  }
  auto table = LedgerTable::in_memory(shared.capacity());
  copy_records(shared, *table);
  return table;
}

bool Ledger::is_current() {
  const LedgerTable& now = table();
  if (generation_ != root_->generation()) return false;
  return now.backing() == LedgerBacking::memory || FileIdentity::of_name(root_->fd(), kLedgerFile) == now.file();
}

/// Only one process at a time does this, under the cleaner's lock. What others write into the old table while it is
/// being copied is forgotten, which costs an estimate.
void Ledger::grow(LedgerTable& old) {
  const std::size_t capacity = old.capacity() * 2;
  if (old.backing() != LedgerBacking::shared) {
    auto larger = LedgerTable::in_memory(capacity);
    copy_records(old, *larger);
    adopt_table(std::move(larger));
    return;
  }
  try {
    TemporaryFile file = new_file(*temporaries_, *root_);
    auto larger = LedgerTable::create(file.fd(), capacity);
    if (!larger) return;
    copy_records(old, *larger);
    if (::renameat(root_->fd(), file.name().c_str(), root_->fd(), kLedgerFile) != 0) return;
    file.keep();
    adopt_table(std::move(larger));
    old.header().superseded.store(1, std::memory_order_relaxed);
  } catch (const Error&) {
    // No room for a larger table: the old one goes on, and records that find no slot are forgotten.
  }
}

LedgerTable& Ledger::adopt_table(std::unique_ptr<LedgerTable> table) {
  tables_.push_back(std::move(table));
  current_.store(tables_.back().get(), std::memory_order_release);
  return *tables_.back();
}

}  // namespace neve
