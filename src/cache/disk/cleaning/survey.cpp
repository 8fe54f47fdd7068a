#include "cache/disk/cleaning/survey.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "cache/disk/entry/entry_names.hpp"

namespace neve {
namespace {

TimePoint modification_time(const struct stat& status) {
  return TimePoint(std::chrono::milliseconds(status.st_mtim.tv_sec * 1000 + status.st_mtim.tv_nsec / 1'000'000));
}

bool add_file(const RootFolder& root, const char* name, std::uint64_t& bytes, TimePoint& newest) {
  struct stat status {};
  if (::fstatat(root.fd(), name, &status, 0) != 0 || !S_ISREG(status.st_mode)) return false;
  bytes = static_cast<std::uint64_t>(status.st_size);
  newest = std::max(newest, modification_time(status));
  return true;
}

}  // namespace

std::optional<FoundEntry> find_entry_files(const RootFolder& root, const Key& key) {
  const EntryNames names(key);
  FoundEntry found{key, false, false, 0, 0, TimePoint()};
  found.has_json = add_file(root, names.json(), found.json_bytes, found.modified_at);
  found.has_npz = add_file(root, names.npz(), found.npz_bytes, found.modified_at);
  if (!found.has_json && !found.has_npz) return std::nullopt;
  return found;
}

std::optional<Key> next_key(DirectoryReader& reader, const RootFolder& root, std::size_t& budget, bool& at_end) {
  for (at_end = false; budget != 0;) {
    const std::optional<std::string_view> name = reader.next();
    if (!name) {
      at_end = true;
      return std::nullopt;
    }
    --budget;
    const std::optional<EntryFileName> parsed = EntryFileName::parse(*name);
    if (!parsed) continue;
    Key key{std::string(parsed->key)};
    if (parsed->half == Half::json || ::faccessat(root.fd(), EntryNames(key).json(), F_OK, 0) != 0) return key;
  }
  return std::nullopt;
}

LedgerFacts facts_of(const FoundEntry& found) {
  LedgerFacts facts;
  facts.bytes = found.bytes();
  facts.stored_at = found.modified_at;
  facts.last_used = found.modified_at;
  return facts;
}

}  // namespace neve
