#include "caching/cache_handle.hpp"

#include <atomic>
#include <utility>
#include <vector>

#include <nanobind/nanobind.h>

#include <neve/base/error.hpp>

#include "interpreter/gil.hpp"

#include <pthread.h>

namespace nb = nanobind;

namespace neve::python {
namespace {

std::atomic<std::uint64_t> epoch{0};

DiskCache* find_disk(CacheBackend& backend) {
  if (auto* disk = dynamic_cast<DiskCache*>(&backend)) return disk;
  if (auto* observed = dynamic_cast<Observed*>(&backend)) return find_disk(observed->backend());
  if (auto* tiers = dynamic_cast<TieredCache*>(&backend)) {
    for (const Tier& tier : tiers->tiers()) {
      if (DiskCache* disk = find_disk(*tier.cache)) return disk;
    }
  }
  return nullptr;
}

/// Of a chain its tiers; else the cache itself. Throws `unsupported` for tiers that are only read.
std::vector<CacheBackend*> tiers_of(Observed& cache) {
  auto* chain = dynamic_cast<TieredCache*>(&cache.backend());
  if (chain == nullptr) return {&cache};
  std::vector<CacheBackend*> tiers;
  for (const Tier& tier : chain->tiers()) {
    if (tier.access == TierAccess::read_only) {
      throw Error(ErrorCode::unsupported, "clearing would leave what the tier '" + std::string(tier.cache->name()) +
                                              "' keeps, which is only read here; open the folder alone");
    }
    tiers.push_back(tier.cache.get());
  }
  return tiers;
}

}  // namespace

std::uint64_t process_epoch() noexcept { return epoch.load(std::memory_order_relaxed); }

void watch_forks() {
  static const int once = pthread_atfork(nullptr, nullptr, [] { epoch.fetch_add(1, std::memory_order_relaxed); });
  static_cast<void>(once);
}

CacheHandle::CacheHandle(std::string url, FailurePolicy policy)
    : url_(std::move(url)), policy_(policy), backend_(open()), process_(process_epoch()) {}

CacheHandle::~CacheHandle() { close(); }

std::shared_ptr<Observed> CacheHandle::open() const {
  const GilRelease release;
  return open_cache(url_, {.on_failure = policy_});
}

std::shared_ptr<Observed> CacheHandle::backend() {
  if (backend_ == nullptr) {
    throw Error(ErrorCode::invalid_argument, "the cache is closed; open it again with neve.open(...)");
  }
  if (process_ != process_epoch()) {
    std::shared_ptr<Observed> fresh = open();
    if (process_ != process_epoch()) {  // another thread may have been here while the GIL was free
      static_cast<void>(new std::shared_ptr<Observed>(std::move(backend_)));  // its threads and locks are the parent's
      static_cast<void>(new std::shared_ptr<FlightControl>(std::move(flight_)));
      flight_ = nullptr;
      flight_opened_ = false;
      backend_ = std::move(fresh);
      process_ = process_epoch();
    }
  }
  return backend_;
}

std::shared_ptr<const LookupResult> CacheHandle::lookup(const Key& key, Placement placement) {
  const std::shared_ptr<Observed> backend = this->backend();
  const GilRelease release;
  return std::make_shared<const LookupResult>(backend->lookup(key, {.placement = placement}));
}

std::shared_ptr<FlightControl> CacheHandle::flight() {
  const std::shared_ptr<Observed> backend = this->backend();
  if (!flight_opened_) {
    flight_ = open_flight(url_, *backend);
    flight_opened_ = true;
  }
  return flight_;
}

void CacheHandle::close() {
  if (backend_ == nullptr) return;
  std::shared_ptr<Observed> last = std::move(backend_);
  std::shared_ptr<FlightControl> flight = std::move(flight_);
  backend_ = nullptr;
  flight_ = nullptr;
  if (process_ != process_epoch()) {
    static_cast<void>(new std::shared_ptr<Observed>(std::move(last)));
    static_cast<void>(new std::shared_ptr<FlightControl>(std::move(flight)));
    return;
  }
  const GilRelease release;
  flight.reset();
  last.reset();
}

std::uint64_t CacheHandle::clear() {
  const std::shared_ptr<Observed> backend = this->backend();
  std::vector<DiskCache*> folders;
  bool memory = false;
  for (CacheBackend* tier : tiers_of(*backend)) {
    if (DiskCache* folder = find_disk(*tier)) {
      folders.push_back(folder);
    } else if (tier->name() == "memory") {
      memory = true;
    } else if (tier->name() != "none") {
      throw Error(ErrorCode::unsupported,
                  "clearing would leave what the tier '" + std::string(tier->name()) +
                      "' keeps, which may be others' too; open the folder alone, or delete keys");
    }
  }
  std::uint64_t files = 0;
  {
    const GilRelease release;
    for (DiskCache* folder : folders) files += folder->clear();
  }
  if (memory) {  // whose entries have no names to remove them by
    backend_ = open();
  }
  return files;
}

DiskCache* CacheHandle::folder() { return find_disk(*backend()); }

DiskCache& CacheHandle::disk(const char* what) {
  DiskCache* found = folder();
  if (found == nullptr) {
    throw Error(ErrorCode::unsupported,
                std::string(what) + " needs a cache in a folder, such as neve.open(\"disk:.neve\")");
  }
  return *found;
}

}  // namespace neve::python
