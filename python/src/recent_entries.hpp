#pragma once

#include <cstdint>
#include <filesystem>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include <neve/cache/backend.hpp>

#include <sys/stat.h>

namespace neve::python {

/// What tells one content of a file from another without reading it. A plain value.
struct FileStamp {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t size = 0;
  std::int64_t modified_ns = 0;
  std::int64_t changed_ns = 0;

  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

/// Both files of an entry.
struct PairStamp {
  FileStamp json;
  FileStamp npz;

  /// Nothing unless both files are there.
  [[nodiscard]] static std::optional<PairStamp> of(int folder, const Key& key);
  /// Whether a file was written so lately that another write could leave the same times behind.
  [[nodiscard]] bool fresh() const;

  friend bool operator==(const PairStamp&, const PairStamp&) = default;
};

/// Entries of one folder that were read and verified, for as long as their files are what they were: a look at the
/// files' times instead of opening, reading and checking. Small ones within a budget, mapped ones by number. Not
/// thread-safe. See docs/decisions/python-entries-not-read-again.md.
///
/// The JSON file is the commit mark, which every writer of an entry replaces or rewrites, so of small entries only that
/// one is looked at; of mapped ones both. Of a file that is replaced the inode changes, of one that is rewritten in
/// place the times. Files changed within the last 50 ms are not trusted, because the kernel's clock for them ticks
/// every few milliseconds. An entry is read again after a while (0.1 s, mapped ones 10 s), so that the cache goes on
/// counting its uses.
class RecentEntries {
 public:
  explicit RecentEntries(const std::filesystem::path& folder);
  ~RecentEntries();
  RecentEntries(const RecentEntries&) = delete;
  RecentEntries& operator=(const RecentEntries&) = delete;

  /// A stamp to be taken before reading; nothing if the entry is not to be kept.
  [[nodiscard]] std::optional<PairStamp> stamp(const Key& key) const { return PairStamp::of(folder_, key); }

  /// The kept entry if its files are what they were, it has not expired and was read lately.
  [[nodiscard]] std::shared_ptr<const LookupResult> find(const Key& key, Placement placement);

  /// Keeps a hit that was read between two equal stamps.
  void keep(const Key& key, Placement placement, const PairStamp& before, std::shared_ptr<const LookupResult> hit);

  [[nodiscard]] std::uint64_t hits() const noexcept { return hits_; }
  [[nodiscard]] double saved_s() const noexcept { return saved_s_; }

 private:
  struct Kept {
    std::string name;
    PairStamp stamp;
    std::shared_ptr<const LookupResult> result;
    std::int64_t read_ns = 0;
    std::uint64_t bytes = 0;
  };
  using Position = std::list<Kept>::iterator;

  [[nodiscard]] bool unchanged(const Key& key, const Kept& kept) const;
  void drop(Position position);

  int folder_;
  std::list<Kept> kept_;  // latest first
  std::unordered_map<std::string, Position> by_name_;
  std::uint64_t bytes_ = 0;
  std::uint64_t hits_ = 0;
  double saved_s_ = 0;
};

}  // namespace neve::python
