#include <neve/cache/redis_cache.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>
#include <neve/base/random.hpp>
#include <neve/cache/refused.hpp>

#include "cache/backend/lookup_batch.hpp"
#include "cache/backend/same_entry.hpp"
#include "cache/guard/local_work.hpp"
#include "cache/redis/entry/blob_collection.hpp"
#include "cache/redis/entry/entry_reader.hpp"
#include "cache/redis/entry/entry_writer.hpp"
#include "cache/redis/entry/facts.hpp"
#include "cache/redis/entry/key_walk.hpp"
#include "cache/redis/topology/client.hpp"
#include "cache/redis/wire/refusal.hpp"

namespace neve {
namespace {

using namespace redis;

constexpr std::string_view kAnnouncement = R"({"copy":")";
constexpr int kTouchAttempts = 3;  // copies that arrive between two commands are rare, and then there

// What PTTL says of a key without an expiry, and of one that is not there.
constexpr std::int64_t kNoExpiry = -1;
constexpr std::int64_t kNoKey = -2;
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

EncodedEntry encoded_here(const Entry& entry, const EntrySeal& seal) {
  const LocalWork::Span work;
  return encode_entry(entry, seal);
}

bool out_of_memory(const Reply& reply) { return reply.error() && reply.error_kind() == "OOM"; }

}  // namespace

/// What a cache asks its server with. Thread-safe.
struct RedisCache::Parts {
  Parts(RedisOptions given, const Clock& its_clock)
      : options(std::move(given)), clock(its_clock), client(make_client(options)), peer(options.description()) {
    if (!options.blob_folder.empty()) blobs.emplace(options.blob_folder / folder_of(options));
  }

  [[nodiscard]] std::string announce(const Key& key, const EntryKeys& keys);
  StoreResult store_copy(const Key& key, const EncodedEntry& encoded, const EntryFacts& facts,
                         std::optional<std::chrono::milliseconds> lifetime, const std::function<bool()>& still_there);
  StoreResult store_fenced(const Key& key, const EncodedEntry& encoded, const EntryFacts& facts,
                           std::optional<std::chrono::milliseconds> lifetime, const std::string& lease_token);
  StoreResult store_over(const Key& key, const EncodedEntry& encoded, const EntryFacts& facts,
                         std::optional<std::chrono::milliseconds> lifetime,
                         const std::function<bool()>& keeps_the_same);
  [[nodiscard]] bool withdraw(const EntryKeys& keys, const StoredEntry& found);
  void require_good(Reply& reply) const;
  [[nodiscard]] std::vector<Reply> run(std::span<const Command> commands);
  [[nodiscard]] bool carried_out(const Command& script);
  [[nodiscard]] std::vector<StoredEntry> fetch(std::span<const EntryKeys> keys);
  [[nodiscard]] std::vector<LookupResult> lookup(std::span<const Key> keys, Placement placement);
  void ask_expiries(std::span<const EntryKeys> keys, std::span<LookupResult> results,
                    const std::vector<std::size_t>& which);
  [[nodiscard]] BlobStore* blob_store() { return blobs ? &*blobs : nullptr; }

  const RedisOptions options;
  const Clock& clock;
  const std::shared_ptr<Client> client;
  const std::string peer;
  std::optional<BlobStore> blobs;
};

/// Throws for an error. A value of a foreign type under one of our keys counts as nil, as it does for MGET.
void RedisCache::Parts::require_good(Reply& reply) const {
  if (reply.error() && reply.error_kind() == "WRONGTYPE") reply = Reply{};
  require_no_error(reply, peer);
}

/// Replies none of which is an error.
std::vector<Reply> RedisCache::Parts::run(std::span<const Command> commands) {
  std::vector<Reply> replies = client->run(commands);
  for (Reply& reply : replies) require_good(reply);
  return replies;
}

/// Runs a script; false if it found something else than it was to replace.
bool RedisCache::Parts::carried_out(const Command& script) {
  const Reply reply = client->run_one(script);
  require_no_error(reply, peer);
  return reply.integer != 0;
}

std::vector<StoredEntry> RedisCache::Parts::fetch(std::span<const EntryKeys> keys) {
  std::vector<Command> commands;
  std::vector<StoredEntry> entries;
  if (client->clustered()) {
    for (const EntryKeys& k : keys) {
      for (const std::string* name : {&k.meta, &k.arrays, &k.facts}) commands.push_back(Command({"GET", *name}));
    }
    std::vector<Reply> replies = client->run(commands);
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
      throw Error(ErrorCode::unavailable, "Redis at " + peer + " answers MGET with nonsense");
    entries.push_back({std::move(reply.items[0]), std::move(reply.items[1]), std::move(reply.items[2])});
  }
  return entries;
}

std::vector<LookupResult> RedisCache::Parts::lookup(std::span<const Key> keys, Placement placement) {
  std::vector<EntryKeys> names;
  names.reserve(keys.size());
  for (const Key& key : keys) names.push_back(entry_keys(options, key));
  const std::vector<StoredEntry> stored = fetch(names);
  const EntryReader reader{blob_store(), clock.now(), placement};
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
void RedisCache::Parts::ask_expiries(std::span<const EntryKeys> keys, std::span<LookupResult> results,
                                     const std::vector<std::size_t>& which) {
  if (which.empty()) return;
  std::vector<Command> commands;
  for (const std::size_t i : which) {
    commands.push_back(Command({"PTTL", keys[i].meta}));
    commands.push_back(Command({"PTTL", keys[i].arrays}));
  }
  const std::vector<Reply> replies = run(commands);
  const TimePoint now = clock.now();
  for (std::size_t i = 0; i < which.size(); ++i) {
    limit_expiry(results[which[i]], replies[2 * i], now);
    limit_expiry(results[which[i]], replies[2 * i + 1], now);
  }
}

/// Says that a copy of the entry is to come, where a lookup finds nothing; the announcement, or nothing where it finds
/// something or somebody else stores at this moment.
std::string RedisCache::Parts::announce(const Key& key, const EntryKeys& keys) {
  std::string announced = std::string(kAnnouncement) + random_hex(16) + R"("})";
  const auto placed = [&](const StoredValues& old) {
    return carried_out(EntryWriter::announcement(keys, announced, old));
  };
  if (placed({})) return announced;
  const StoredEntry old = std::move(fetch({&keys, 1}).front());
  if (EntryReader{blob_store(), clock.now(), Placement::owned}.read(key, old).result.hit()) return {};
  return placed(StoredValues::of(old)) ? announced : std::string();
}

/// Takes away the announcement of a copy, if that is what was found: the copy would have the expiry of before. False if
/// the copy, or something else, was faster.
bool RedisCache::Parts::withdraw(const EntryKeys& keys, const StoredEntry& found) {
  if (!found.meta.nil() || !found.arrays.nil() || !found.facts.text().starts_with(kAnnouncement)) return true;
  return carried_out(EntryWriter::withdrawal(keys, StoredValues::of(found)));
}

/// What another process erases or stores after the source was asked takes the announcement away.
StoreResult RedisCache::Parts::store_copy(const Key& key, const EncodedEntry& encoded, const EntryFacts& facts,
                                          std::optional<std::chrono::milliseconds> lifetime,
                                          const std::function<bool()>& still_there) {
  const StoreResult overtaken{.declined = "another process has stored or erased it meanwhile", .overtaken = true};
  const EntryKeys keys = entry_keys(options, key);
  const std::string announced = announce(key, keys);
  if (announced.empty() || !still_there()) return overtaken;
  const EntryWriter::Plan plan =
      EntryWriter(options, blob_store()).plan_replacement(keys, encoded, facts, lifetime, {{}, announced, {}});
  if (!plan.declined.empty()) return {false, 0, plan.declined};
  if (!carried_out(plan.commands.front())) return overtaken;
  return {true, encoded.json.size() + encoded.npz_bytes(), {}};
}

/// Under a lease there was nothing to replace; what is there once it has lapsed is a successor's, and stays.
StoreResult RedisCache::Parts::store_fenced(const Key& key, const EncodedEntry& encoded, const EntryFacts& facts,
                                            std::optional<std::chrono::milliseconds> lifetime,
                                            const std::string& lease_token) {
  const EntryWriter::Plan plan =
      EntryWriter(options, blob_store())
          .plan_fenced(entry_keys(options, key), encoded, facts, lifetime, {lease_key(options, key), lease_token});
  if (!plan.declined.empty()) return {false, 0, plan.declined};
  if (!carried_out(plan.commands.front()))
    return {false, 0, "the lease has lapsed, and somebody else has taken over", true};
  return {true, encoded.json.size() + encoded.npz_bytes(), {}};
}

/// Over whatever is there. `keeps_the_same` is called where there is no room for the entry: whether it is there
/// already; anything else under its key goes.
StoreResult RedisCache::Parts::store_over(const Key& key, const EncodedEntry& encoded, const EntryFacts& facts,
                                          std::optional<std::chrono::milliseconds> lifetime,
                                          const std::function<bool()>& keeps_the_same) {
  const Binding binding = client->clustered() ? Binding::none : Binding::transaction;
  const EntryWriter::Plan plan =
      EntryWriter(options, blob_store()).plan(entry_keys(options, key), encoded, facts, lifetime, binding);
  const StoreResult stored{true, encoded.json.size() + encoded.npz_bytes(), {}};
  if (!plan.declined.empty()) return keeps_the_same() ? stored : StoreResult{false, 0, plan.declined};
  const std::vector<Reply> replies = client->run(plan.commands);
  if (std::any_of(replies.begin(), replies.end(), out_of_memory) && keeps_the_same()) return stored;
  for (const Reply& reply : replies) {
    require_no_error(reply, peer);
    for (const Reply& item : reply.items) require_no_error(item, peer);
  }
  if (binding == Binding::transaction && replies.back().kind != ReplyKind::array)
    throw Error(ErrorCode::unavailable, "Redis at " + peer + " answers EXEC with nonsense");
  return stored;
}

RedisCache::RedisCache(RedisOptions options, const Clock& clock)
    : parts_(std::make_unique<Parts>(std::move(options), clock)) {}

RedisCache::~RedisCache() = default;

LookupResult RedisCache::lookup(const Key& key, const LookupOptions& options) {
  return std::move(parts_->lookup({&key, 1}, options.placement).front());
}

std::vector<LookupResult> RedisCache::lookup_many(std::span<const Key> keys, const LookupOptions& options) {
  std::vector<LookupResult> results;
  results.reserve(keys.size());
  for (std::size_t done = 0; done < keys.size(); done += kLookupBatch) {
    auto batch = parts_->lookup(keys.subspan(done, std::min(kLookupBatch, keys.size() - done)), options.placement);
    std::move(batch.begin(), batch.end(), std::back_inserter(results));
  }
  return results;
}

StoreResult RedisCache::store(const Key& key, const Entry& entry, const StoreOptions& options) {
  const TimePoint now = parts_->clock.now();
  EntrySeal seal{key.text(), options.expires_at, options.recipe};
  if (!seal.expires_at && parts_->options.ttl) seal.expires_at = now + *parts_->options.ttl;
  const EncodedEntry encoded = encoded_here(entry, seal);
  if (seal.expires_at && *seal.expires_at <= now) {
    if (!options.still_there) (void)erase(key);
    return {false, 0, "the entry has already expired"};
  }
  std::optional<std::chrono::milliseconds> lifetime;
  if (seal.expires_at) lifetime = *seal.expires_at - now;
  EntryFacts facts;
  facts.compute_s = options.compute_s;
  facts.expires_at = seal.expires_at;
  if (options.still_there) return parts_->store_copy(key, encoded, facts, lifetime, options.still_there);
  if (!options.lease_token.empty()) return parts_->store_fenced(key, encoded, facts, lifetime, options.lease_token);
  return parts_->store_over(key, encoded, facts, lifetime, [&] { return keeps_the_same(key, entry, seal.expires_at); });
}

bool RedisCache::touch(const Key& key, std::optional<TimePoint> expires_at) {
  const EntryKeys keys = entry_keys(parts_->options, key);
  TimePoint now;
  StoredEntry old;
  LookupResult found;
  for (int attempt = 0; attempt < kTouchAttempts && !found.hit(); ++attempt) {
    old = std::move(parts_->fetch({&keys, 1}).front());
    now = parts_->clock.now();
    found = EntryReader{parts_->blob_store(), now, Placement::owned}.read(key, old).result;
    if (!found.hit() && parts_->withdraw(keys, old)) return false;
  }
  if (!found.hit()) return false;
  const EncodedEntry encoded = encoded_here(*found.entry, EntrySeal{key.text(), expires_at, found.recipe});
  EntryFacts facts;
  facts.compute_s = found.compute_s;
  facts.expires_at = expires_at;
  std::optional<std::chrono::milliseconds> lifetime;
  if (expires_at) lifetime = *expires_at - now;
  const EntryWriter::Plan plan = EntryWriter(parts_->options, parts_->blob_store())
                                     .plan_replacement(keys, encoded, facts, lifetime, StoredValues::of(old));
  if (!plan.declined.empty()) throw RefusedError("DECLINED", "the entry keeps its expiry: " + plan.declined);
  return parts_->carried_out(plan.commands.front());
}

std::shared_ptr<Client> RedisCache::client() const { return parts_->client; }

/// Whether what is found here is the new entry itself, and for no longer. Anything else would still be found in its
/// place, and is removed, which needs no room. What is no hit here may be one for others, as an entry in a blob folder
/// that only they have, and stays.
bool RedisCache::keeps_the_same(const Key& key, const Entry& entry,
                                const std::optional<TimePoint>& expires_at) noexcept {
  try {
    const LookupResult there = lookup(key, {});
    if (there.hit() && is_same_entry(there, entry, expires_at)) return true;
    if (there.hit()) (void)erase(key);
  } catch (const std::exception&) {
    // The store's own failure is what the caller is told.
  }
  return false;
}

bool RedisCache::erase(const Key& key) {
  const EntryKeys keys = entry_keys(parts_->options, key);
  const std::array<Command, 3> single{Command({"DEL", keys.meta}), Command({"DEL", keys.facts}),
                                      Command({"DEL", keys.arrays})};
  const std::array<Command, 1> whole{Command({"DEL", keys.meta, keys.facts, keys.arrays})};
  const auto replies = parts_->client->clustered() ? parts_->run(single) : parts_->run(whole);
  return std::any_of(replies.begin(), replies.end(), [](const Reply& reply) { return reply.integer > 0; });
}

bool RedisCache::contains(const Key& key) { return presence(key).there; }

Presence RedisCache::presence(const Key& key) {
  const EntryKeys keys = entry_keys(parts_->options, key);
  const std::array<Command, 3> commands{Command({"PTTL", keys.meta}), Command({"PTTL", keys.arrays}),
                                        Command({"GET", keys.facts})};
  const auto replies = parts_->run(commands);
  const std::int64_t meta = replies[0].integer;
  const std::int64_t arrays = replies[1].integer;
  try {
    EntryFacts facts = parse_facts(replies[2].text());
    // Where the facts name an expiry, neve has given it to the halves, too: one without is of somebody who knows no
    // facts, and left those of the entry before.
    if (meta == kNoExpiry || arrays == kNoExpiry) facts.expires_at.reset();
    if (facts.expires_at && *facts.expires_at <= parts_->clock.now()) return {};
    return {(meta != kNoKey || facts.meta) && (arrays != kNoKey || facts.arrays), facts.expires_at};
  } catch (const Error&) {
    return {};
  }
}

bool RedisCache::still_has(const Key& key, const LookupResult& found) {
  if (found.stored_bytes > kReadAgain) return CacheBackend::still_has(key, found);
  const LookupResult now = lookup(key, {});
  return now.hit() && is_same_entry(found, *now.entry, now.expires_at);
}

Usage RedisCache::usage() {
  Usage total;
  parts_->client->on_each_master([&](Pool& server) {
    const Usage here = count_entries(server, parts_->options, parts_->peer);
    total.entries += here.entries;
    total.bytes += here.bytes;
    total.exact = total.exact && here.exact;
  });
  return total;
}

std::vector<Key> RedisCache::keys() {
  std::set<Key> keys;
  const std::string layout = parts_->client->layout();
  parts_->client->on_each_master([&](Pool& server) {
    // Metadata in a blob folder have no key of their own, entries of phys-pipeline no facts.
    for (const std::string suffix : {"meta", "facts"}) {
      for_each_slice(server, entry_pattern(parts_->options, suffix), parts_->peer,
                     [&](const std::vector<std::string>& names) {
                       for (const std::string& name : names) {
                         if (std::optional<Key> key = key_of(parts_->options, name, suffix))
                           keys.insert(*std::move(key));
                       }
                     });
    }
  });
  if (parts_->client->layout() != layout) {
    throw Error(ErrorCode::unavailable,
                "the cluster at " + parts_->peer + " was resharded while its keys were listed; try again");
  }
  return {keys.begin(), keys.end()};
}

BlobSweep RedisCache::collect_blobs(std::chrono::seconds grace, CollectMode mode) {
  if (!parts_->blobs) return {};
  return redis::collect_blobs(*parts_->client, parts_->options, *parts_->blobs, grace, mode);
}

std::string RedisCache::description() const { return parts_->peer; }

}  // namespace neve
