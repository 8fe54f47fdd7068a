#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <neve/base/error.hpp>
#include <neve/base/quantity.hpp>
#include <neve/base/text_table.hpp>
#include <neve/pipeline/recipe_changes.hpp>

#include "cli/chosen/cache_choice.hpp"
#include "cli/commands/commands.hpp"
#include "cli/text/array_difference.hpp"
#include "cli/text/entry_recipe.hpp"
#include "cli/text/json_output.hpp"
#include "cli/text/metadata_difference.hpp"

namespace neve::cli {
namespace {

constexpr std::size_t kShownText = 120;    // of a metadata value
constexpr std::size_t kShownChanges = 40;  // as of the points of a sweep

struct Side {
  Key key;
  EntryInfo info;
  HitEntry entry;
};

Side read_side(const std::string& urls, const std::string& text) {
  const auto cache = open_disk(urls, Purpose::look);
  const Key key = resolve_key(*cache, text);
  auto info = cache->inspect(key);
  const LookupResult found = cache->lookup(key, {});
  if (!info || !found.hit()) {
    throw Error(found.reason == MissReason::expired ? ErrorCode::invalid_argument : ErrorCode::corrupt,
                fmt::format("a lookup does not find entry '{}': {}", key.text(), to_string(found.reason)));
  }
  return {key, std::move(*info), found.entry};
}

/// What the keys were made from, as far as it differs; a line each.
std::vector<std::string> ingredient_changes(const Side& a, const Side& b) {
  const auto before = read_recipe(recipe_json(a.info.recipe));
  const auto after = read_recipe(recipe_json(b.info.recipe));
  return before && after ? recipe_changes(*before, *after) : std::vector<std::string>();
}

Json type_json(const Array& array) { return {{"dtype", array.dtype().name()}, {"shape", array.shape()}}; }

Json number_or_null(const std::optional<double>& number) { return number ? Json(*number) : Json(nullptr); }

/// Null if the two are the same.
Json array_change(const Array& a, const Array& b) {
  const auto found = difference(a, b);
  if (found && found->different == 0 && a.dtype() == b.dtype()) return nullptr;
  Json change{{"before", type_json(a)}, {"after", type_json(b)}};
  if (!found) return change;
  change["elements"] = found->elements;
  change["different"] = found->different;
  change["not_finite"] = found->not_finite;
  change["max_absolute"] = number_or_null(found->absolute);
  change["max_relative"] = number_or_null(found->relative);
  change["relative_norm"] = number_or_null(found->norm);
  change["at"] = found->different == 0 ? Json(nullptr) : Json(found->at);
  return change;
}

/// The arrays that differ, by name.
Json array_changes(const ArrayMap& a, const ArrayMap& b) {
  Json changes = Json::object();
  for (const auto& [name, array] : a) {
    const auto other = b.find(name);
    Json change = other == b.end() ? Json{{"before", type_json(array)}} : array_change(array, other->second);
    if (!change.is_null()) changes[name] = std::move(change);
  }
  for (const auto& [name, array] : b) {
    if (!a.contains(name)) changes[name] = {{"after", type_json(array)}};
  }
  return changes;
}

/// " (relative 1.2e-06)" after a number that changed.
std::string relative_change(const Json& change) {
  const Json before = change.value("before", Json()), after = change.value("after", Json());
  if (!before.is_number() || !after.is_number()) return "";
  const auto a = before.get<double>(), b = after.get<double>();
  const double relative = std::abs(a - b) / std::abs(b);
  return std::isfinite(relative) && relative > 0 ? fmt::format(" (relative {:.3g})", relative) : "";
}

std::string value_text(const Json& change, const char* side) {
  if (!change.contains(side)) return "nothing";
  return cut_to_width(printable(dump_spaced_json(change.at(side))), kShownText);
}

std::string type_text(const Json& change, const char* side) {
  if (!change.contains(side)) return "nothing";
  const Json& type = change.at(side);
  return type.at("dtype").get<std::string>() + " " + to_text(type.at("shape").get<Shape>());
}

std::string number_text(const Json& change, const char* name) {
  const Json value = change.value(name, Json());
  return value.is_null() ? "-" : fmt::format("{:.3g}", value.get<double>());
}

std::string types_text(const Json& change) {
  const std::string before = type_text(change, "before"), after = type_text(change, "after");
  return before == after ? before : before + " → " + after;
}

void print_arrays(const Json& changes) {
  TextTable table({{"  array"},
                   {"type"},
                   {"different", Align::right},
                   {"max absolute", Align::right},
                   {"max relative", Align::right},
                   {"norm", Align::right},
                   {"at"}});
  for (const auto& [name, change] : changes.items()) {
    const bool compared = change.contains("different");
    const Json at = change.value("at", Json());
    std::string count = compared ? fmt::format("{} of {}", change["different"].dump(), change["elements"].dump()) : "-";
    if (compared && change["not_finite"] != 0) count += fmt::format(", {} not finite", change["not_finite"].dump());
    table.add({"  " + printable(name), types_text(change), count, number_text(change, "max_absolute"),
               number_text(change, "max_relative"), number_text(change, "relative_norm"),
               at.is_null() ? "-" : to_text(at.get<Shape>())});
  }
  fmt::print("\narrays\n{}", table.text(output_width()));
}

std::string metadata_line(const Json& change) {
  return fmt::format("{}: {} → {}{}", printable(change.at("path").get<std::string>()), value_text(change, "before"),
                     value_text(change, "after"), relative_change(change));
}

/// Nothing if nothing changed; of many changes the first.
template <class LineOf>
void print_changes(const char* title, const Json& changes, LineOf line_of) {
  if (changes.empty()) return;
  fmt::print("\n{}\n", title);
  for (std::size_t i = 0; i < std::min(changes.size(), kShownChanges); ++i) fmt::print("  {}\n", line_of(changes[i]));
  if (changes.size() > kShownChanges) fmt::print("  and {} more; --json has all\n", changes.size() - kShownChanges);
}

void print_difference(const Json& difference) {
  const Json& arrays = difference.at("arrays");
  fmt::print("{}\n", difference.at("same") == true ? "the results are the same" : "the results differ");
  print_changes("made from", difference.at("made_from"),
                [](const Json& line) { return printable(line.get<std::string>()); });
  print_changes("metadata", difference.at("metadata"), metadata_line);
  if (!arrays.empty()) print_arrays(arrays);
}

}  // namespace

ExitCode diff_command(const DiffArguments& arguments, const Surroundings& surroundings) {
  const std::string url = surroundings.cache_url(arguments.cache);
  if (arguments.other_key.empty() && arguments.other_cache.empty()) {
    throw Error(ErrorCode::invalid_argument, "name a second key, or with --with URL the other cache that has this one");
  }
  const Side before = read_side(url, arguments.key);
  const Side after = read_side(arguments.other_cache.empty() ? url : arguments.other_cache,
                               arguments.other_key.empty() ? before.key.text() : arguments.other_key);
  Json result{{"before", before.key.text()},
              {"after", after.key.text()},
              {"made_from", ingredient_changes(before, after)},
              {"metadata", metadata_difference(before.entry->meta, after.entry->meta)},
              {"arrays", array_changes(before.entry->arrays, after.entry->arrays)}};
  const bool same = result["metadata"].empty() && result["arrays"].empty();
  result["same"] = same;
  if (arguments.json) {
    print_json(result);
  } else {
    print_difference(result);
  }
  return same ? ExitCode::ok : ExitCode::failed;
}

}  // namespace neve::cli
