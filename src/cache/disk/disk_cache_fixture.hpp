#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <optional>
#include <set>
#include <string>

#include <neve/base/file.hpp>
#include <neve/cache/disk_cache.hpp>

#include "conformance/sample_entries.hpp"
#include "support/temporary_folder.hpp"
#include "support/test_data.hpp"

namespace neve {

/// A disk cache in a folder of its own, with a clock that stands still, and the means to look at and meddle with its
/// files.
class DiskCacheInFolder : public testing::Test {
 protected:
  DiskCacheInFolder() {
    options_.root = folder_.path() / "cache";
    options_.clock = &clock_;
  }

  /// The cache, opened with `options_` at the first use.
  [[nodiscard]] DiskCache& cache() {
    if (!cache_) cache_.emplace(options_);
    return *cache_;
  }
  void close() { cache_.reset(); }

  StoreResult store(const std::string& key, const Entry& entry, double compute_s = 0) {
    StoreOptions options;
    options.compute_s = compute_s;
    return cache().store(Key(key), entry, options);
  }
  [[nodiscard]] LookupResult lookup(const std::string& key) { return cache().lookup(Key(key), {}); }
  [[nodiscard]] bool has(const std::string& key) { return cache().contains(Key(key)); }

  [[nodiscard]] std::filesystem::path path(const std::string& name) const { return options_.root / name; }
  [[nodiscard]] std::string content(const std::string& name) const {
    return std::string(read_file(path(name))->text());
  }
  void overwrite(const std::string& name, std::string_view content) {
    std::filesystem::create_directories(path(name).parent_path());
    replace_file(path(name), as_byte_span(content), Durability::none);
  }
  /// A file of an entry as phys-pipeline leaves it: nothing sealed.
  [[nodiscard]] static Bytes unsealed(const std::string& suffix) {
    return *read_file(
        test_data("vectors/entries/1fc45e13b7139f7880967d0ee777358ce107978e859d7f2b975b3ce21271cfa8" + suffix));
  }
  void place_unsealed(const std::string& key) {
    for (const char* suffix : {".json", ".npz"}) overwrite(key + suffix, unsealed(suffix).text());
  }
  /// Makes the files look as if nobody had touched them for a minute, so that they count as settled.
  void age(const std::string& key) {
    for (const char* suffix : {".json", ".npz"}) {
      const std::filesystem::path file = path(key + suffix);
      if (!std::filesystem::exists(file)) continue;
      std::filesystem::last_write_time(file, std::filesystem::last_write_time(file) - std::chrono::minutes(1));
    }
  }
  [[nodiscard]] std::set<std::string> visible_files() const {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(options_.root)) names.insert(entry.path().filename());
    names.erase(".neve");
    return names;
  }
  [[nodiscard]] std::size_t quarantined() { return cache().doctor().quarantined_files; }

  /// Puts a cache with just this entry where ours is, which goes elsewhere, open as it may be.
  void swap_in(const std::string& key, std::int64_t version) {
    DiskCacheOptions elsewhere = options_;
    elsewhere.root += ".new";
    elsewhere.access = FolderAccess::read_write;
    DiskCache(elsewhere).store(Key(key), versioned_entry(version), {});
    std::filesystem::rename(options_.root, options_.root.string() + ".old" + std::to_string(version));
    std::filesystem::rename(elsewhere.root, options_.root);
  }

  /// Runs a whole collection.
  CollectReport collect(CollectOptions options = {}) {
    CollectReport whole;
    do {
      CollectReport slice = cache().collect(options);
      whole.bytes_freed += slice.bytes_freed;
      whole.stale_temporaries += slice.stale_temporaries;
      whole.complete = slice.complete;
      whole.removed.insert(whole.removed.end(), slice.removed.begin(), slice.removed.end());
    } while (!whole.complete);
    return whole;
  }

  TemporaryFolder folder_;
  ManualClock clock_{TimePoint(std::chrono::hours(500'000))};
  DiskCacheOptions options_;

 private:
  std::optional<DiskCache> cache_;
};

}  // namespace neve
