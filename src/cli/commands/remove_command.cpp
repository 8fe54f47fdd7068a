#include <algorithm>

#include <fmt/format.h>

#include <neve/base/error.hpp>
#include <neve/base/quantity.hpp>
#include <neve/cache/open_cache.hpp>
#include <neve/cache/tiered.hpp>

#include "cli/chosen/cache_choice.hpp"
#include "cli/chosen/entry_choice.hpp"
#include "cli/commands/commands.hpp"
#include "cli/text/json_output.hpp"

namespace neve::cli {
namespace {

/// Unreachable tiers count as not having it.
bool has(CacheBackend& tier, const Key& key) {
  try {
    return tier.contains(key);
  } catch (const Error&) {
    return false;
  }
}

/// How many of the keys are still in a tier that is only read. The chain does not believe it about them any more, but
/// the next one will.
std::size_t still_read(const Observed& chain, const std::vector<Key>& keys) {
  const auto* tiers = dynamic_cast<const TieredCache*>(&chain.backend());
  if (tiers == nullptr) return 0;
  return static_cast<std::size_t>(std::count_if(keys.begin(), keys.end(), [&](const Key& key) {
    return std::any_of(tiers->tiers().begin(), tiers->tiers().end(),
                       [&](const Tier& tier) { return tier.access == TierAccess::read_only && has(*tier.cache, key); });
  }));
}

/// The keys that were removed: from the chain if there is one, else from the folder.
Json remove_keys(const std::vector<Key>& keys, Observed* chain, DiskCache* folder) {
  Json removed = Json::array();
  for (const Key& key : keys) {
    if (chain != nullptr ? chain->erase(key) : folder->erase(key)) {
      removed.push_back(key.text());
    } else if (folder != nullptr && folder->inspect(key)) {
      throw Error(ErrorCode::io, "'" + key.text() +
                                     "' cannot be removed from the cache folder: it may only be read, or "
                                     "what has the name is no file");
    }
  }
  return removed;
}

void print_text(std::size_t removed, std::size_t left, std::uint64_t quarantined, std::size_t read_only) {
  fmt::print("removed {}\n", count_text(removed, "entry", "entries"));
  if (quarantined > 0) {
    fmt::print("removed {} that had been put aside as damaged\n", count_text(quarantined, "file", "files"));
  }
  if (left > 0) {
    fmt::print("{}", left_text(left, "remove"));
  }
  if (read_only > 0) {
    fmt::print("a tier with mode=read still has {}, and the next run will find what it has\n",
               count_text(read_only, "entry", "entries"));
  }
}

}  // namespace

ExitCode remove_command(const RemoveArguments& arguments, const Surroundings& surroundings) {
  require_one_choice(arguments);
  const std::string urls = surroundings.cache_url(arguments.cache);
  const bool server_alone = disk_tiers(urls).empty() && !redis_tiers(urls).empty();
  std::unique_ptr<DiskCache> folder;
  if (!server_alone || arguments.keys.empty()) folder = open_disk(urls, Purpose::change);
  const EntryChoice chosen = folder ? choose_entries(arguments, *folder) : EntryChoice{whole_keys(arguments.keys)};
  // What one tier of a chain keeps would be found again, so they are removed from all; and who fails says so.
  OpenOptions failing;
  failing.on_failure = FailurePolicy::rethrow;
  const std::shared_ptr<Observed> chain =
      server_alone || split_tiers(urls).size() > 1 ? open_cache(urls, failing) : nullptr;
  const Json removed = remove_keys(chosen.keys, chain.get(), folder.get());
  const std::uint64_t quarantined = arguments.all ? folder->clear_quarantine() : 0;
  const std::size_t read_only = chain ? still_read(*chain, chosen.keys) : 0;
  if (arguments.json) {
    print_json({{"removed", removed}, {"left", chosen.left}, {"quarantined", quarantined}, {"read_only", read_only}});
  } else {
    print_text(removed.size(), chosen.left, quarantined, read_only);
  }
  return ExitCode::ok;
}

}  // namespace neve::cli
