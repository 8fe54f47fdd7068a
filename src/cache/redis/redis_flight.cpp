#include <neve/cache/redis_flight.hpp>

#include <chrono>
#include <system_error>
#include <utility>

#include <unistd.h>

#include <neve/base/error.hpp>
#include <neve/cache/redis_cache.hpp>

#include "cache/redis/lease_keeper.hpp"

namespace neve {
namespace {

using namespace redis;
using SteadyClock = std::chrono::steady_clock;

/// One that was not confirmed excludes nobody: it is only given up.
class RedisLease final : public FlightLease {
 public:
  RedisLease(std::shared_ptr<LeaseKeeper> keeper, std::shared_ptr<HeldLease> held)
      : keeper_(std::move(keeper)), held_(std::move(held)) {}
  /// A copy in a forked child is not the child's to give up.
  ~RedisLease() override {
    if (process_ == ::getpid()) keeper_->release(held_);
  }

  [[nodiscard]] bool held() override {
    return !held_->confirmed || (!held_->lost && SteadyClock::now().time_since_epoch().count() < held_->valid_until);
  }
  [[nodiscard]] std::string token() const override { return held_->confirmed ? held_->token : std::string(); }
  void say_unkept(UnkeptFor /*whom*/) override {
    if (process_ == ::getpid()) keeper_->mark_unkept(held_);
  }

 private:
  std::shared_ptr<LeaseKeeper> keeper_;
  std::shared_ptr<HeldLease> held_;
  pid_t process_ = ::getpid();
};

}  // namespace

RedisFlight::RedisFlight(const RedisOptions& options, std::shared_ptr<Guarded> guard,
                         std::chrono::milliseconds lifetime) {
  const auto* const cache = guard ? dynamic_cast<const RedisCache*>(&guard->backend()) : nullptr;
  std::shared_ptr<Client> client = cache ? cache->client() : nullptr;
  keeper_ = std::make_shared<LeaseKeeper>(options, std::move(guard), lifetime, std::move(client));
}

RedisFlight::~RedisFlight() = default;

std::unique_ptr<FlightLease> RedisFlight::try_acquire(const Key& key) {
  if (keeper_->away()) return std::make_unique<FreeLease>();
  try {
    auto held = keeper_->take(key);
    if (!held) return nullptr;
    return std::make_unique<RedisLease>(keeper_, std::move(held));
  } catch (const Error& error) {
    keeper_->failed(error);
    return std::make_unique<FreeLease>();
  } catch (const std::system_error&) {  // nobody would extend it
    return std::make_unique<FreeLease>();
  }
}

std::unique_ptr<LeaseWatch> RedisFlight::watch(const Key& key) { return keeper_->watch(key); }

}  // namespace neve
