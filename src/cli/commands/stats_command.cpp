#include <map>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include <neve/base/quantity.hpp>
#include <neve/base/text_table.hpp>
#include <neve/cache/guarded.hpp>
#include <neve/cache/open_cache.hpp>

#include "cli/chosen/cache_choice.hpp"
#include "cli/chosen/stored_stages.hpp"
#include "cli/commands/commands.hpp"
#include "cli/runs/last_run.hpp"
#include "cli/text/json_output.hpp"
#include "cli/text/tier_table.hpp"

namespace neve::cli {
namespace {

/// Sums over entries. A plain value.
struct Sums {
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;
  std::uint64_t hits = 0;
  std::uint64_t expired = 0;
  double compute_s = 0;  ///< what computing them all took
  double saved_s = 0;    ///< hits times compute seconds

  void add(const EntryInfo& info, TimePoint now) {
    ++entries;
    bytes += info.json_bytes + info.npz_bytes;
    hits += info.hits;
    compute_s += info.compute_s;
    saved_s += static_cast<double>(info.hits) * info.compute_s;
    if (info.expires_at && *info.expires_at <= now) ++expired;
  }

  [[nodiscard]] Json to_json() const {
    return {{"entries", entries}, {"bytes", bytes},         {"hits", hits},
            {"expired", expired}, {"compute_s", compute_s}, {"saved_s", saved_s}};
  }
  [[nodiscard]] std::vector<std::string> row(const std::string& name) const {
    return {name,
            std::to_string(entries),
            bytes_text(bytes),
            seconds_text(compute_s),
            std::to_string(hits),
            seconds_text(saved_s)};
  }
};

/// Sums over the first folder of the list, by stage and altogether.
struct FolderSums {
  Sums total;
  std::map<std::string, Sums> by_stage;
};

FolderSums sums_of(DiskCache& cache) {
  const TimePoint now = Clock::system().now();
  FolderSums sums;
  for (const Key& key : all_keys(cache)) {
    const auto info = cache.inspect(key);
    if (!info) continue;
    sums.total.add(*info, now);
    sums.by_stage[stage_of(key, *info)].add(*info, now);
  }
  return sums;
}

std::string folder_text(const FolderSums& sums) {
  TextTable table({{"stage"},
                   {"entries", Align::right},
                   {"bytes", Align::right},
                   {"compute", Align::right},
                   {"hits", Align::right},
                   {"saved", Align::right}});
  for (const auto& [stage, stage_sums] : sums.by_stage) table.add(stage_sums.row(printable(stage)));
  table.add(sums.total.row("total"));
  std::string text = table.text(output_width());
  if (sums.total.expired > 0) {
    text += fmt::format("{} expired; 'neve gc' removes them\n",
                        count_text(sums.total.expired, "entry has", "entries have"));
  }
  return text;
}

/// What each server of the list holds, or why it does not say.
struct ServerUsage {
  std::string url;
  Usage usage;
  std::optional<Error> failure;

  [[nodiscard]] Json to_json() const {
    if (failure) return {{"url", url}, {"error", failure->what()}};
    return {{"url", url}, {"entries", usage.entries}, {"bytes", usage.bytes}, {"exact", usage.exact}};
  }
  [[nodiscard]] std::string text() const {
    if (failure) return fmt::format("{}: not known, see below\n", printable(url));
    return fmt::format("{}: {}{}, {}\n", printable(url), usage.exact ? "" : "about ",
                       count_text(usage.entries, "entry", "entries"), bytes_text(usage.bytes));
  }
};

std::vector<ServerUsage> usage_of(const std::vector<TierUrl>& servers) {
  std::vector<ServerUsage> usages;
  for (const TierUrl& server : servers) {
    OpenOptions options;
    options.on_failure = FailurePolicy::rethrow;
    const auto cache = open_cache(server.url, options);
    // What a run may do without, a question about it may not: the guard is taken off.
    auto* guarded = dynamic_cast<Guarded*>(&cache->backend());
    ServerUsage& here = usages.emplace_back(ServerUsage{redacted_urls(server.url), {}, {}});
    try {
      here.usage = guarded != nullptr ? guarded->backend().usage() : cache->usage();
    } catch (const Error& error) {
      here.failure = error;  // what else is known is told first
    }
  }
  return usages;
}

}  // namespace

ExitCode stats_command(const StatsArguments& arguments, const Surroundings& surroundings) {
  const std::string urls = surroundings.cache_url(arguments.cache);
  const std::vector<TierUrl> servers = redis_tiers(urls);
  std::optional<FolderSums> folder;
  if (servers.empty() || !disk_tiers(urls).empty()) folder = sums_of(*open_disk(urls, Purpose::look));
  const std::vector<ServerUsage> usages = usage_of(servers);
  const std::optional<Json> last_run = read_last_run(urls);
  if (arguments.json) {
    Json json = folder ? folder->total.to_json() : Json::object();
    json["stages"] = Json::object();
    if (folder) {
      for (const auto& [stage, sums] : folder->by_stage) json["stages"][stage] = sums.to_json();
    }
    json["servers"] = Json::array();
    for (const ServerUsage& usage : usages) json["servers"].push_back(usage.to_json());
    json["last_run"] = last_run.value_or(nullptr);
    print_json(json);
  } else {
    if (folder) fmt::print("{}", folder_text(*folder));
    for (const ServerUsage& usage : usages) fmt::print("{}", usage.text());
    if (last_run) fmt::print("\nthe last run with this cache\n{}", tier_table(*last_run));
  }
  for (const ServerUsage& usage : usages) {
    if (usage.failure) throw Error(*usage.failure);
  }
  return ExitCode::ok;
}

}  // namespace neve::cli
