#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include <neve/cache/flight.hpp>

namespace neve::redis {

/// Those in this process who wait for a lease of somebody else's. What its key in Redis says is seen by whoever asks
/// for the lease, and told to all of them. Thread-safe.
class LeaseWatches {
 public:
  /// Hears what is told of the lease `name` from now on. `watches` lives as long as any watch.
  [[nodiscard]] static std::unique_ptr<LeaseWatch> add(std::shared_ptr<LeaseWatches> watches, std::string name) {
    return std::make_unique<Watch>(std::move(watches), std::move(name));
  }

  void tell_unkept(const std::string& name) {
    const std::lock_guard lock(mutex_);
    const auto [first, last] = watches_.equal_range(name);
    for (auto watch = first; watch != last; ++watch) watch->second->unkept = true;
  }

 private:
  class Watch final : public LeaseWatch {
   public:
    Watch(std::shared_ptr<LeaseWatches> all, std::string name) : all_(std::move(all)) {
      const std::lock_guard lock(all_->mutex_);
      place_ = all_->watches_.emplace(std::move(name), this);
    }
    ~Watch() override {
      const std::lock_guard lock(all_->mutex_);
      all_->watches_.erase(place_);
    }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    [[nodiscard]] Heard listen() override { return unkept ? Heard::unkept : Heard::nothing; }

    std::atomic<bool> unkept{false};

   private:
    std::shared_ptr<LeaseWatches> all_;
    std::multimap<std::string, Watch*>::iterator place_;
  };

  std::mutex mutex_;
  std::multimap<std::string, Watch*> watches_;  // by the lease's key
};

}  // namespace neve::redis
