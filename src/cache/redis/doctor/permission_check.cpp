#include "cache/redis/doctor/permission_check.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <neve/base/ascii.hpp>

#include "cache/redis/entry/entry_keys.hpp"
#include "cache/redis/wire/refusal.hpp"

namespace neve::redis {
namespace {

/// A command, the word for it in an ACL, and what does not work without it.
struct Trial {
  std::string command;
  const char* purpose;
  Command text;
};

constexpr const char* kFinding = "finding results";
constexpr const char* kStoring = "storing results";
constexpr const char* kSharing = "computing a key only once among hosts (flight=shared)";
constexpr const char* kReplacing =
    "giving entries another expiry, copying results of farther tiers here, or computing a key only once among hosts";
constexpr const char* kCounting = "counting entries and collecting blobs (neve stats, neve gc)";

std::vector<Trial> trials(const RedisOptions& options, TierAccess access) {
  // MGET, EVAL and the rest name keys of one entry, so they go to one slot.
  const Key probe("neve-doctor");
  const EntryKeys keys = entry_keys(options, probe);
  const std::string lease = lease_key(options, probe);
  const bool cluster = options.topology == RedisTopology::cluster;
  std::vector<Trial> all;
  if (cluster) {
    all.push_back({"cluster|slots", kFinding, Command({"CLUSTER", "SLOTS"}, 0)});
    all.push_back({"asking", kFinding, Command({"ASKING"}, 0)});
  } else {
    all.push_back({"mget", kFinding, Command({"MGET", keys.meta, keys.arrays, keys.facts})});
  }
  if (options.topology == RedisTopology::sentinel) all.push_back({"role", kFinding, Command({"ROLE"}, 0)});
  all.push_back({"get", kFinding, Command({"GET", keys.facts})});
  all.push_back({"pttl", kFinding, Command({"PTTL", keys.meta})});
  if (access == TierAccess::read_write) {
    if (!cluster) {
      all.push_back({"multi", kStoring, Command({"MULTI"}, 0)});
      all.push_back({"exec", kStoring, Command({"EXEC"}, 0)});
    }
    all.push_back({"set", kStoring, Command({"SET", keys.facts, "{}", "PX", "1000"})});
    all.push_back({"del", kStoring, Command({"DEL", keys.facts})});
    all.push_back({"eval", kReplacing, Command({"EVAL", "return redis.call('exists', KEYS[1])", "1", lease}, 3)});
    all.push_back({"pexpire", kSharing, Command({"PEXPIRE", lease, "1000"})});
    if (cluster) all.push_back({"cluster|nodes", kCounting, Command({"CLUSTER", "NODES"}, 0)});
    all.push_back(
        {"scan", kCounting, Command({"SCAN", "0", "MATCH", entry_pattern(options, "facts"), "COUNT", "1"}, 0)});
    all.push_back({"strlen", kCounting, Command({"STRLEN", keys.meta})});
    all.push_back({"dbsize", kCounting, Command({"DBSIZE"}, 0)});
  }
  return all;
}

std::string joined(const std::vector<std::string>& words, const char* before, const char* between) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : between) + (before + word);
  return text;
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c == '|' ? ' ' : is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return text;
}

/// Elsewhere on a cluster, or EXEC where MULTI was refused: neither is what this is about.
bool beside_the_point(const Reply& reply) {
  return reply.error_kind() == "MOVED" || reply.error_kind() == "ASK" || reply.error_kind() == "WRONGTYPE" ||
         reply.text().find("EXEC without MULTI") != std::string_view::npos;
}

}  // namespace

void check_permissions(Connection& connection, const RedisOptions& options, TierAccess access,
                       RedisDiagnosis& diagnosis) {
  std::vector<std::pair<const char*, std::vector<std::string>>> missing;  // by purpose, in the order of the trials
  std::map<std::string, std::string> other;                               // by kind of refusal
  bool keys_denied = false;
  for (const Trial& trial : trials(options, access)) {
    Deadline deadline(options.operation_timeout, options.minimum_rate);
    const Reply reply = connection.run_one(trial.text, deadline);
    if (!reply.error() || beside_the_point(reply)) continue;
    // EXEC says it as "EXECABORT ... because of: NOPERM ...".
    if (reply.text().find("NOPERM") == std::string_view::npos) {
      other.emplace(reply.error_kind(), upper(trial.command) + " is refused: " + std::string(reply.text()));
    } else if (reply.text().find(" key") != std::string_view::npos) {
      keys_denied = true;
    } else {
      if (missing.empty() || missing.back().first != trial.purpose) missing.push_back({trial.purpose, {}});
      missing.back().second.push_back(trial.command);
    }
  }
  const std::string user = options.user.empty() ? "default" : options.user;
  for (const auto& [purpose, commands] : missing) {
    std::vector<std::string> names;
    for (const std::string& command : commands) names.push_back(upper(command));
    diagnosis.problems.push_back(
        {"the user '" + user + "' may not run " + joined(names, "", ", ") + ", which " + purpose + " needs",
         "as an administrator: ACL SETUSER " + user + joined(commands, " +", "")});
  }
  if (keys_denied) {
    diagnosis.problems.push_back({"the user '" + user + "' may not use keys that begin with '" + options.prefix + ":'",
                                  "as an administrator: ACL SETUSER " + user + " ~" + options.prefix + ":*"});
  }
  for (const auto& [kind, text] : other) {
    const std::string_view remedy = remedy_for(kind);
    diagnosis.problems.push_back({text, remedy.empty() ? "see the server's log" : std::string(remedy)});
  }
}

}  // namespace neve::redis
