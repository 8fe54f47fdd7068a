#include <map>

#include <fmt/format.h>

#include "cli/cache_choice.hpp"
#include "cli/commands.hpp"
#include "cli/entry_recipe.hpp"
#include "cli/quantity.hpp"
#include "cli/text_table.hpp"

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

}  // namespace

ExitCode stats_command(const StatsArguments& arguments, const Surroundings& surroundings) {
  const auto cache = open_disk(surroundings.cache_url(arguments.cache), Purpose::look);
  const TimePoint now = Clock::system().now();
  Sums total;
  std::map<std::string, Sums> by_stage;
  for (const Key& key : all_keys(*cache)) {
    const auto info = cache->inspect(key);
    if (!info) continue;
    total.add(*info, now);
    by_stage[stage_of(recipe_json(info->recipe))].add(*info, now);
  }
  if (arguments.json) {
    Json json = total.to_json();
    json["stages"] = Json::object();
    for (const auto& [stage, sums] : by_stage) json["stages"][stage] = sums.to_json();
    fmt::print("{}\n", dump_spaced_json(json));
    return ExitCode::ok;
  }
  TextTable table({{"stage"},
                   {"entries", Align::right},
                   {"bytes", Align::right},
                   {"compute", Align::right},
                   {"hits", Align::right},
                   {"saved", Align::right}});
  for (const auto& [stage, sums] : by_stage) table.add(sums.row(printable(stage)));
  table.add(total.row("total"));
  fmt::print("{}", table.text(output_width()));
  if (total.expired > 0) {
    fmt::print("{} expired; 'neve gc' removes them\n", count_text(total.expired, "entry has", "entries have"));
  }
  return ExitCode::ok;
}

}  // namespace neve::cli
