#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include <neve/cache/redis_diagnosis.hpp>
#include <neve/cache/redis_options.hpp>

namespace neve::redis {

/// The reply to INFO: lines of `name:value`. A plain value.
class ServerInfo {
 public:
  explicit ServerInfo(std::string_view text);

  /// Empty if the server does not say.
  [[nodiscard]] std::string text(const std::string& name) const;
  [[nodiscard]] std::uint64_t number(const std::string& name) const;
  /// "standalone", "cluster" or "sentinel"; Valkey has the field under another name.
  [[nodiscard]] std::string mode() const;
  /// With the program's name where it is not Redis: "7.0.15", "Valkey 8.1.1".
  [[nodiscard]] std::string version() const;
  [[nodiscard]] bool empty() const noexcept { return fields_.empty(); }

 private:
  std::map<std::string, std::string> fields_;
};

/// Adds what `info` says that a cache's user should know, and what of it will hurt, to the diagnosis.
void examine(const ServerInfo& info, const RedisOptions& options, TierAccess access, RedisDiagnosis& diagnosis);

}  // namespace neve::redis
