#include "cache/redis/doctor/server_info.hpp"

#include <algorithm>
#include <charconv>

#include <neve/base/quantity.hpp>

namespace neve::redis {
namespace {

constexpr std::uint64_t kOldestMajor = 5;

class Examination {
 public:
  Examination(const ServerInfo& info, const RedisOptions& options, TierAccess access, RedisDiagnosis& diagnosis)
      : info_(info), options_(options), access_(access), diagnosis_(diagnosis) {}

  void version() {
    const std::string version = info_.text("redis_version");  // Valkey: of the Redis it is like
    fact("version", info_.version());
    fact("role", info_.text("role") == "slave" ? "replica" : info_.text("role"));
    std::uint64_t major = 0;
    (void)std::from_chars(version.data(), version.data() + version.size(), major);
    if (major > 0 && major < kOldestMajor) {
      problem("the server is Redis " + version + ", and neve is made for 5.0 and later", "update the server");
    }
  }

  void mode() {
    const std::string mode = info_.mode();
    if (mode == "cluster" && options_.topology != RedisTopology::cluster) {
      problem("the server is a node of a cluster, which has only a part of the keys",
              "begin the URL with 'redis+cluster' ('rediss+cluster' with TLS)");
    }
    if (mode == "sentinel") {
      problem("the server is a sentinel, which keeps no data",
              "write 'redis+sentinel://HOST:26379/MASTER' with the name the sentinels watch the master under");
    }
    if (info_.text("role") == "slave" && options_.topology == RedisTopology::standalone &&
        access_ == TierAccess::read_write) {
      problem("the server is a replica of " + info_.text("master_host") + ":" + info_.text("master_port") +
                  ": results are found and never stored",
              "name the master in the URL, use 'redis+sentinel://', or say 'mode=read' if that is meant");
    }
  }

  void memory() {
    const std::uint64_t used = info_.number("used_memory"), most = info_.number("maxmemory");
    const std::uint64_t machine = info_.number("total_system_memory");
    const std::string policy = info_.text("maxmemory_policy");
    fact("memory", bytes_text(used) + " used of " + (most == 0 ? "no limit" : bytes_text(most)) +
                       (policy.empty() ? "" : ", " + policy) + ", " + std::to_string(info_.number("evicted_keys")) +
                       " keys evicted so far");
    const std::string limit =
        "set 'maxmemory 2gb' (or what the machine can spare) and 'maxmemory-policy allkeys-lru' in "
        "redis.conf, or with CONFIG SET";
    if (most == 0) {
      problem("the server has no memory limit: it grows until its machine has no memory left", limit);
    } else if (policy == "noeviction") {
      problem("the eviction policy is 'noeviction': when the memory is full every store is refused",
              "set 'maxmemory-policy allkeys-lru'");
    } else if (policy.starts_with("volatile-") && !options_.ttl) {
      problem("the eviction policy '" + policy + "' spares entries without a TTL, and the URL sets none",
              "add 'ttl=30d' to the URL, or set 'maxmemory-policy allkeys-lru'");
    } else if (policy.ends_with("-random")) {
      problem("the eviction policy '" + policy + "' throws out entries however often they are used",
              "set 'maxmemory-policy allkeys-lru' or 'allkeys-lfu'");
    }
    if (machine > 0 && used > machine / 10 * 9) {
      problem("the server uses more than nine tenths of its machine's memory", limit);
    }
  }

  void persistence() {
    if (info_.text("loading") == "1") {
      problem("the server is loading its data and refuses everything until it has", "wait; its log says how far it is");
    }
    if (info_.text("rdb_last_bgsave_status") == "err") {
      problem("the server could not save its data the last time it tried, and may refuse stores until it can",
              "see its log; a cache needs no saving: set 'save \"\"' and 'appendonly no'");
    }
  }

 private:
  void fact(const char* name, const std::string& value) { diagnosis_.facts.emplace_back(name, value); }
  void problem(std::string what, std::string remedy) {
    diagnosis_.problems.push_back({std::move(what), std::move(remedy)});
  }

  const ServerInfo& info_;
  const RedisOptions& options_;
  TierAccess access_;
  RedisDiagnosis& diagnosis_;
};

}  // namespace

ServerInfo::ServerInfo(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find("\r\n"), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 2, text.size()));
    const std::size_t colon = line.find(':');
    if (line.starts_with('#') || colon == std::string_view::npos) continue;
    fields_.emplace(line.substr(0, colon), line.substr(colon + 1));
  }
}

std::string ServerInfo::text(const std::string& name) const {
  const auto found = fields_.find(name);
  return found == fields_.end() ? std::string() : found->second;
}

std::string ServerInfo::mode() const {
  const std::string mode = text("redis_mode");
  return mode.empty() ? text("server_mode") : mode;
}

std::string ServerInfo::version() const {
  const std::string valkey = text("valkey_version");
  return valkey.empty() ? text("redis_version") : "Valkey " + valkey;
}

std::uint64_t ServerInfo::number(const std::string& name) const {
  const std::string value = text(name);
  std::uint64_t result = 0;
  (void)std::from_chars(value.data(), value.data() + value.size(), result);
  return result;
}

void examine(const ServerInfo& info, const RedisOptions& options, TierAccess access, RedisDiagnosis& diagnosis) {
  Examination examination(info, options, access, diagnosis);
  examination.version();
  examination.mode();
  if (info.mode() == "sentinel") return;
  examination.memory();
  examination.persistence();
}

}  // namespace neve::redis
