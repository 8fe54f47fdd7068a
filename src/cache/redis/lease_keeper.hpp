#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <neve/base/error.hpp>
#include <neve/cache/flight.hpp>
#include <neve/cache/guarded.hpp>
#include <neve/cache/redis_options.hpp>

#include "cache/backend/own_thread.hpp"
#include "cache/redis/lease_holder.hpp"
#include "cache/redis/lease_watches.hpp"
#include "cache/redis/topology/client.hpp"

namespace neve::redis {

/// A lease of this process on the key `name` in Redis. Shared by whoever computes under it and by its keeper's thread.
struct HeldLease {
  std::string name;
  std::string token;
  bool confirmed = true;  ///< false: the server has not answered, and may have given it to us or may do so yet
  std::atomic<std::chrono::steady_clock::rep> valid_until;  ///< by our own clock, from before the server was asked
  std::atomic<bool> lost{false};
  std::atomic<bool> given_up{false};  ///< already, and there is nothing left to release
};

/// Takes, extends and releases leases. Shared by the flight and its leases. Thread-safe.
class LeaseKeeper {
 public:
  /// `client`: that of the cache behind `guard`, or null.
  LeaseKeeper(const RedisOptions& options, std::shared_ptr<Guarded> guard, std::chrono::milliseconds lifetime,
              std::shared_ptr<Client> client);
  ~LeaseKeeper();

  /// Null if somebody else has it. Throws `Error`, and std::system_error where no thread can be started to extend it.
  [[nodiscard]] std::shared_ptr<HeldLease> take(const Key& key);
  /// What the server cannot be told now it is told later, or the lease lapses.
  void release(const std::shared_ptr<HeldLease>& held) noexcept;
  /// Gives the lease up, with a word for those who wait. Where that fails it is given up as ever, without.
  void mark_unkept(const std::shared_ptr<HeldLease>& held);
  [[nodiscard]] std::unique_ptr<LeaseWatch> watch(const Key& key) const;

  /// Whether the server is not asked at present.
  [[nodiscard]] bool away() const { return guard_ && !guard_->available(); }
  /// Tells the guard.
  void failed(const Error& error) {
    if (guard_) guard_->report_failure(error);
  }

 private:
  using Leases = std::vector<std::shared_ptr<HeldLease>>;

  [[nodiscard]] std::string new_token();
  [[nodiscard]] bool ask_for(const HeldLease& held);
  [[nodiscard]] bool take_over(const HeldLease& held, std::string_view dead);
  void start_heart();
  void beat();
  void extend(const Leases& leases);
  [[nodiscard]] Leases give_up(Leases leases);
  [[nodiscard]] Leases give_up_late(Leases leases);

  RedisOptions options_;
  std::shared_ptr<Guarded> guard_;
  std::chrono::milliseconds lifetime_;
  std::shared_ptr<Client> client_;
  std::shared_ptr<LeaseWatches> watches_ = std::make_shared<LeaseWatches>();
  std::mutex mutex_;  // guards everything below
  std::unique_ptr<std::condition_variable> changed_ = std::make_unique<std::condition_variable>();
  std::map<std::string, std::shared_ptr<HeldLease>> leases_;  // by token
  Leases late_;                                               // given up, which the server could not be told
  bool stop_ = false;
  std::optional<LeaseHolder> holder_;  // from the first lease on, and in a forked child from its first
  OwnThread heart_;                    // started before the first lease, and in a forked child before its first
};

}  // namespace neve::redis
