#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

#include <neve/cache/disk_cache.hpp>
#include <neve/cache/memory_cache.hpp>
#include <neve/cache/observed.hpp>
#include <neve/cache/open_cache.hpp>
#include <neve/cache/tiered.hpp>

#include "conformance/backend_suite.hpp"
#include "conformance/drained.hpp"
#include "support/temporary_folder.hpp"

namespace neve {
namespace {

class MemoryBench final : public BackendBench {
 public:
  MemoryBench() {
    MemoryCacheOptions options;
    options.clock = &clock();
    cache_.emplace(options);
  }
  CacheBackend& cache() override { return *cache_; }
  void close() override { cache_.reset(); }

 private:
  std::optional<MemoryCache> cache_;
};

class DiskBench final : public BackendBench {
 public:
  explicit DiskBench(DiskCacheOptions options) : options_(std::move(options)) {
    options_.root = folder_.path() / "cache";
    options_.clock = &clock();
    cache_.emplace(options_);
  }
  CacheBackend& cache() override { return *cache_; }
  bool reopen() override {
    cache_.reset();
    cache_.emplace(options_);
    return true;
  }
  void close() override { cache_.reset(); }
  [[nodiscard]] bool asks_for_source() const override { return true; }

 private:
  TemporaryFolder folder_;
  DiskCacheOptions options_;
  std::optional<DiskCache> cache_;
};

/// As programs open their caches. `disk:` in the URL is completed with a folder.
class OpenedBench final : public BackendBench {
 public:
  explicit OpenedBench(std::string url) : url_(std::move(url)) {
    const std::size_t disk = url_.find("disk:");
    if (disk != std::string::npos) {
      has_disk_ = true;
      url_.insert(disk + 5, (folder_.path() / "a folder, with (odd) name").string());
    }
    open();
  }
  CacheBackend& cache() override { return *cache_; }
  bool reopen() override {
    if (!has_disk_) return false;
    cache_.reset();
    open();
    return true;
  }
  void close() override { cache_.reset(); }

 private:
  void open() {
    OpenOptions options;
    options.clock = &clock();
    cache_ = open_cache(url_, options);
  }

  TemporaryFolder folder_;
  std::string url_;
  bool has_disk_ = false;
  std::shared_ptr<Observed> cache_;
};

/// What is made of a clock and a folder: decorators and chains.
using Make = std::function<std::shared_ptr<CacheBackend>(const Clock&, const std::filesystem::path&)>;

/// A cache that keeps all it needs in its folder.
class ComposedBench final : public BackendBench {
 public:
  explicit ComposedBench(Make make) : make_(std::move(make)) { open(); }
  CacheBackend& cache() override { return *cache_; }
  bool reopen() override {
    cache_.reset();
    open();
    return true;
  }
  void close() override { cache_.reset(); }

 private:
  void open() { cache_ = make_(clock(), folder_.path() / "cache"); }

  TemporaryFolder folder_;
  Make make_;
  std::shared_ptr<CacheBackend> cache_;
};

std::shared_ptr<CacheBackend> memory(const Clock& clock) {
  MemoryCacheOptions options;
  options.clock = &clock;
  return std::make_shared<MemoryCache>(options);
}

std::shared_ptr<CacheBackend> disk(const Clock& clock, const std::filesystem::path& folder) {
  DiskCacheOptions options;
  options.root = folder;
  options.clock = &clock;
  return std::make_shared<DiskCache>(options);
}

std::shared_ptr<CacheBackend> observed(const Clock& clock, const std::filesystem::path& folder) {
  return std::make_shared<Observed>(disk(clock, folder));
}

std::shared_ptr<CacheBackend> guarded(const Clock& clock, const std::filesystem::path& folder) {
  return patiently_guarded(disk(clock, folder));
}

std::shared_ptr<CacheBackend> disk_later(const Clock& clock, const std::filesystem::path& folder) {
  TieredOptions options;
  options.writes = TierWrites::background;
  return std::make_shared<Drained>(
      std::make_shared<TieredCache>(std::vector<Tier>{{memory(clock)}, {disk(clock, folder)}}, options));
}

std::shared_ptr<CacheBackend> two_disks(const Clock& clock, const std::filesystem::path& folder) {
  return std::make_shared<TieredCache>(
      std::vector<Tier>{{disk(clock, folder / "near")}, {disk(clock, folder / "far")}});
}

DiskCacheOptions mapped() {
  DiskCacheOptions options;
  options.placement = Placement::mapped;
  return options;
}

DiskCacheOptions small_and_synced() {
  DiskCacheOptions options;
  options.compression = Compression::small;
  options.durability = Durability::full;
  return options;
}

const std::vector<BackendUnderTest> kBackends{
    {"Memory", [] { return std::make_unique<MemoryBench>(); }},
    {"Disk", [] { return std::make_unique<DiskBench>(DiskCacheOptions{}); }},
    {"DiskMapped", [] { return std::make_unique<DiskBench>(mapped()); }},
    {"DiskSmallAndSynced", [] { return std::make_unique<DiskBench>(small_and_synced()); }},
    {"OpenedMemory", [] { return std::make_unique<OpenedBench>("memory:64MiB"); }},
    {"OpenedDisk", [] { return std::make_unique<OpenedBench>("disk:"); }},
    {"OpenedMemoryThenDisk", [] { return std::make_unique<OpenedBench>("memory:64MiB,disk:"); }},
    {"MemoryThenDiskLater", [] { return std::make_unique<ComposedBench>(disk_later); }},
    {"DiskThenDisk", [] { return std::make_unique<ComposedBench>(two_disks); }},
    {"Observed", [] { return std::make_unique<ComposedBench>(observed); }},
    {"Guarded", [] { return std::make_unique<ComposedBench>(guarded); }},
};

INSTANTIATE_TEST_SUITE_P(Caches, BackendSuite, testing::ValuesIn(kBackends), name_of);
INSTANTIATE_TEST_SUITE_P(Caches, BackendModel, testing::ValuesIn(kBackends), name_of);

}  // namespace
}  // namespace neve
