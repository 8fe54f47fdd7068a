#include "recent_entries.hpp"

#include <chrono>
#include <cstring>
#include <iterator>

#include <fcntl.h>
#include <unistd.h>

namespace neve::python {
namespace {

constexpr std::uint64_t kLargest = 256 << 10;  // of an entry that is kept in memory
constexpr std::uint64_t kBudget = std::uint64_t{16} << 20;
constexpr std::size_t kEntries = 1024;                   // mapped ones among them
constexpr std::int64_t kReadAgainAfter = 100'000'000;    // ns
constexpr std::int64_t kMapAgainAfter = 10'000'000'000;  // ns; verifying a large file takes milliseconds
constexpr std::int64_t kFresh = 50'000'000;              // ns

std::int64_t nanoseconds(const timespec& time) { return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec; }

std::int64_t now_ns(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return nanoseconds(time);
}

std::optional<FileStamp> stamp_of(int folder, const char* name) {
  struct stat found {};
  if (::fstatat(folder, name, &found, 0) != 0) return std::nullopt;
  return FileStamp{found.st_dev, found.st_ino, found.st_size, nanoseconds(found.st_mtim), nanoseconds(found.st_ctim)};
}

/// What the arrays occupy besides the file they may be mapped from.
std::uint64_t memory_of(const LookupResult& hit, Placement placement) {
  std::uint64_t bytes = 0;
  for (const auto& [name, array] : hit.entry->arrays) bytes += array.bytes().size();
  // Deflated arrays are never mapped; stored ones make the file at least as long as they are.
  const bool mapped = placement == Placement::mapped && bytes > kLargest && bytes <= hit.stored_bytes;
  return mapped ? 0 : bytes + hit.stored_bytes;
}

std::string kept_name(const Key& key, Placement placement) {
  return (placement == Placement::mapped ? '>' : '=') + key.text();
}

}  // namespace

std::optional<PairStamp> PairStamp::of(int folder, const Key& key) {
  std::string name = key.text() + ".json";
  const auto json = stamp_of(folder, name.c_str());
  if (!json) return std::nullopt;
  name.replace(name.size() - 4, 4, "npz");
  const auto npz = stamp_of(folder, name.c_str());
  if (!npz) return std::nullopt;
  return PairStamp{*json, *npz};
}

bool PairStamp::fresh() const {
  const std::int64_t now = now_ns(CLOCK_REALTIME_COARSE);
  for (const FileStamp& file : {json, npz}) {
    if (file.modified_ns > now - kFresh || file.changed_ns > now - kFresh) return true;
  }
  return false;
}

RecentEntries::RecentEntries(const std::filesystem::path& folder)
    : folder_(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {}

RecentEntries::~RecentEntries() {
  if (folder_ >= 0) ::close(folder_);
}

/// Of a sealed entry the json file tells: whoever stores another changes it last.
bool RecentEntries::unchanged(const Key& key, const Kept& kept) const {
  if (kept.bytes == 0 || !kept.result->sealed) return stamp(key) == kept.stamp;
  return stamp_of(folder_, (key.text() + ".json").c_str()) == kept.stamp.json;
}

std::shared_ptr<const LookupResult> RecentEntries::find(const Key& key, Placement placement) {
  const auto found = by_name_.find(kept_name(key, placement));
  if (found == by_name_.end()) return nullptr;
  const Position position = found->second;
  const LookupResult& result = *position->result;
  const bool expired = result.expires_at && *result.expires_at <= Clock::system().now();
  const std::int64_t age = now_ns(CLOCK_MONOTONIC) - position->read_ns;
  if (expired || age > (position->bytes == 0 ? kMapAgainAfter : kReadAgainAfter) || !unchanged(key, *position)) {
    drop(position);
    return nullptr;
  }
  kept_.splice(kept_.begin(), kept_, position);
  ++hits_;
  saved_s_ += result.compute_s;
  return position->result;
}

void RecentEntries::keep(const Key& key, Placement placement, const PairStamp& before,
                         std::shared_ptr<const LookupResult> hit) {
  const std::uint64_t bytes = memory_of(*hit, placement);
  if (bytes > kLargest || before.fresh() || stamp(key) != before) return;
  std::string name = kept_name(key, placement);
  if (const auto found = by_name_.find(name); found != by_name_.end()) drop(found->second);
  kept_.push_front({name, before, std::move(hit), now_ns(CLOCK_MONOTONIC), bytes});
  by_name_.emplace(std::move(name), kept_.begin());
  bytes_ += bytes;
  while (bytes_ > kBudget || kept_.size() > kEntries) drop(std::prev(kept_.end()));
}

void RecentEntries::drop(Position position) {
  bytes_ -= position->bytes;
  by_name_.erase(position->name);
  kept_.erase(position);
}

}  // namespace neve::python
