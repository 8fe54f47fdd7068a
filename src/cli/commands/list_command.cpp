#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <neve/base/quantity.hpp>
#include <neve/base/text_table.hpp>

#include "cli/chosen/cache_choice.hpp"
#include "cli/chosen/stored_stages.hpp"
#include "cli/commands/commands.hpp"
#include "cli/text/entry_recipe.hpp"
#include "cli/text/json_output.hpp"
#include "cli/text/settings_text.hpp"
#include "cli/text/time_text.hpp"

namespace neve::cli {
namespace {

constexpr std::size_t kFiguresWidth = 65;   // what the other columns take beside the settings
constexpr std::size_t kExpiryWidth = 12;    // and the last column, where something expires
constexpr std::size_t kLeastSettings = 24;  // of these is shown whatever else goes

struct Row {
  Key key;
  EntryInfo info;
  std::string stage;

  [[nodiscard]] std::uint64_t bytes() const { return info.json_bytes + info.npz_bytes; }
  [[nodiscard]] TimePoint used() const { return std::max(info.modified_at, info.last_used.value_or(info.modified_at)); }
};

/// Newest, largest or dearest first; keys in order among equals.
void sort_rows(std::vector<Row>& rows, const std::string& by) {
  const auto descending = [&rows](const auto& value) {
    std::stable_sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) { return value(a) > value(b); });
  };
  if (by == "used") descending([](const Row& row) { return row.used(); });
  if (by == "age") descending([](const Row& row) { return row.info.modified_at; });
  if (by == "size") descending([](const Row& row) { return row.bytes(); });
  if (by == "compute") descending([](const Row& row) { return row.info.compute_s; });
}

Json config_of(const Row& row) {
  const Json recipe = recipe_json(row.info.recipe);
  return recipe.is_object() ? recipe.value("config", Json()) : Json();
}

/// In which settings, or what else their keys were made from, the rows of one stage differ from each other.
std::vector<std::string> settings_texts(const std::vector<Row>& rows) {
  std::vector<std::vector<Setting>> lists;
  for (const Row& row : rows) lists.push_back(ingredients_of(recipe_json(row.info.recipe)));
  return differing_settings(lists);
}

/// What tells the rows apart beside their keys: their stages, or within one stage their settings.
TextTable::Column telling_column(const std::vector<std::string>& settings) {
  const bool differ = std::any_of(settings.begin(), settings.end(), [](const auto& text) { return !text.empty(); });
  return {differ ? "settings" : "stage"};
}

/// `width` is that of the terminal; 0: there is none, and nothing is cut. `figures` is what the other columns take.
std::string cut_settings(const std::string& settings, std::size_t width, std::size_t figures) {
  if (width == 0) return settings;
  return cut_to_width(settings, std::max(figures + kLeastSettings, width) - figures);
}

void print_table(const std::vector<Row>& rows, std::size_t shown, bool one_stage, TimePoint now) {
  const std::vector<std::string> settings = one_stage ? settings_texts(rows) : std::vector<std::string>();
  std::vector<TextTable::Column> columns{
      {"key"}, telling_column(settings), {"bytes", Align::right}, {"compute", Align::right}, {"hits", Align::right},
      {"used"}};
  const bool differ = columns[1].title == "settings";
  const std::size_t width = output_width();
  const bool expire = std::any_of(rows.begin(), rows.end(), [](const Row& row) { return row.info.expires_at; });
  if (expire) columns.push_back({"expires"});
  const std::size_t figures = kFiguresWidth + (expire ? kExpiryWidth : 0);
  TextTable table(columns);
  std::uint64_t bytes = 0;
  for (const Row& row : rows) bytes += row.bytes();
  for (std::size_t i = 0; i < shown; ++i) {
    const Row& row = rows[i];
    const std::string damage =
        row.info.damage == MissReason::none ? "" : fmt::format(" ({})", to_string(row.info.damage));
    std::vector<std::string> cells{cut_to_width(row.key.text(), 16),
                                   (differ ? cut_settings(settings[i], width, figures) : printable(row.stage)) + damage,
                                   bytes_text(row.bytes()),
                                   seconds_text(row.info.compute_s),
                                   std::to_string(row.info.hits),
                                   relative_text(row.used(), now)};
    if (expire) cells.push_back(expiry_text(row.info, now));
    table.add(std::move(cells));
  }
  if (shown > 0) fmt::print("{}", table.text(width));
  fmt::print("{}{}, {}\n", count_text(rows.size(), "entry", "entries"),
             shown < rows.size() ? fmt::format(" ({} shown)", shown) : "", bytes_text(bytes));
}

/// What may have been meant where nothing is found; or empty.
std::string meant_by(const ListArguments& arguments, DiskCache& cache) {
  if (!arguments.stage.empty()) return nothing_of_stage(arguments.stage, cache);
  const std::vector<std::string> stages = stages_in(cache);
  const bool is_stage = std::find(stages.begin(), stages.end(), arguments.prefix) != stages.end();
  return is_stage ? "'" + arguments.prefix + "' is a stage: neve ls --stage " + arguments.prefix : "";
}

}  // namespace

ExitCode list_command(const ListArguments& arguments, const Surroundings& surroundings) {
  const auto cache = open_disk(surroundings.cache_url(arguments.cache), Purpose::look);
  std::vector<Row> rows;
  for (const Key& key : all_keys(*cache, arguments.prefix)) {
    auto info = cache->inspect(key);
    if (!info) continue;
    std::string stage = stage_of(key, *info);
    if (arguments.stage.empty() || stage == arguments.stage) rows.push_back({key, std::move(*info), std::move(stage)});
  }
  sort_rows(rows, arguments.sort);
  const std::size_t shown = arguments.limit == 0 ? rows.size() : std::min<std::size_t>(rows.size(), arguments.limit);
  if (arguments.json) {
    Json list = Json::array();
    for (std::size_t i = 0; i < shown; ++i) {
      list.push_back(info_json(rows[i].key, rows[i].info));
      list.back()["stage"] = rows[i].stage;
      if (!arguments.stage.empty()) list.back()["config"] = config_of(rows[i]);
    }
    print_json(list);
  } else if (arguments.keys) {
    for (std::size_t i = 0; i < shown; ++i) fmt::print("{}\n", rows[i].key.text());
  } else {
    print_table(rows, shown, !arguments.stage.empty(), Clock::system().now());
    const std::string meant = rows.empty() ? meant_by(arguments, *cache) : "";
    if (!meant.empty()) fmt::print("{}\n", printable(meant));
  }
  return ExitCode::ok;
}

}  // namespace neve::cli
