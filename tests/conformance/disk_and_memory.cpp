#include <optional>

#include <neve/cache/disk_cache.hpp>
#include <neve/cache/memory_cache.hpp>
#include <neve/cache/observed.hpp>
#include <neve/cache/open_cache.hpp>

#include "conformance/backend_suite.hpp"
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

 private:
  TemporaryFolder folder_;
  DiskCacheOptions options_;
  std::optional<DiskCache> cache_;
};

/// As programs open their caches.
class OpenedBench final : public BackendBench {
 public:
  explicit OpenedBench(const std::string& kind) : folder_(), url_(kind) {
    if (kind == "disk:") url_ += (folder_.path() / "a folder, with (odd) name").string();
    OpenOptions options;
    options.clock = &clock();
    cache_ = open_cache(url_, options);
  }
  CacheBackend& cache() override { return *cache_; }
  void close() override { cache_.reset(); }

 private:
  TemporaryFolder folder_;
  std::string url_;
  std::shared_ptr<Observed> cache_;
};

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
};

INSTANTIATE_TEST_SUITE_P(Caches, BackendSuite, testing::ValuesIn(kBackends), name_of);
INSTANTIATE_TEST_SUITE_P(Caches, BackendModel, testing::ValuesIn(kBackends), name_of);

}  // namespace
}  // namespace neve
