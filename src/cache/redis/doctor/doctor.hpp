#pragma once

#include <memory>
#include <optional>
#include <string>

#include <neve/cache/redis_diagnosis.hpp>
#include <neve/cache/redis_options.hpp>

#include "cache/redis/doctor/doctor_remedies.hpp"
#include "cache/redis/wire/connection.hpp"
#include "cache/redis/wire/tls.hpp"

namespace neve::redis {

/// Examines a server, sentinels or a cluster step by step, each the way the cache itself would go: address, TLS, login,
/// first command, what it says of itself, what it lets us do. Stops at the first step that fails, since the later ones
/// would only fail again. Not thread-safe.
class Doctor {
 public:
  /// Throws `invalid_argument` for TLS files that cannot be used.
  Doctor(RedisOptions options, TierAccess access);

  /// Once.
  [[nodiscard]] RedisDiagnosis examine();

 private:
  void fact(std::string name, std::string value);
  void problem(std::string what, std::string remedy);
  void take(RedisDiagnosis found);

  std::unique_ptr<Connection> connect(const RedisEndpoint& endpoint, const RedisOptions& options,
                                      LoginTo whom = LoginTo::server);
  bool log_in(Connection& connection, const RedisOptions& options, LoginTo whom);
  std::optional<Reply> ask(Connection& connection, const Command& command);
  void examine_server(const RedisEndpoint& endpoint);
  void examine_security(const RedisEndpoint& endpoint);
  void examine_round_trip(Connection& connection);
  void examine_connecting(const RedisEndpoint& endpoint);
  void examine_clock(Connection& connection);
  void examine_inline_limit(Connection& connection);
  void examine_sentinels();
  void examine_cluster();
  void examine_blobs();

  const RedisOptions given_;  // with the cache's patience
  RedisOptions options_;      // with the doctor's
  TierAccess access_;
  std::unique_ptr<TlsContext> tls_;
  RedisDiagnosis diagnosis_;
  std::string examined_;  // address of the server that problems are about; empty: of none in particular
};

}  // namespace neve::redis
