#include "cache/redis/entry/key_walk.hpp"

#include <set>
#include <vector>

#include <neve/base/error.hpp>

#include "cache/redis/entry/entry_keys.hpp"
#include "cache/redis/wire/refusal.hpp"

namespace neve::redis {
namespace {

// A slice of this many keys keeps the server busy for well under a millisecond.
constexpr const char* kSlice = "500";
constexpr std::size_t kSlices = 40;
constexpr std::string_view kMeta = ":meta";

/// One step of SCAN; `cursor` is "0" again when the walk is complete.
std::vector<std::string> scan(Pool& server, const std::string& pattern, const std::string& peer, std::string& cursor) {
  const Reply reply = server.run_one(Command({"SCAN", cursor, "MATCH", pattern, "COUNT", kSlice}, 0));
  require_no_error(reply, peer);
  if (reply.items.size() != 2) throw Error(ErrorCode::unavailable, "Redis at " + peer + " answers SCAN with nonsense");
  cursor = reply.items[0].text();
  std::vector<std::string> keys;
  for (const Reply& key : reply.items[1].items) keys.emplace_back(key.text());
  return keys;
}

std::uint64_t sum_of(Pool& server, const std::vector<Command>& commands) {
  std::uint64_t sum = 0;
  if (commands.empty()) return sum;
  for (const Reply& reply : server.run(commands)) {
    if (reply.kind == ReplyKind::integer && reply.integer > 0) sum += static_cast<std::uint64_t>(reply.integer);
  }
  return sum;
}

/// Bytes of both halves of the entries whose `:meta` keys are given; a half that has gone meanwhile counts nothing.
std::uint64_t bytes_of(Pool& server, const std::vector<std::string>& metas) {
  std::vector<Command> commands;
  for (const std::string& meta : metas) {
    commands.push_back(Command({"STRLEN", meta}));
    commands.push_back(Command({"STRLEN", meta.substr(0, meta.size() - kMeta.size()) + ":arrays"}));
  }
  return sum_of(server, commands);
}

}  // namespace

Usage count_entries(Pool& server, const RedisOptions& options, const std::string& peer) {
  Usage usage;
  std::set<std::string> seen;  // SCAN may return a key twice
  std::string cursor = "0";
  std::size_t slices = 0;
  do {
    std::vector<std::string> fresh;
    for (std::string& key : scan(server, entry_pattern(options, "meta"), peer, cursor)) {
      if (seen.insert(key).second) fresh.push_back(std::move(key));
    }
    usage.bytes += bytes_of(server, fresh);
  } while (cursor != "0" && ++slices < kSlices);
  usage.entries = seen.size();
  if (cursor == "0") return usage;
  const std::uint64_t walked = slices * std::stoul(kSlice);
  const double factor = static_cast<double>(sum_of(server, {Command({"DBSIZE"})})) / static_cast<double>(walked);
  if (factor > 1) {
    usage.entries = static_cast<std::uint64_t>(static_cast<double>(usage.entries) * factor);
    usage.bytes = static_cast<std::uint64_t>(static_cast<double>(usage.bytes) * factor);
  }
  usage.exact = false;
  return usage;
}

void for_each_slice(Pool& server, const std::string& pattern, const std::string& peer,
                    const std::function<void(const std::vector<std::string>&)>& visit) {
  std::string cursor = "0";
  do {
    visit(scan(server, pattern, peer, cursor));
  } while (cursor != "0");
}

void for_each_value(Pool& server, const std::string& pattern, const std::string& peer,
                    const std::function<void(std::string_view)>& visit) {
  for_each_slice(server, pattern, peer, [&](const std::vector<std::string>& keys) {
    std::vector<Command> commands;
    for (const std::string& key : keys) commands.push_back(Command({"GET", key}));
    if (commands.empty()) return;
    for (const Reply& reply : server.run(commands)) {
      // Whoever walks to find out what may go must not go on after what could not be read.
      if (reply.error_kind() != "WRONGTYPE") require_no_error(reply, peer);
      if (reply.kind == ReplyKind::bulk) visit(reply.text());
    }
  });
}

}  // namespace neve::redis
