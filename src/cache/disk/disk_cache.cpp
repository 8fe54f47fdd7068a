#include <neve/cache/disk_cache.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <thread>
#include <utility>

#include <neve/base/error.hpp>

#include "cache/backend/same_entry.hpp"
#include "cache/disk/cleaning/removal.hpp"
#include "cache/disk/parts.hpp"

namespace neve {
namespace {

constexpr std::uint64_t kFilesPerEntry = 2;
/// Every so many stores of an instance, a slice of cleaning happens even within the budget.
constexpr std::uint64_t kStoresPerSlice = 128;

StoreResult declined(std::string why) {
  StoreResult result;
  result.declined = std::move(why);
  return result;
}

LookupResult no_hit(std::string_view tier, MissReason reason, std::string detail = {}) {
  LookupResult result;
  result.tier = tier;
  result.reason = reason;
  result.detail = std::move(detail);
  return result;
}

double sane_seconds(double seconds) { return std::isfinite(seconds) && seconds > 0 ? seconds : 0; }

/// Whether the damaged pair is ours to set aside. What was touched a moment ago may still be in the making.
bool is_ours(const EntryRead& read, const std::optional<LedgerFacts>& facts) {
  const bool damaged =
      read.reason == MissReason::corrupt || read.reason == MissReason::torn || read.reason == MissReason::foreign;
  if (!damaged || !read.files.settled()) return false;
  return shows_a_seal(read.files.npz()) ||
         (read.reason == MissReason::corrupt && facts && facts->writer == Writer::neve);
}

/// When the json file last changed; nothing if it cannot be asked.
std::optional<TimePoint> json_changed_at(const EntryRead& read) {
  struct stat json {};
  if (::fstat(read.files.json().get(), &json) != 0) return std::nullopt;
  return TimePoint(std::chrono::seconds(json.st_ctim.tv_sec));
}

/// Of an entry that was read. Another program's is as old as its json file says, so that no store that came after it is
/// mistaken for its.
LedgerFacts facts_from(const EntryRead& read, TimePoint now) {
  const DecodedEntry& decoded = *read.decoded;
  LedgerFacts facts;
  facts.bytes = read.stored_bytes;
  facts.writer = decoded.seal ? Writer::neve : Writer::other;
  facts.stored_at = decoded.seal ? now : std::min(now, json_changed_at(read).value_or(now));
  facts.last_used = now;
  if (decoded.seal) facts.expires_at = decoded.seal->expires_at;
  return facts;
}

}  // namespace

Budget budget_of(const DiskCacheOptions& options) {
  Budget budget;
  if (options.budget_bytes) budget.bytes = *options.budget_bytes;
  if (options.budget_files) budget.entries = *options.budget_files / kFilesPerEntry;
  return budget;
}

DiskCache::DiskCache(const DiskCacheOptions& options) : options_(options), parts_(std::make_unique<Parts>(options_)) {}

DiskCache::~DiskCache() = default;

LookupResult DiskCache::lookup(const Key& key, const LookupOptions& options) {
  const LedgerKey ledger_key(key);
  const Placement placement = options_.placement == Placement::mapped ? Placement::mapped : options.placement;
  const TimePoint asked_at = options_.clock->now();
  parts_->follow_if_due(asked_at);
  if (const auto kept = parts_->recent.find(key, ledger_key.tag(), placement)) {
    if (std::optional<LookupResult> result = again(*kept, ledger_key, asked_at)) return std::move(*result);
  }
  const bool keep = parts_->recent.asked_again(ledger_key.tag());
  const std::chrono::nanoseconds began = std::chrono::system_clock::now().time_since_epoch();
  const EntryNames names(key);
  std::uint32_t generation = 0;
  const auto read_files = [&] {
    generation = parts_->root.generation();
    return parts_->read(parts_->root, key, placement);
  };
  EntryRead read = read_files();
  if (read.reason == MissReason::absent && parts_->follow(asked_at)) read = read_files();
  if (std::optional<LookupResult> none = missed(names, read, ledger_key.tag())) return std::move(*none);
  const TimePoint now = options_.clock->now();
  const LedgerFacts seen = facts_from(read, now);
  if (seen.expires_at && *seen.expires_at <= now) return expired(names, read, ledger_key.tag());
  LookupResult result = hit(read, ledger_key, seen);
  if (keep) {
    result.entry.keep();
    parts_->recent.keep(ledger_key.tag(),
                        {key, placement, result, seen, read.mapped, generation, std::move(read.files)}, began);
  }
  return result;
}

/// The miss if the files gave no entry, or one that is half another's; what is left of it is dealt with.
std::optional<LookupResult> DiskCache::missed(const EntryNames& names, EntryRead& read, std::uint64_t tag) {
  if (!read.decoded) {
    put_aside(names, read, tag);
    return no_hit(name(), read.reason, std::move(read.detail));
  }
  if (!read.decoded->seal && half_replaced(read, tag)) return no_hit(name(), MissReason::torn, kHalfReplaced);
  return std::nullopt;
}

/// The miss for an entry whose time is over. Its files go, unless they have been replaced since they were read.
LookupResult DiskCache::expired(const EntryNames& names, const EntryRead& read, std::uint64_t tag) {
  if (parts_->root.writable()) {
    remove_exactly(parts_->root, names, read.files, parts_->temporaries, parts_->closer);
    parts_->ledger.forget(tag);
  }
  return no_hit(name(), MissReason::expired);
}

/// The hit, entered into the ledger. Takes the entry out of `read`.
LookupResult DiskCache::hit(EntryRead& read, const LedgerKey& key, const LedgerFacts& seen) {
  LookupResult result;
  result.tier = name();
  result.reason = MissReason::none;
  result.compute_s = parts_->ledger.record_hit(key, seen).compute_s;
  result.stored_bytes = read.stored_bytes;
  result.expires_at = seen.expires_at;
  result.entry = std::move(read.decoded->entry);
  result.sealed = read.decoded->seal.has_value();
  if (read.decoded->seal) result.recipe = std::move(read.decoded->seal->recipe);
  return result;
}

/// The hit that was kept; nothing once it has expired, which is for a lookup in the files to deal with.
std::optional<LookupResult> DiskCache::again(const RecentEntry& kept, const LedgerKey& key, TimePoint now) {
  LedgerFacts seen = kept.facts;
  seen.last_used = now;
  if (seen.expires_at && *seen.expires_at <= now) {
    parts_->recent.forget(key.tag());
    return std::nullopt;
  }
  LookupResult result = kept.result;
  result.compute_s = parts_->ledger.record_hit(key, seen).compute_s;
  return result;
}

/// Whether an npz file without a seal stands beside the json file of our own last store: another program that wrote
/// both halves, in place and one after the other, met that store in between. Asked only where there is no seal, and
/// wrong only if it rewrote both within two seconds after us; that costs a computation, after which there is a seal.
bool DiskCache::half_replaced(const EntryRead& read, std::uint64_t tag) {
  const std::optional<LedgerFacts> known = parts_->ledger.find(tag);
  const std::optional<TimePoint> changed = json_changed_at(read);
  return known && changed && known->is_store_after(*changed);
}

/// After a miss: the ledger forgets what is not there, and damaged files of ours go into quarantine.
void DiskCache::put_aside(const EntryNames& names, const EntryRead& read, std::uint64_t tag) {
  if (read.reason == MissReason::absent) return parts_->ledger.forget(tag);
  if (!parts_->root.writable() || !is_ours(read, parts_->ledger.find(tag))) return;
  parts_->quarantine.take(names.json(), FileIdentity::of(read.files.json().get()));
  parts_->quarantine.take(names.npz(), FileIdentity::of(read.files.npz().get()));
  parts_->ledger.forget(tag);
}

StoreResult DiskCache::store(const Key& key, const Entry& entry, const StoreOptions& options) {
  if (!parts_->root.writable()) return declined(parts_->root.read_only_because());
  if (budget_of(options_).entries == 0) {
    if (!options.still_there) forget_replaced(key);
    return declined("the budget of files has no room for an entry's two");
  }
  const TimePoint now = options_.clock->now();
  parts_->follow(now);
  EntrySeal seal{key.text(), options.expires_at, options.recipe};
  if (!seal.expires_at && options_.ttl) seal.expires_at = now + *options_.ttl;
  const LedgerKey ledger_key(key);
  parts_->recent.forget(ledger_key.tag());
  StoreResult result;
  try {
    const std::optional<std::uint64_t> bytes =
        options.still_there ? write_copy(key, entry, seal, options.still_there) : write(key, entry, seal);
    if (!bytes) {
      StoreResult late = declined("another process has stored or erased it meanwhile");
      late.overtaken = true;
      return late;
    }
    result.stored_bytes = *bytes;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::too_large) {
      if (!options.still_there) forget_replaced(key);
      return declined(error.what());
    }
    if (error.code() == ErrorCode::io && !parts_->root.still_writable()) return declined(error.what());
    const std::uint64_t there = error.code() == ErrorCode::io ? bytes_if_there(key, entry, seal.expires_at) : 0;
    if (there == 0) throw;
    result.stored = true;
    result.stored_bytes = there;
    return result;
  }
  result.stored = true;
  LedgerFacts facts;
  facts.bytes = result.stored_bytes;
  facts.compute_s = sane_seconds(options.compute_s);
  facts.writer = Writer::neve;
  facts.stored_at = now;
  facts.last_used = now;
  facts.expires_at = seal.expires_at;
  parts_->ledger.record_store(ledger_key, facts);
  clean_up_after(ledger_key.tag());
  return result;
}

/// What removed files occupied may be just the room that is missing, so a failure is only believed once they are freed.
std::uint64_t DiskCache::write(const Key& key, const Entry& entry, const EntrySeal& seal) {
  try {
    return parts_->writer.write(EntryNames(key), entry, seal);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::io || !parts_->closer.drain()) throw;
  }
  return parts_->writer.write(EntryNames(key), entry, seal);
}

/// The bytes of the entry if it is there already, and for no longer than until `expires_at`, as where two have computed
/// the same and the disk was full for the second; else 0. No use of it is counted.
std::uint64_t DiskCache::bytes_if_there(const Key& key, const Entry& entry,
                                        const std::optional<TimePoint>& expires_at) {
  EntryRead read = read_entry(parts_->root, key, EntryNames(key), Placement::owned,
                              options_.decoded_bytes.value_or(half_of_memory()));
  if (!read.decoded || (!read.decoded->seal && half_replaced(read, LedgerKey(key).tag()))) return 0;
  LookupResult there;
  if (read.decoded->seal) there.expires_at = read.decoded->seal->expires_at;
  if (there.expires_at && *there.expires_at <= options_.clock->now()) return 0;
  there.entry = std::move(read.decoded->entry);
  return is_same_entry(there, entry, expires_at) ? read.stored_bytes : 0;
}

/// A copy gives way to whatever a lookup finds, and to what may still be in the making.
std::optional<std::uint64_t> DiskCache::write_copy(const Key& key, const Entry& entry, const EntrySeal& seal,
                                                   const std::function<bool()>& still_there) {
  const EntryNames names(key);
  const OpenPair before(parts_->root, names);
  if (before.missing() != MissReason::absent) {
    if (lookup(key, {}).hit()) return std::nullopt;
    if (before.settled()) remove_exactly(parts_->root, names, before, parts_->temporaries, parts_->closer);
  }
  return parts_->writer.write_unless_taken(names, entry, seal, still_there);
}

void DiskCache::clean_up_after(std::uint64_t stored_tag) {
  const Budget budget = budget_of(options_);
  const bool due = (parts_->stores.fetch_add(1, std::memory_order_relaxed) + 1) % kStoresPerSlice == 0;
  if (due || parts_->ledger.wants_renewal() || !budget.allows(parts_->ledger.totals())) {
    parts_->cleaner.slice(budget, stored_tag, due ? Cleaner::Tidy::yes : Cleaner::Tidy::no, options_.clock->now());
  }
}

bool DiskCache::touch(const Key& key, std::optional<TimePoint> expires_at) {
  parts_->require_writable();
  parts_->follow(options_.clock->now());
  const EntryNames names(key);
  const LedgerKey ledger_key(key);
  const EntryRead read = read_to_touch(key, names);
  if (!read.decoded || (!read.decoded->seal && half_replaced(read, ledger_key.tag()))) return false;
  const TimePoint now = options_.clock->now();
  LedgerFacts facts = facts_from(read, now);
  if (facts.expires_at && *facts.expires_at <= now) return false;
  const EntrySeal seal{key.text(), expires_at, read.decoded->seal ? read.decoded->seal->recipe : std::string()};
  const Bytes json = read_json_text(read.files, names);
  if (!parts_->writer.reseal(names, read.decoded->entry, json.text(), seal, FileIdentity::of(read.files.npz().get()))) {
    return false;
  }
  facts.writer = Writer::neve;
  facts.expires_at = expires_at;
  parts_->ledger.adopt(ledger_key, facts);
  return true;
}

/// An npz file of ours that stands alone is what a promotion places before it asks how long the entry is kept. The
/// answer may be from before this touch, and a json file that appears later would make it count: a promotion that finds
/// its npz file gone takes the json file back.
EntryRead DiskCache::read_to_touch(const Key& key, const EntryNames& names) {
  for (auto pause = kPausesToFinish.begin();; ++pause) {
    EntryRead read = parts_->read(parts_->root, key, Placement::owned);
    const bool half = read.reason == MissReason::half && read_seal_of(key, read.files);
    if (!half) return read;
    if (read.files.settled() || pause == kPausesToFinish.end()) {
      remove_exactly(parts_->root, names, read.files, parts_->temporaries, parts_->closer);
      return read;
    }
    std::this_thread::sleep_for(*pause);
  }
}

/// What a store was to replace must not be found in its place.
void DiskCache::forget_replaced(const Key& key) noexcept {
  try {
    (void)erase(key);
  } catch (const std::exception&) {
    // The store's own failure is what the caller is told.
  }
}

bool DiskCache::erase(const Key& key) {
  parts_->require_writable();
  parts_->follow(options_.clock->now());
  const LedgerKey ledger_key(key);
  parts_->recent.forget(ledger_key.tag());
  const bool removed = remove_entry(parts_->root, EntryNames(key), parts_->closer);
  parts_->ledger.forget(ledger_key.tag());
  return removed;
}

bool DiskCache::contains(const Key& key) {
  const EntryNames names(key);
  const auto is_there = [&] {
    return ::faccessat(parts_->root.fd(), names.json(), F_OK, 0) == 0 &&
           ::faccessat(parts_->root.fd(), names.npz(), F_OK, 0) == 0;
  };
  const TimePoint now = options_.clock->now();
  parts_->follow_if_due(now);
  if (!is_there() && !(parts_->follow(now) && is_there())) return false;
  const std::optional<LedgerFacts> facts = parts_->ledger.find(LedgerKey(key).tag());
  if (!facts || !facts->expires_at || *facts->expires_at > now) return true;
  // Or somebody else has stored it anew, which the files tell.
  const std::optional<EntrySeal> seal = read_seal_of(key, OpenPair(parts_->root, names));
  return !seal || !seal->expires_at || *seal->expires_at > now;
}

/// The ledger may be behind what another host did; the files are not.
Presence DiskCache::presence(const Key& key) {
  if (!contains(key)) return {};
  const std::optional<EntrySeal> seal = read_seal_of(key, OpenPair(parts_->root, EntryNames(key)));
  return {true, seal ? seal->expires_at : std::nullopt};
}

/// Not a lookup: that would count as a use of the entry.
bool DiskCache::still_has(const Key& key, const LookupResult& found) {
  if (found.stored_bytes > kReadAgain) return CacheBackend::still_has(key, found);
  const EntryRead now = parts_->read(parts_->root, key, Placement::owned);
  if (!now.decoded) return false;
  const EntrySeal unsealed{};  // without an expiry
  const EntrySeal& seal = now.decoded->seal ? *now.decoded->seal : unsealed;
  if (seal.expires_at && *seal.expires_at <= options_.clock->now()) return false;
  return is_same_entry(found, now.decoded->entry, seal.expires_at);
}

void DiskCache::drain() { parts_->closer.drain(); }

}  // namespace neve
