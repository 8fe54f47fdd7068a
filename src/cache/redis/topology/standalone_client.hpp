#pragma once

#include <memory>

#include "cache/redis/topology/client.hpp"
#include "cache/redis/wire/tls.hpp"

namespace neve::redis {

/// One server at a fixed address. Thread-safe.
class StandaloneClient final : public Client {
 public:
  explicit StandaloneClient(const RedisOptions& options);

  [[nodiscard]] std::vector<Reply> run(std::span<const Command> commands) override { return pool_.run(commands); }
  void on_each_master(const std::function<void(Pool&)>& visit) override { visit(pool_); }
  [[nodiscard]] bool clustered() const noexcept override { return false; }

 private:
  RedisOptions options_;
  std::unique_ptr<TlsContext> tls_;
  Pool pool_;
};

/// The context for `options`, or null without TLS.
[[nodiscard]] std::unique_ptr<TlsContext> make_tls(const RedisOptions& options);

}  // namespace neve::redis
