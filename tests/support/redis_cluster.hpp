#pragma once

#include <array>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/eventually.hpp"
#include "support/redis_server.hpp"

namespace neve {

/// What a shell command prints; `failed: ...` if it fails.
inline std::string output_of(const std::string& command) {
  std::string text;
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  std::array<char, 4096> buffer{};
  while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), pipe)) text.append(buffer.data(), count);
  return ::pclose(pipe) == 0 ? text : "failed: " + command + "\n" + text;
}

/// Three masters that serve all slots between them.
class RedisCluster {
 public:
  static std::vector<std::string> settings() {
    return {"cluster-enabled yes", "cluster-config-file nodes.conf", "cluster-node-timeout 3000"};
  }

  RedisCluster() {
    std::string nodes;
    for (auto* server : {&a_, &b_, &c_}) nodes += " " + server->address();
    const std::string made = output_of("redis-cli --cluster create" + nodes + " --cluster-yes");
    if (made.starts_with("failed")) throw std::runtime_error(made);
    const bool ready = eventually([&] {
      for (auto* server : {&a_, &b_, &c_}) {
        if (ask(*server, "cluster info").find("cluster_state:ok") == std::string::npos) return false;
      }
      return true;
    });
    if (!ready) throw std::runtime_error("the cluster does not form");
  }

  /// What redis-cli prints of one node's answer.
  static std::string ask(const RedisServer& server, const std::string& command) {
    return output_of("redis-cli -p " + std::to_string(server.port()) + " " + command);
  }

  [[nodiscard]] std::string url(const std::string& query = {}) const {
    return "redis+cluster://" + a_.address() + "," + b_.address() + query;
  }

  RedisServer a_{settings(), free_cluster_port()};
  RedisServer b_{settings(), free_cluster_port()};
  RedisServer c_{settings(), free_cluster_port()};
};

}  // namespace neve
