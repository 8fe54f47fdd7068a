#include <algorithm>

#include <fmt/format.h>

#include <neve/base/error.hpp>
#include <neve/base/quantity.hpp>
#include <neve/cache/open_cache.hpp>
#include <neve/cache/tiered.hpp>

#include "cli/chosen/cache_choice.hpp"
#include "cli/chosen/stored_stages.hpp"
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

/// What is to go, all of it found before the first is removed. A plain value.
struct Selection {
  std::vector<Key> keys;
  std::size_t left = 0;  ///< but for named keys: what neither neve nor phys-pipeline need have written
};

/// A folder completes the beginnings of keys; a server (`folder` is null) takes them whole.
std::vector<Key> named_keys(const std::vector<std::string>& texts, DiskCache* folder) {
  std::vector<Key> keys;
  for (const std::string& text : texts) keys.push_back(folder == nullptr ? Key(text) : resolve_key(*folder, text));
  return keys;
}

/// Of all stages if `stage` is empty. Throws `invalid_argument` if nothing is of that stage.
Selection everything_in(DiskCache& folder, const std::string& stage) {
  Selection selection;
  for (const Key& key : all_keys(folder)) {
    const std::optional<EntryInfo> info = folder.inspect(key);
    if (!stage.empty() && (!info || stage_of(key, *info) != stage)) continue;
    if (info && info->disposable) {
      selection.keys.push_back(key);
    } else if (info) {
      ++selection.left;
    }
  }
  if (!stage.empty() && selection.keys.empty()) {
    throw Error(ErrorCode::invalid_argument, nothing_of_stage(stage, folder));
  }
  return selection;
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
    fmt::print("left {} that neither neve nor phys-pipeline need have written; name them to remove them\n",
               count_text(left, "entry", "entries"));
  }
  if (read_only > 0) {
    fmt::print("a tier with mode=read still has {}, and the next run will find what it has\n",
               count_text(read_only, "entry", "entries"));
  }
}

}  // namespace

ExitCode remove_command(const RemoveArguments& arguments, const Surroundings& surroundings) {
  const int given = (arguments.all ? 1 : 0) + (arguments.stage.empty() ? 0 : 1) + (arguments.keys.empty() ? 0 : 1);
  if (given != 1)
    throw Error(ErrorCode::invalid_argument, "give the keys to remove, or --stage NAME, or --all" +
                                                 std::string(given > 1 ? ": one of the three" : ""));
  const std::string urls = surroundings.cache_url(arguments.cache);
  const bool server_alone = disk_tiers(urls).empty() && !redis_tiers(urls).empty();
  std::unique_ptr<DiskCache> folder;
  if (!server_alone || arguments.keys.empty()) folder = open_disk(urls, Purpose::change);
  const Selection selection = arguments.keys.empty() ? everything_in(*folder, arguments.stage)
                                                     : Selection{named_keys(arguments.keys, folder.get())};
  // What one tier of a chain keeps would be found again, so they are removed from all; and who fails says so.
  OpenOptions failing;
  failing.on_failure = FailurePolicy::rethrow;
  const std::shared_ptr<Observed> chain =
      server_alone || split_tiers(urls).size() > 1 ? open_cache(urls, failing) : nullptr;
  const Json removed = remove_keys(selection.keys, chain.get(), folder.get());
  const std::uint64_t quarantined = arguments.all ? folder->clear_quarantine() : 0;
  const std::size_t read_only = chain ? still_read(*chain, selection.keys) : 0;
  if (arguments.json) {
    print_json(
        {{"removed", removed}, {"left", selection.left}, {"quarantined", quarantined}, {"read_only", read_only}});
  } else {
    print_text(removed.size(), selection.left, quarantined, read_only);
  }
  return ExitCode::ok;
}

}  // namespace neve::cli
