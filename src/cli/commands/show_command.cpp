#include <fmt/format.h>

#include <neve/base/error.hpp>
#include <neve/base/quantity.hpp>
#include <neve/base/text_table.hpp>

#include "cli/chosen/cache_choice.hpp"
#include "cli/commands/commands.hpp"
#include "cli/text/array_summary.hpp"
#include "cli/text/entry_recipe.hpp"
#include "cli/text/json_output.hpp"
#include "cli/text/time_text.hpp"

namespace neve::cli {
namespace {

constexpr std::size_t kShownText = 400;  // of a metadata value; phys-pipeline keeps megabytes in one string

std::string range_text(const Json& summary) {
  std::string text;
  const auto number = [](const Json& value) {
    return value.is_number_float() ? fmt::format("{:.6g}", value.get<double>()) : value.dump();
  };
  if (summary.contains("min")) text = number(summary["min"]) + " to " + number(summary["max"]);
  if (summary.contains("not_finite"))
    text += fmt::format("{}{} not finite", text.empty() ? "" : ", ", summary["not_finite"].dump());
  return text;
}

std::string short_json(const Json& value) { return cut_to_width(printable(dump_spaced_json(value)), kShownText); }

/// Name and value of each member, one a line.
void print_members(const char* title, const Json& object) {
  if (!object.is_object() || object.empty()) return;
  fmt::print("\n{}\n", title);
  for (const auto& [name, value] : object.items()) fmt::print("  {}: {}\n", printable(name), short_json(value));
}

/// The path of the entry's file with that ending.
std::string path_of(const DiskCache& cache, const Key& key, const char* ending) {
  return (cache.options().root / (key.text() + ending)).string();
}

void print_info(const DiskCache& cache, const Key& key, const EntryInfo& info, TimePoint now) {
  fmt::print("{}\n\n", key.text());
  fmt::print("  lies in   {}\n            {}\n", printable(path_of(cache, key, ".json")),
             printable(path_of(cache, key, ".npz")));
  fmt::print("  stored    {} ({}), {} JSON + {} NPZ{}\n", time_text(info.modified_at),
             relative_text(info.modified_at, now), bytes_text(info.json_bytes), bytes_text(info.npz_bytes),
             info.sealed ? "" : ", not written by neve");
  fmt::print("  expires   {}\n", expiry_text(info, now));
  fmt::print("  computed  in {}\n", info.compute_s > 0 ? seconds_text(info.compute_s) : "an unknown time");
  fmt::print("  used      {}{}\n", count_text(info.hits, "time", "times"),
             info.last_used ? ", last " + relative_text(*info.last_used, now) : "");
}

void print_recipe(const EntryInfo& info) {
  const std::string text = recipe_text(recipe_json(info.recipe));
  if (!text.empty()) fmt::print("\nmade from\n{}", text);
}

void print_arrays(const ArrayMap& arrays) {
  if (arrays.empty()) return;
  fmt::print("\narrays\n");
  TextTable table({{"  name"}, {"dtype"}, {"shape"}, {"bytes", Align::right}, {"range"}});
  for (const auto& [name, array] : arrays) {
    table.add({"  " + printable(name), array.dtype().name(), shape_text(array.shape()),
               bytes_text(array.bytes().size()), range_text(array_summary(array))});
  }
  fmt::print("{}", table.text(output_width()));
}

Json info_with_recipe(const DiskCache& cache, const Key& key, const EntryInfo& info) {
  Json json = info_json(key, info);
  json["json_path"] = path_of(cache, key, ".json");
  json["npz_path"] = path_of(cache, key, ".npz");
  json["recipe"] = recipe_json(info.recipe);
  return json;
}

Json show_json(const DiskCache& cache, const Key& key, const EntryInfo& info, const Entry& entry) {
  Json json = info_with_recipe(cache, key, info);
  json["meta"] = entry.meta;
  json["arrays"] = Json::object();
  for (const auto& [name, array] : entry.arrays) json["arrays"][name] = array_summary(array);
  return json;
}

}  // namespace

ExitCode show_command(const ShowArguments& arguments, const Surroundings& surroundings) {
  const auto cache = open_disk(surroundings.cache_url(arguments.cache), Purpose::look);
  const Key key = resolve_key(*cache, arguments.key);
  const auto info = cache->inspect(key);
  if (!info) throw Error(ErrorCode::invalid_argument, "no entry '" + key.text() + "'");
  const LookupResult found = cache->lookup(key, {});
  if (!found.hit()) {
    if (arguments.json) {
      Json json = info_with_recipe(*cache, key, *info);
      json["unreadable"] = {{"reason", to_string(found.reason)}, {"detail", found.detail}};
      print_json(json);
    } else {
      print_info(*cache, key, *info, Clock::system().now());
      print_recipe(*info);
      fmt::print("\nA lookup does not find it: {}{}\n", to_string(found.reason),
                 found.detail.empty() ? "" : ": " + printable(found.detail));
    }
    return found.reason == MissReason::expired ? ExitCode::ok : ExitCode::damaged;
  }
  if (arguments.json) {
    print_json(show_json(*cache, key, *info, *found.entry));
    return ExitCode::ok;
  }
  print_info(*cache, key, *info, Clock::system().now());
  print_recipe(*info);
  print_members("metadata", found.entry->meta);
  print_arrays(found.entry->arrays);
  return ExitCode::ok;
}

}  // namespace neve::cli
