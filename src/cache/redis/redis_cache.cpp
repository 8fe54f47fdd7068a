#include <neve/cache/redis_cache.hpp>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>
#include <neve/cache/refused.hpp>

#include "client.hpp"
#include "entry_reader.hpp"
#include "entry_writer.hpp"
#include "facts.hpp"
#include "key_walk.hpp"
#include "refusal.hpp"

namespace neve {
namespace {

using namespace redis;

// Keys asked for in one round trip: enough to hide it, few enough that their payloads do not pile up on the way.
constexpr std::size_t kBatch = 32;

constexpr std::int64_t kNoExpiry = -1;  // what PTTL says of a key without one; -2 means that there is no such key
constexpr std::int64_t kLongest = std::int64_t{1} << 52;

/// Takes what the server says of one half's expiry into account. A half that has gone since it was read was about to
/// expire: taken for an entry without an expiry it would be kept for ever in nearer tiers.
void limit_expiry(LookupResult& result, const Reply& pttl, TimePoint now) {
  if (pttl.integer == kNoExpiry || !result.hit()) return;
  if (pttl.integer < 0) {
    result = LookupResult{};
    result.reason = MissReason::expired;
    result.tier = "redis";
    return;
  }
  const TimePoint expiry = now + std::chrono::milliseconds(std::min(pttl.integer, kLongest));
  if (!result.expires_at || expiry < *result.expires_at) result.expires_at = expiry;
}

/// Prefixes and databases that share a blob folder each have their own part of it, so that none collects what another
/// still points to. '@' is in no prefix that stands for itself.
std::string folder_of(const RedisOptions& options) {
  const std::string& prefix = options.prefix;
  const std::string name = Key::is_valid(prefix) ? prefix : "prefix-" + sha256_hex(prefix).substr(0, 32);
  return options.database == 0 ? name : name + "@" + std::to_string(options.database);
}

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

}  // namespace

class RedisCache::Impl {
 public:
  Impl(RedisOptions options, const Clock& clock)
      : options_(std::move(options)), clock_(clock), client_(make_client(options_)), peer_(options_.description()) {
    if (!options_.blob_folder.empty()) blobs_.emplace(options_.blob_folder / folder_of(options_));
  }

  [[nodiscard]] std::vector<LookupResult> lookup(std::span<const Key> keys, Placement placement);
  StoreResult store(const Key& key, const Entry& entry, const StoreOptions& options);
  bool touch(const Key& key, std::optional<TimePoint> expires_at);
  bool erase(const Key& key);
  void forget_replaced(const Key& key) noexcept;
  [[nodiscard]] bool contains(const Key& key);
  [[nodiscard]] Usage usage();
  BlobSweep collect_blobs(std::chrono::seconds grace, CollectMode mode);
  [[nodiscard]] const std::string& peer() const { return peer_; }

 private:
  void require_good(Reply& reply) const;
  [[nodiscard]] std::vector<Reply> run(std::span<const Command> commands);
  [[nodiscard]] std::vector<StoredEntry> fetch(std::span<const EntryKeys> keys);
  void require_all_entries();
  void ask_expiries(std::span<const EntryKeys> keys, std::span<LookupResult> results,
                    const std::vector<std::size_t>& which);
  [[nodiscard]] BlobStore* blobs() { return blobs_ ? &*blobs_ : nullptr; }

  RedisOptions options_;
  const Clock& clock_;
  std::unique_ptr<Client> client_;
  std::string peer_;
  std::optional<BlobStore> blobs_;
};

bool out_of_memory(const Reply& reply) { return reply.error() && reply.error_kind() == "OOM"; }

/// Throws for an error. A value of a foreign type under one of our keys counts as nil, as it does for MGET.
void RedisCache::Impl::require_good(Reply& reply) const {
  if (reply.error() && reply.error_kind() == "WRONGTYPE") reply = Reply{};
  require_no_error(reply, peer_);
}

/// Replies none of which is an error.
std::vector<Reply> RedisCache::Impl::run(std::span<const Command> commands) {
  std::vector<Reply> replies = client_->run(commands);
  for (Reply& reply : replies) require_good(reply);
  return replies;
}

std::vector<StoredEntry> RedisCache::Impl::fetch(std::span<const EntryKeys> keys) {
  std::vector<Command> commands;
  std::vector<StoredEntry> entries;
  if (client_->clustered()) {
    for (const EntryKeys& k : keys) {
      for (const std::string* name : {&k.meta, &k.arrays, &k.facts}) commands.push_back(Command({"GET", *name}));
    }
    std::vector<Reply> replies = client_->run(commands);
    for (Reply& reply : replies) {
      // One of several entries may be with a node that is away while the others are not.
      if (keys.size() == 1 || reply.error_kind() != kNodeAway) require_good(reply);
    }
    for (std::size_t i = 0; i + 2 < replies.size(); i += 3) {
      entries.push_back({std::move(replies[i]), std::move(replies[i + 1]), std::move(replies[i + 2])});
    }
    return entries;
  }
  for (const EntryKeys& k : keys) commands.push_back(Command({"MGET", k.meta, k.arrays, k.facts}));
  for (Reply& reply : run(commands)) {
    if (reply.items.size() != 3)
      throw Error(ErrorCode::unavailable, "Redis at " + peer_ + " answers MGET with nonsense");
    entries.push_back({std::move(reply.items[0]), std::move(reply.items[1]), std::move(reply.items[2])});
  }
  return entries;
}

std::vector<LookupResult> RedisCache::Impl::lookup(std::span<const Key> keys, Placement placement) {
  std::vector<EntryKeys> names;
  names.reserve(keys.size());
  for (const Key& key : keys) names.push_back(entry_keys(options_, key));
  const std::vector<StoredEntry> stored = fetch(names);
  const EntryReader reader{blobs(), clock_.now(), placement};
  std::vector<LookupResult> results;
  std::vector<std::size_t> unsealed;
  results.reserve(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    EntryReader::Outcome outcome = reader.read(keys[i], stored[i]);
    if (!outcome.sealed) unsealed.push_back(i);
    // What has expired by our clock is left to the server's: if ours is wrong, others still want it.
    outcome.result.tier = "redis";
    results.push_back(std::move(outcome.result));
  }
  ask_expiries(names, results, unsealed);
  return results;
}

/// An entry that neve did not write carries no expiry of its own; the server knows it, and tiers need it.
void RedisCache::Impl::ask_expiries(std::span<const EntryKeys> keys, std::span<LookupResult> results,
                                    const std::vector<std::size_t>& which) {
  if (which.empty()) return;
  std::vector<Command> commands;
  for (const std::size_t i : which) {
    commands.push_back(Command({"PTTL", keys[i].meta}));
    commands.push_back(Command({"PTTL", keys[i].arrays}));
  }
  const std::vector<Reply> replies = run(commands);
  const TimePoint now = clock_.now();
  for (std::size_t i = 0; i < which.size(); ++i) {
    limit_expiry(results[which[i]], replies[2 * i], now);
    limit_expiry(results[which[i]], replies[2 * i + 1], now);
  }
}

StoreResult RedisCache::Impl::store(const Key& key, const Entry& entry, const StoreOptions& options) {
  const TimePoint now = clock_.now();
  EntrySeal seal{key.text(), options.expires_at, options.recipe};
  if (!seal.expires_at && options_.ttl) seal.expires_at = now + *options_.ttl;
  const EncodedEntry encoded = encode_entry(entry, seal);
  if (seal.expires_at && *seal.expires_at <= now) {
    (void)erase(key);
    return {false, 0, "the entry has already expired"};
  }
  std::optional<std::chrono::milliseconds> lifetime;
  if (seal.expires_at) lifetime = *seal.expires_at - now;
  EntryWriter writer(options_, blobs());
  const Binding binding = client_->clustered() ? Binding::none : Binding::transaction;
  const EntryKeys keys = entry_keys(options_, key);
  EntryFacts facts;
  facts.compute_s = options.compute_s;
  facts.expires_at = seal.expires_at;
  const bool fenced = !options.lease_token.empty();
  const EntryWriter::Plan plan =
      fenced ? writer.plan_fenced(keys, encoded, facts, lifetime, {lease_key(options_, key), options.lease_token})
             : writer.plan(keys, encoded, facts, lifetime, binding);
  // Under a lease there was nothing to replace; what is there now is a successor's.
  if (!plan.declined.empty()) {
    if (!fenced) forget_replaced(key);
    return {false, 0, plan.declined};
  }
  const std::vector<Reply> replies = client_->run(plan.commands);
  if (!fenced && std::any_of(replies.begin(), replies.end(), out_of_memory)) forget_replaced(key);
  for (const Reply& reply : replies) {
    require_no_error(reply, peer_);
    for (const Reply& item : reply.items) require_no_error(item, peer_);
  }
  if (fenced && replies.front().integer == 0)
    return {false, 0, "the lease has lapsed, and somebody else has taken over", true};
  return {true, encoded.json.size() + encoded.npz_bytes(), {}};
}

bool RedisCache::Impl::touch(const Key& key, std::optional<TimePoint> expires_at) {
  const EntryKeys keys = entry_keys(options_, key);
  const StoredEntry old = std::move(fetch({&keys, 1}).front());
  const TimePoint now = clock_.now();
  const LookupResult found = EntryReader{blobs(), now, Placement::owned}.read(key, old).result;
  if (!found.hit()) return false;
  const EncodedEntry encoded = encode_entry(*found.entry, EntrySeal{key.text(), expires_at, found.recipe});
  EntryFacts facts;
  facts.compute_s = found.compute_s;
  facts.expires_at = expires_at;
  std::optional<std::chrono::milliseconds> lifetime;
  if (expires_at) lifetime = *expires_at - now;
  const EntryWriter::Plan plan = EntryWriter(options_, blobs()).plan_replacement(keys, encoded, facts, lifetime, old);
  if (!plan.declined.empty()) throw RefusedError("DECLINED", "the entry keeps its expiry: " + plan.declined);
  const Reply reply = std::move(client_->run(plan.commands).front());
  require_no_error(reply, peer_);
  return reply.integer != 0;
}

/// What would still be found here in place of the new entry; a server that has no room has it, and removing needs none.
/// What is no hit here may be one for others, as an entry in a blob folder that only they have, and stays.
void RedisCache::Impl::forget_replaced(const Key& key) noexcept {
  try {
    if (lookup({&key, 1}, Placement::owned).front().hit()) (void)erase(key);
  } catch (const std::exception&) {
    // The store's own failure is what the caller is told.
  }
}

bool RedisCache::Impl::erase(const Key& key) {
  const EntryKeys keys = entry_keys(options_, key);
  const std::array<Command, 3> single{Command({"DEL", keys.meta}), Command({"DEL", keys.facts}),
                                      Command({"DEL", keys.arrays})};
  const std::array<Command, 1> whole{Command({"DEL", keys.meta, keys.facts, keys.arrays})};
  const auto replies = client_->clustered() ? run(single) : run(whole);
  return std::any_of(replies.begin(), replies.end(), [](const Reply& reply) { return reply.integer > 0; });
}

bool RedisCache::Impl::contains(const Key& key) {
  const EntryKeys keys = entry_keys(options_, key);
  const std::array<Command, 3> commands{Command({"EXISTS", keys.meta}), Command({"EXISTS", keys.arrays}),
                                        Command({"GET", keys.facts})};
  const auto replies = run(commands);
  try {
    const EntryFacts facts = parse_facts(replies[2].text());
    if (facts.expires_at && *facts.expires_at <= clock_.now()) return false;
    return (replies[0].integer > 0 || facts.meta) && (replies[1].integer > 0 || facts.arrays);
  } catch (const Error&) {
    return false;
  }
}

Usage RedisCache::Impl::usage() {
  Usage total;
  client_->on_each_master([&](Pool& server) {
    const Usage here = count_entries(server, options_, peer_);
    total.entries += here.entries;
    total.bytes += here.bytes;
    total.exact = total.exact && here.exact;
  });
  return total;
}

/// A node of a cluster, asked by itself, knows only its own entries, and the others' blobs would look abandoned.
void RedisCache::Impl::require_all_entries() {
  if (client_->clustered()) return;
  // A node refuses keys of other slots; 256 keys are sure to hit one. INFO would tell, but needs a permission.
  constexpr int kProbes = 256;
  std::vector<Command> probes;
  for (int i = 0; i < kProbes; ++i)
    probes.push_back(Command({"GET", options_.prefix + ":probe-" + std::to_string(i) + ":facts"}));
  const std::vector<Reply> replies = client_->run(probes);
  const auto elsewhere = [](const Reply& reply) {
    return reply.error() && (reply.error_kind() == "MOVED" || reply.error_kind() == "CLUSTERDOWN");
  };
  if (std::none_of(replies.begin(), replies.end(), elsewhere)) return;
  throw Error(ErrorCode::invalid_argument,
              "Redis at " + peer_ +
                  " is one node of a cluster, which does not know what the other nodes' entries point "
                  "to; collect blobs with a redis+cluster:// URL");
}

BlobSweep RedisCache::Impl::collect_blobs(std::chrono::seconds grace, CollectMode mode) {
  if (!blobs_) return {};
  require_all_entries();
  const std::string layout = client_->layout();
  std::set<std::string> referenced;
  client_->on_each_master([&](Pool& server) {
    for_each_value(server, any_entry_pattern(options_, "facts"), peer_,
                   [&](std::string_view text) { add_references(text, referenced); });
  });
  // A slot that moved meanwhile may have been missed with both its masters.
  if (client_->layout() != layout) {
    throw Error(ErrorCode::unavailable,
                "the cluster at " + peer_ + " was resharded meanwhile; collect its blobs again");
  }
  return blobs_->sweep(referenced, grace, mode);
}

RedisCache::RedisCache(RedisOptions options, const Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(options), clock)) {}

RedisCache::~RedisCache() = default;

LookupResult RedisCache::lookup(const Key& key, const LookupOptions& options) {
  return std::move(impl_->lookup({&key, 1}, options.placement).front());
}

std::vector<LookupResult> RedisCache::lookup_many(std::span<const Key> keys, const LookupOptions& options) {
  std::vector<LookupResult> results;
  results.reserve(keys.size());
  for (std::size_t done = 0; done < keys.size(); done += kBatch) {
    auto batch = impl_->lookup(keys.subspan(done, std::min(kBatch, keys.size() - done)), options.placement);
    std::move(batch.begin(), batch.end(), std::back_inserter(results));
  }
  return results;
}

StoreResult RedisCache::store(const Key& key, const Entry& entry, const StoreOptions& options) {
  return impl_->store(key, entry, options);
}

bool RedisCache::touch(const Key& key, std::optional<TimePoint> expires_at) { return impl_->touch(key, expires_at); }
bool RedisCache::erase(const Key& key) { return impl_->erase(key); }
bool RedisCache::contains(const Key& key) { return impl_->contains(key); }
Usage RedisCache::usage() { return impl_->usage(); }
BlobSweep RedisCache::collect_blobs(std::chrono::seconds grace, CollectMode mode) {
  return impl_->collect_blobs(grace, mode);
}
std::string RedisCache::description() const { return impl_->peer(); }

}  // namespace neve
