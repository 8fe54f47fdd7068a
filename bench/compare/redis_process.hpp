#pragma once

#include <filesystem>

#include <sys/types.h>

namespace neve::bench {

/// A redis-server for the benchmark's own use, on a free port and without persistence; gone with this object. Not
/// thread-safe.
class RedisProcess {
 public:
  /// Port 0 afterwards if there is no redis-server to start.
  explicit RedisProcess(const std::filesystem::path& folder);
  ~RedisProcess();
  RedisProcess(const RedisProcess&) = delete;
  RedisProcess& operator=(const RedisProcess&) = delete;

  [[nodiscard]] int port() const noexcept { return port_; }
  void kill();

 private:
  pid_t pid_ = -1;
  int port_ = 0;
};

/// A connected TCP socket to a port of this machine, or -1.
[[nodiscard]] int connect_to(int port);

}  // namespace neve::bench
