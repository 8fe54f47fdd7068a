#include "cache/disk/cleaning/cleaner.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include <neve/base/error.hpp>

#include "cache/disk/cleaning/cleaner_lock.hpp"
#include "cache/disk/cleaning/removal.hpp"
#include "cache/disk/cleaning/survey.hpp"
#include "cache/disk/files/directory_reader.hpp"
#include "cache/disk/files/temporary_files.hpp"

namespace neve {
namespace {

// Sizes of one slice: together a fraction of a millisecond, about what freeing one file's blocks would cost.
constexpr std::size_t kNames = 128;
constexpr std::size_t kSlots = 16384;
constexpr std::size_t kEvictions = 32;
constexpr std::size_t kTemporaries = 256;

/// Nothing where the process may open no more files.
std::optional<RootFolder> pinned_or_nothing(const RootFolder& root) {
  try {
    return root.pinned();
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// A store that went well does not fail because nobody can clean.
std::optional<CleanerLock> lock_or_leave_it(const RootFolder& root) {
  try {
    return CleanerLock::try_take(root);
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

void Cleaner::slice(const Budget& budget, std::uint64_t spared, Tidy tidy, TimePoint now) {
  const std::optional<RootFolder> folder = pinned_or_nothing(*root_);
  if (!folder) return;
  const std::optional<CleanerLock> lock = lock_or_leave_it(*folder);
  if (!lock) return;
  ledger_->renew_if_needed();
  const std::vector<Key> met = survey(*folder);
  if (!budget.allows(ledger_->totals())) evict(*folder, budget, spared, met, now);
  if (tidy == Tidy::yes) remove_stale_temporaries(*folder, kTemporaries);
}

/// Makes the next names of the folder known to the ledger, which learns this way of what phys-pipeline wrote, also in
/// the place of what it knew, and of what it has forgotten itself.
std::vector<Key> Cleaner::survey(const RootFolder& folder) {
  std::vector<Key> met;
  DirectoryReader reader(folder.fd(), ".");
  reader.seek(ledger_->directory_position());
  std::size_t names = kNames;
  bool at_end = false;
  while (const std::optional<Key> key = next_key(reader, folder, names, at_end)) {
    const LedgerKey ledger_key(*key);
    const std::optional<FoundEntry> found = find_entry_files(folder, *key);
    if (found && found->whole()) {
      const std::optional<LedgerFacts> facts = ledger_->find(ledger_key.tag());
      if (!facts || facts->bytes != found->bytes()) {
        if (!is_disposable(folder, *ledger_, *found)) continue;
        ledger_->adopt(ledger_key, facts_of(*found));
      }
    }
    met.push_back(*key);
  }
  ledger_->set_directory_position(at_end ? 0 : reader.position());
  return met;
}

/// The candidates are the records in a window of the ledger, which for up to ten thousand entries is all of it, and,
/// since the ledger does not keep long keys, those of long keys just met in the folder.
void Cleaner::evict(const RootFolder& folder, const Budget& budget, std::uint64_t spared, const std::vector<Key>& met,
                    TimePoint now) {
  std::vector<LedgerRecord> candidates = ledger_->next_records(kSlots, now);
  if (ledger_->generation() != folder.generation()) return;  // they are another folder's
  std::erase_if(candidates, [&](const LedgerRecord& record) {
    return record.kind == LedgerKey::Kind::hashed || record.tag == spared;
  });
  std::unordered_map<std::uint64_t, const Key*> long_keys;
  for (const Key& key : met) {
    const LedgerKey ledger_key(key);
    if (ledger_key.kind() != LedgerKey::Kind::hashed || ledger_key.tag() == spared) continue;
    const std::optional<LedgerFacts> facts = ledger_->find(ledger_key.tag());
    if (!facts || !long_keys.emplace(ledger_key.tag(), &key).second) continue;
    candidates.push_back({ledger_key.tag(), ledger_key.kind(), ledger_key.words(), *facts});
  }
  const Budget target = budget.with_slack();
  for (const std::size_t index : eviction_order(candidates, kEvictions, now)) {
    if (target.allows(ledger_->totals())) return;
    const LedgerRecord& victim = candidates[index];
    const auto known = long_keys.find(victim.tag);
    const std::optional<Key> key = known != long_keys.end() ? *known->second : victim.key();
    if (key) remove_entry(folder, EntryNames(*key), *closer_);
    ledger_->forget(victim.tag);
  }
}

}  // namespace neve
