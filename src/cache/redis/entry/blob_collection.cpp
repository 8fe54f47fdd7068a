#include "cache/redis/entry/blob_collection.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <neve/base/error.hpp>

#include "cache/redis/entry/entry_keys.hpp"
#include "cache/redis/entry/facts.hpp"
#include "cache/redis/entry/key_walk.hpp"

namespace neve::redis {
namespace {

/// Adds the digests of the blobs that an entry's facts name. What cannot be read keeps nothing alive.
void add_references(std::string_view text, std::set<std::string>& referenced) {
  try {
    const EntryFacts facts = parse_facts(text);
    if (facts.meta) referenced.insert(facts.meta->sha256);
    if (facts.arrays) referenced.insert(facts.arrays->sha256);
  } catch (const Error&) {
    return;
  }
}

/// A node of a cluster, asked by itself, knows only its own entries, and the others' blobs would look abandoned.
void require_all_entries(Client& client, const RedisOptions& options) {
  if (client.clustered()) return;
  // A node refuses keys of other slots; 256 keys are sure to hit one. INFO would tell, but needs a permission.
  constexpr int kProbes = 256;
  std::vector<Command> probes;
  for (int i = 0; i < kProbes; ++i)
    probes.push_back(Command({"GET", options.prefix + ":probe-" + std::to_string(i) + ":facts"}));
  const std::vector<Reply> replies = client.run(probes);
  const auto elsewhere = [](const Reply& reply) {
    return reply.error() && (reply.error_kind() == "MOVED" || reply.error_kind() == "CLUSTERDOWN");
  };
  if (std::none_of(replies.begin(), replies.end(), elsewhere)) return;
  throw Error(ErrorCode::invalid_argument,
              "Redis at " + options.description() +
                  " is one node of a cluster, which does not know what the other nodes' entries point "
                  "to; collect blobs with a redis+cluster:// URL");
}

}  // namespace

BlobSweep collect_blobs(Client& client, const RedisOptions& options, BlobStore& blobs, std::chrono::seconds grace,
                        CollectMode mode) {
  require_all_entries(client, options);
  const std::string peer = options.description();
  const std::string layout = client.layout();
  std::set<std::string> referenced;
  client.on_each_master([&](Pool& server) {
    for_each_value(server, any_entry_pattern(options, "facts"), peer,
                   [&](std::string_view text) { add_references(text, referenced); });
  });
  // A slot that moved meanwhile may have been missed with both its masters.
  if (client.layout() != layout) {
    throw Error(ErrorCode::unavailable, "the cluster at " + peer + " was resharded meanwhile; collect its blobs again");
  }
  return blobs.sweep(referenced, grace, mode);
}

}  // namespace neve::redis
