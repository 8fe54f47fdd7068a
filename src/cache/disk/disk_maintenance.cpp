#include <fcntl.h>

#include <cerrno>
#include <thread>
#include <utility>

#include <neve/base/error.hpp>
#include <neve/base/filesystem_facts.hpp>

#include "cache/backend/miss_reason.hpp"
#include "cache/disk/cleaning/removal.hpp"
#include "cache/disk/cleaning/survey.hpp"
#include "cache/disk/parts.hpp"

namespace neve {
namespace {

constexpr std::size_t kCountExactlyUpTo = 2000;
constexpr std::size_t kTemporariesLookedAt = 10'000;

std::string describe(LedgerBacking backing) {
  switch (backing) {
    case LedgerBacking::shared:
      return "shared";
    case LedgerBacking::private_copy:
      return "private copy";
    case LedgerBacking::memory:
      return "memory only";
  }
  return "unknown";
}

/// Counts whole entries as long as the folder has few names; nothing if it has many.
std::optional<Usage> count_exactly(const RootFolder& root) {
  Usage usage;
  DirectoryReader reader(root.fd(), ".");
  std::size_t names = kCountExactlyUpTo;
  bool at_end = false;
  while (const std::optional<Key> key = next_key(reader, root, names, at_end)) {
    const std::optional<FoundEntry> found = find_entry_files(root, *key);
    if (!found || !found->whole()) continue;
    ++usage.entries;
    usage.bytes += found->bytes();
  }
  if (!at_end) return std::nullopt;
  return usage;
}

}  // namespace

struct KeyWalk::State {
  State(std::filesystem::path path, FileDescriptor fd)
      : root(RootFolder::around(std::move(path), std::move(fd))), reader(root.fd(), ".") {}

  RootFolder root;
  DirectoryReader reader;
};

KeyWalk::KeyWalk(std::unique_ptr<State> state) : state_(std::move(state)) {}
KeyWalk::~KeyWalk() = default;
KeyWalk::KeyWalk(KeyWalk&&) noexcept = default;
KeyWalk& KeyWalk::operator=(KeyWalk&&) noexcept = default;

std::vector<Key> KeyWalk::next(std::size_t limit) {
  std::vector<Key> keys;
  std::size_t names = SIZE_MAX;
  bool at_end = false;
  while (keys.size() < limit) {
    std::optional<Key> key = next_key(state_->reader, state_->root, names, at_end);
    if (!key) break;
    keys.push_back(*std::move(key));
  }
  return keys;
}

KeyWalk DiskCache::walk() const {
  parts_->follow(options_.clock->now());
  FileDescriptor fd(::openat(parts_->root.fd(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid()) throw io_error("cannot read the cache folder '" + parts_->root.path() + "'", errno);
  return KeyWalk(std::make_unique<KeyWalk::State>(options_.root, std::move(fd)));
}

std::optional<EntryInfo> DiskCache::inspect(const Key& key) {
  const RootFolder folder = parts_->root.pinned();
  const std::optional<FoundEntry> found = find_entry_files(folder, key);
  if (!found) return std::nullopt;
  EntryInfo info;
  info.json_bytes = found->json_bytes;
  info.npz_bytes = found->npz_bytes;
  info.modified_at = found->modified_at;
  if (!found->whole()) info.damage = MissReason::half;
  const EntryNames names(key);
  try {
    const OpenPair pair(folder, names);
    if (std::optional<EntrySeal> seal = pair.npz().valid() ? read_seal(pair.npz(), names.npz()) : std::nullopt) {
      info.sealed = true;
      if (seal->key != key.text()) info.damage = MissReason::foreign;
      info.expires_at = seal->expires_at;
      info.recipe = std::move(seal->recipe);
    }
  } catch (const EntryError& error) {
    info.damage = miss_reason_of(error.kind());
  } catch (const Error&) {
    info.damage = MissReason::unavailable;
  }
  info.disposable = is_disposable(folder, parts_->ledger, *found);
  if (info.damage == MissReason::none && info.expires_at && *info.expires_at <= options_.clock->now()) {
    info.damage = MissReason::expired;
  }
  if (const std::optional<LedgerFacts> facts = parts_->ledger.find(LedgerKey(key).tag())) {
    info.compute_s = facts->compute_s;
    info.hits = facts->hits;
    info.last_used = facts->last_used;
  }
  return info;
}

struct DiskCache::Look {
  Verification verdict;
  OpenPair files;                 ///< that were looked at
  bool may_be_under_way = false;  ///< damaged, but touched so lately that somebody may be storing it
};

DiskCache::Look DiskCache::look_at(const RootFolder& folder, const Key& key) {
  EntryRead read = parts_->read(folder, key, Placement::owned);
  const bool half = read.decoded && !read.decoded->seal && half_replaced(read, LedgerKey(key).tag());
  Look look{{read.reason, std::move(read.detail), read.stored_bytes}, std::move(read.files)};
  Verification& verdict = look.verdict;
  if (half) {
    verdict.reason = MissReason::torn;
    verdict.detail = kHalfReplaced;
  }
  const bool damaged =
      verdict.reason == MissReason::half || verdict.reason == MissReason::torn || verdict.reason == MissReason::corrupt;
  look.may_be_under_way = damaged && !look.files.settled();
  if (read.decoded && read.decoded->seal && read.decoded->seal->expires_at &&
      *read.decoded->seal->expires_at <= options_.clock->now()) {
    verdict.reason = MissReason::expired;
  }
  return look;
}

Verification DiskCache::verify(const Key& key) {
  constexpr int kMostLooks = 100;
  const RootFolder folder = parts_->root.pinned();
  Look look = look_at(folder, key);
  std::size_t unchanged = 0;
  for (int looks = 1; look.may_be_under_way && unchanged < kPausesToFinish.size() && looks < kMostLooks; ++looks) {
    std::this_thread::sleep_for(kPausesToFinish[unchanged]);
    unchanged = look.files.replaced(folder, EntryNames(key)) ? 0 : unchanged + 1;
    look = look_at(folder, key);
  }
  return std::move(look.verdict);
}

CollectReport DiskCache::collect(const CollectOptions& options) {
  parts_->require_writable();
  DiskCacheOptions wanted = options_;
  if (options.budget_bytes) wanted.budget_bytes = options.budget_bytes;
  if (options.budget_files) wanted.budget_files = options.budget_files;
  CollectReport report = parts_->collection.slice(options, budget_of(wanted), options_.clock->now());
  if (report.complete) parts_->closer.drain();
  return report;
}

std::uint64_t DiskCache::clear() {
  parts_->require_writable();
  parts_->follow(options_.clock->now());
  parts_->recent.forget_all();
  const RootFolder folder = parts_->root.pinned();
  std::uint64_t files = 0;
  DirectoryReader reader(folder.fd(), ".");
  std::size_t names = SIZE_MAX;
  bool at_end = false;
  while (const std::optional<Key> key = next_key(reader, folder, names, at_end)) {
    const std::optional<FoundEntry> found = find_entry_files(folder, *key);
    if (!found) continue;
    const bool ours = found->whole() ? is_disposable(folder, parts_->ledger, *found)
                                     : is_leftover(*key, parts_->ledger, OpenPair(folder, EntryNames(*key)));
    if (ours) {
      files += found->whole() ? 2 : 1;
      remove_entry(folder, EntryNames(*key), parts_->closer);
    }
  }
  parts_->closer.drain();
  Quarantine(folder).clear();
  if (folder.generation() == parts_->root.generation()) parts_->ledger.clear();
  return files;
}

std::uint64_t DiskCache::clear_quarantine() {
  parts_->require_writable();
  return parts_->quarantine.clear();
}

Usage DiskCache::usage() {
  parts_->follow(options_.clock->now());
  if (const std::optional<Usage> counted = count_exactly(parts_->root)) return *counted;
  const Ledger::Totals totals = parts_->ledger.totals();
  return {totals.entries, totals.bytes, false};
}

DiskHealth DiskCache::doctor() {
  DiskHealth health;
  const RootFolder& root = parts_->root;
  health.folder = root.path();
  health.writable = root.writable();
  health.read_only_because = root.read_only_because();
  const FilesystemFacts facts = filesystem_facts(root.fd());
  health.owner_uid = facts.owner_uid;
  health.owner = facts.owner;
  health.filesystem = facts.type;
  health.free_bytes = facts.free_bytes;
  health.ledger = describe(parts_->ledger.backing());
  health.ledger_capacity = parts_->ledger.capacity();
  health.usage = usage();
  health.stale_temporaries = count_stale_temporaries(root, kTemporariesLookedAt);
  const Quarantine::Contents contents = parts_->quarantine.contents();
  health.quarantined_files = contents.files;
  health.quarantined_bytes = contents.bytes;
  return health;
}

}  // namespace neve
