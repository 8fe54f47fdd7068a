#include "cli/text/entry_recipe.hpp"

#include <array>
#include <ctime>

#include <fmt/format.h>

#include <neve/base/error.hpp>
#include <neve/base/text_table.hpp>

#include "cli/text/settings_text.hpp"
#include "cli/text/time_text.hpp"

namespace neve::cli {
namespace {

constexpr std::size_t kShownValue = 100;
constexpr std::size_t kShownDigest = 12;

std::string member_text(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() || !found->is_string() ? "?" : printable(found->get<std::string>());
}

/// "  config    length_m = 0.15", the title only on the first of its lines.
void add_lines(std::string& text, const Json& recipe, const char* member, const char* title, const auto& value_text) {
  const auto object = recipe.find(member);
  if (object == recipe.end() || !object->is_object()) return;
  for (const auto& [name, value] : object->items()) {
    text += fmt::format("  {:<9} {}{}\n", title, printable(name), value_text(value));
    title = "";
  }
}

/// The lines of a command that "does" leaves out, as far as a person would read.
std::string further_lines(const Json& recipe) {
  const auto besides = recipe.find("hashed_besides");
  if (besides == recipe.end() || !besides->is_object()) return "";
  const auto command = besides->find("command");
  if (command == besides->end() || !command->is_string()) return "";
  std::string_view rest = command->get_ref<const std::string&>();
  std::string text;
  constexpr int kMostShown = 20;
  for (int shown = 0; rest.find('\n') != std::string_view::npos; ++shown) {
    rest.remove_prefix(rest.find('\n') + 1);
    if (rest.empty()) break;
    if (shown == kMostShown) return text + "            …\n";
    text += fmt::format("            {}\n", cut_to_width(printable(rest.substr(0, rest.find('\n'))), kShownValue));
  }
  return text;
}

std::string value_text(const Json& value) {
  return " = " + cut_to_width(printable(dump_spaced_json(value)), kShownValue);
}

void add_settings(std::string& text, const Json& config, const char* title = "config") {
  constexpr std::size_t kMostShown = 100;
  const std::vector<Setting> settings = settings_of(config);
  for (std::size_t i = 0; i < settings.size() && i < kMostShown; ++i)
    text += fmt::format("  {:<9} {} = {}\n", i == 0 ? title : "", settings[i].name, settings[i].value);
  if (settings.size() > kMostShown) text += fmt::format("            and {} more\n", settings.size() - kMostShown);
}

std::string digest_text(const Json& value) {
  return value.is_string() ? "  " + printable(value.get<std::string>()).substr(0, kShownDigest) : value_text(value);
}

std::string file_text(const Json& value) {
  if (!value.is_object()) return value_text(value);
  return fmt::format("  {}, {} bytes", member_text(value, "sha256").substr(0, kShownDigest),
                     value.value("bytes", Json(0)).dump());
}

}  // namespace

std::string recipe_text(const Json& recipe) {
  if (!recipe.is_object()) return "";
  std::string text = fmt::format("  stage     {}\n", member_text(recipe, "node_id"));
  text += fmt::format("  does      {}\n", member_text(recipe, "op_name"));
  text += further_lines(recipe);
  if (const std::string version = member_text(recipe, "version"); !version.empty())
    text += "  version   " + version + "\n";
  add_settings(text, recipe.value("config", Json()));
  if (const Json besides = recipe.value("hashed_besides", Json()); besides.is_object())
    add_settings(text, besides.value("source", Json()), "source");
  add_lines(text, recipe, "policy", "policy", value_text);
  add_lines(text, recipe, "files", "files", file_text);
  add_lines(text, recipe, "inputs", "input", digest_text);
  add_lines(text, recipe, "dep_hashes", "needs", digest_text);
  return text;
}

Json recipe_json(std::string_view recipe) {
  if (recipe.empty()) return nullptr;
  try {
    return parse_json(recipe);
  } catch (const Error&) {
    return nullptr;
  }
}

std::string iso_time(TimePoint time) {
  const std::int64_t milliseconds = time.time_since_epoch().count();
  const std::time_t seconds = static_cast<std::time_t>(milliseconds / 1000);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  return fmt::format("{}.{:03}Z", std::string_view(text.data(), size), milliseconds % 1000);
}

Json info_json(const Key& key, const EntryInfo& info) {
  Json json = {{"key", key.text()},
               {"json_bytes", info.json_bytes},
               {"npz_bytes", info.npz_bytes},
               {"bytes", info.json_bytes + info.npz_bytes},
               {"modified_at", iso_time(info.modified_at)},
               {"sealed", info.sealed},
               {"compute_s", info.compute_s},
               {"hits", info.hits}};
  json["expires_at"] = info.expires_at ? Json(iso_time(*info.expires_at)) : Json(nullptr);
  json["last_used"] = info.last_used ? Json(iso_time(*info.last_used)) : Json(nullptr);
  if (info.damage != MissReason::none) json["damage"] = to_string(info.damage);
  return json;
}

std::string expiry_text(const EntryInfo& info, TimePoint now) {
  if (!info.expires_at) return "never";
  return (*info.expires_at <= now ? "expired " : "") + relative_text(*info.expires_at, now);
}

}  // namespace neve::cli
