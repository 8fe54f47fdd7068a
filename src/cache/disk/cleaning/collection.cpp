#include "cache/disk/cleaning/collection.hpp"

#include <algorithm>
#include <unordered_map>

#include <neve/base/error.hpp>

#include "cache/disk/cleaning/cleaner_lock.hpp"
#include "cache/disk/cleaning/removal.hpp"
#include "cache/disk/entry/entry_reader.hpp"

namespace neve {
namespace {

constexpr std::size_t kEveryTemporary = 1'000'000;

/// Keys that the ledger does not hold, by tag. Walks the whole folder.
std::unordered_map<std::uint64_t, Key> long_keys(const RootFolder& root) {
  std::unordered_map<std::uint64_t, Key> keys;
  DirectoryReader reader(root.fd(), ".");
  std::size_t names = SIZE_MAX;
  bool at_end = false;
  while (const std::optional<Key> key = next_key(reader, root, names, at_end)) {
    const LedgerKey ledger_key(*key);
    if (ledger_key.kind() == LedgerKey::Kind::hashed) keys.emplace(ledger_key.tag(), *key);
  }
  return keys;
}

}  // namespace

std::string_view to_string(RemovalReason reason) noexcept {
  switch (reason) {
    case RemovalReason::expired:
      return "expired";
    case RemovalReason::over_budget:
      return "over_budget";
    case RemovalReason::leftover:
      return "leftover";
  }
  return "unknown";
}

CollectReport Collection::slice(const CollectOptions& options, const Budget& budget, TimePoint now) {
  const std::lock_guard guard(mutex_);
  CollectReport report;
  if (!folder_ || folder_->generation() != root_->generation()) {
    reader_.reset();  // what was seen so far is not this folder's
    folder_.emplace(root_->pinned());
  }
  const std::optional<CleanerLock> lock = CleanerLock::try_take(*folder_);
  if (!lock) {
    report.busy = true;
    return report;
  }
  ledger_->renew_if_needed();
  if (!reader_) {
    reader_ = std::make_unique<DirectoryReader>(folder_->fd(), ".");
    folder_done_ = false;
    counted_.clear();
  }
  if (!folder_done_) {
    const std::size_t most = std::max<std::size_t>(options.slice, 1);
    std::size_t names = most;
    while (const std::optional<Key> key = next_key(*reader_, *folder_, names, folder_done_)) {
      examine(*key, now, options.mode, report);
      if (ledger_->wants_renewal()) ledger_->renew_if_needed();
    }
    report.names_seen = most - names;
    if (!folder_done_) return report;
    report.stale_temporaries = options.mode == CollectMode::remove ? remove_stale_temporaries(*folder_, kEveryTemporary)
                                                                   : count_stale_temporaries(*folder_, kEveryTemporary);
  }
  keep_budget(options, budget, now, report);
  if (report.complete) {
    reader_.reset();
    folder_.reset();
  }
  return report;
}

void Collection::examine(const Key& key, TimePoint now, CollectMode mode, CollectReport& report) {
  const std::optional<FoundEntry> found = find_entry_files(*folder_, key);
  if (!found) return;
  if (found->whole()) {
    examine_whole(*found, now, mode, report);
  } else {
    examine_half(*found, mode, report);
  }
}

void Collection::examine_whole(const FoundEntry& found, TimePoint now, CollectMode mode, CollectReport& report) {
  const LedgerKey ledger_key(found.key);
  std::optional<LedgerFacts> facts = ledger_->find(ledger_key.tag());
  const bool known = facts && facts->writer == Writer::neve && facts->bytes == found.bytes();
  if (known && !has_expired(*facts, now)) return;
  // A store is booked after its files are in place, so what the ledger calls expired may have been stored anew: only
  // the seal of the very files about to be removed tells.
  const OpenPair pair(*folder_, EntryNames(found.key));
  const std::optional<EntrySeal> seal = read_seal_of(found.key, pair);
  if (!seal && !is_disposable(*folder_, *ledger_, found)) {
    if (facts) ledger_->forget(ledger_key.tag());
    return;
  }
  facts = facts_of(found);
  facts->writer = seal ? Writer::neve : Writer::other;
  if (seal) facts->expires_at = seal->expires_at;
  ledger_->adopt(ledger_key, *facts);
  if (has_expired(*facts, now)) remove(found, pair, RemovalReason::expired, mode, report);
}

void Collection::examine_half(const FoundEntry& found, CollectMode mode, CollectReport& report) {
  const OpenPair pair(*folder_, EntryNames(found.key));
  if (is_leftover(found.key, *ledger_, pair)) remove(found, pair, RemovalReason::leftover, mode, report);
}

void Collection::remove(const FoundEntry& found, const OpenPair& pair, RemovalReason reason, CollectMode mode,
                        CollectReport& report) {
  const std::uint64_t tag = LedgerKey(found.key).tag();
  if (mode == CollectMode::dry_run) {
    counted_.insert(tag);
  } else {
    ledger_->forget(tag);
    if (!remove_exactly(*folder_, EntryNames(found.key), pair, *temporaries_, *closer_)) return;
  }
  report.removed.push_back({found.key, found.bytes(), reason});
  report.bytes_freed += found.bytes();
}

/// All records at once, which counts the totals anew, then the least valuable first. A dry run counts along what it
/// would have removed.
void Collection::keep_budget(const CollectOptions& options, const Budget& budget, TimePoint now,
                             CollectReport& report) {
  std::vector<LedgerRecord> records = ledger_->next_records(ledger_->capacity(), now);
  std::erase_if(records, [&](const LedgerRecord& record) { return counted_.contains(record.tag); });
  if (ledger_->generation() != folder_->generation()) return;  // they are another folder's: begin anew
  Ledger::Totals left{records.size(), 0};
  for (const LedgerRecord& record : records) left.bytes += record.facts.bytes;
  report.complete = true;
  if (budget.allows(left)) return;

  std::unordered_map<std::uint64_t, Key> hashed;
  if (std::any_of(records.begin(), records.end(), [](const auto& r) { return r.kind == LedgerKey::Kind::hashed; })) {
    hashed = long_keys(*folder_);
  }
  std::size_t most = options.mode == CollectMode::remove ? std::max<std::size_t>(options.slice, 1) : records.size();
  for (const std::size_t index : eviction_order(records, records.size(), now)) {
    if (budget.allows(left)) return;
    if (most-- == 0) {
      report.complete = false;
      return;
    }
    const LedgerRecord& victim = records[index];
    --left.entries;
    left.bytes -= victim.facts.bytes;
    const auto position = hashed.find(victim.tag);
    const std::optional<Key> key = position != hashed.end() ? position->second : victim.key();
    const std::optional<FoundEntry> found = key ? find_entry_files(*folder_, *key) : std::nullopt;
    if (found) {
      remove(*found, OpenPair(*folder_, EntryNames(*key)), RemovalReason::over_budget, options.mode, report);
    } else if (options.mode == CollectMode::remove) {
      ledger_->forget(victim.tag);  // gone already, or the record is damaged
    }
  }
}

}  // namespace neve
