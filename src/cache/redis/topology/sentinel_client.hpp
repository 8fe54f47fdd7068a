#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "cache/redis/topology/client.hpp"
#include "cache/redis/topology/discovery.hpp"
#include "cache/redis/wire/tls.hpp"

namespace neve::redis {

/// A master that sentinels watch and replace when it fails. Thread-safe.
///
/// Asks the sentinels where the master is when first used and whenever it cannot be reached or says that it is a
/// replica now, and believes an address only once the server there says that it is a master.
class SentinelClient final : public Client {
 public:
  explicit SentinelClient(const RedisOptions& options);

  [[nodiscard]] std::vector<Reply> run(std::span<const Command> commands) override;
  void on_each_master(const std::function<void(Pool&)>& visit) override { visit(*master()); }
  [[nodiscard]] bool clustered() const noexcept override { return false; }

 private:
  [[nodiscard]] std::shared_ptr<Pool> master();
  /// Another pool than `failed`, to whose idle connections others may have added one that was closed meanwhile; of the
  /// same server if the sentinels still name it.
  [[nodiscard]] std::shared_ptr<Pool> find_again(const std::shared_ptr<Pool>& failed);
  [[nodiscard]] std::shared_ptr<Pool> discover();
  [[nodiscard]] RedisEndpoint ask_sentinel(Pool& sentinel, const Deadline* within);

  RedisOptions options_;
  RedisOptions sentinel_options_;
  std::unique_ptr<TlsContext> tls_;
  Discovery discovery_;
  std::vector<std::unique_ptr<Pool>> sentinels_;  // touched by `discovery_` only; the next to be asked is the first
  std::mutex mutex_;                              // guards master_
  std::shared_ptr<Pool> master_;
};

}  // namespace neve::redis
