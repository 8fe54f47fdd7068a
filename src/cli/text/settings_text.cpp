#include "cli/text/settings_text.hpp"

#include <map>
#include <string_view>

#include <neve/base/ascii.hpp>
#include <neve/base/digest.hpp>
#include <neve/base/text_table.hpp>

namespace neve::cli {
namespace {

constexpr std::size_t kSettingWidth = 100;
constexpr std::size_t kShownElements = 50;
constexpr std::size_t kShownSettings = 30;
constexpr std::size_t kDigestDigits = 64;
constexpr std::size_t kDigestWidth = 12;
constexpr std::string_view kArguments = "arguments.";

std::string words_of(const Json& value);

/// The tag of a value that is no JSON, or empty. Its content is `value["of"]`.
std::string tag_of(const Json& value) {
  if (!value.is_object() || value.size() != 2 || !value.contains("of")) return "";
  const auto tag = value.find("$");
  return tag == value.end() || !tag->is_string() ? "" : tag->get<std::string>();
}

std::string words_at(const Json& object, const char* name) {
  if (!object.is_object()) return "";
  const auto found = object.find(name);
  return found == object.end() || !found->is_string() ? "" : found->get<std::string>();
}

std::string list_words(const Json& list, char open, char close) {
  std::string text(1, open);
  for (std::size_t i = 0; i < list.size() && i < kShownElements; ++i) text += (i == 0 ? "" : ", ") + words_of(list[i]);
  if (list.size() > kShownElements) text += ", …";
  return text + close;
}

/// "float64 (3, 4) 5ad2…": an array is its digest in a key.
std::string array_words(const Json& array) {
  if (!array.is_object()) return words_of(array);
  std::string text = words_at(array, "dtype");
  if (const auto shape = array.find("shape"); shape != array.end() && shape->is_array() && !shape->empty())
    text += " " + list_words(*shape, '(', ')');
  return text + " " + words_at(array, "sha256").substr(0, kDigestWidth);
}

std::string tagged_words(const std::string& tag, const Json& of) {
  if (tag == "array") return "array " + array_words(of);
  if (tag == "scalar" && tag_of(of) == "array") return "numpy " + array_words(of["of"]);
  if ((tag == "int" || tag == "float" || tag == "dtype") && of.is_string()) return of.get<std::string>();
  if (tag == "tuple" && of.is_array()) return list_words(of, '(', ')');
  if ((tag == "set" || tag == "frozenset") && of.is_array()) return list_words(of, '{', '}');
  if (tag == "enum" && of.is_object()) return words_at(of, "type") + "." + words_at(of, "name");
  constexpr std::string_view kRegistered = "type:";
  const std::string_view name = tag;
  return std::string(name.starts_with(kRegistered) ? name.substr(kRegistered.size()) : name) + " " + words_of(of);
}

std::string words_of(const Json& value) {
  if (const std::string tag = tag_of(value); !tag.empty()) return tagged_words(tag, value["of"]);
  if (value.is_array()) return list_words(value, '[', ']');
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    if (text.size() == kDigestDigits && only_hex_digits(text)) return text.substr(0, kDigestWidth);
  }
  if (!value.is_object()) return dump_spaced_json(value);
  std::string text = "{";
  for (const auto& [name, member] : value.items())
    text += (text.size() == 1 ? "" : ", ") + name + ": " + words_of(member);
  return text + "}";
}

/// The words of a value as far as they have room; what is left out is told apart by the value's digest.
std::string short_words(const Json& value) {
  const std::string words = printable(words_of(value));
  const std::string cut = cut_to_width(words, kSettingWidth);
  return cut == words ? words : cut + " " + sha256_hex(dump_compact_json(value)).substr(0, kDigestWidth);
}

void add_settings(std::vector<Setting>& settings, const std::string& name, const Json& value) {
  const Json* members = value.is_object() && !value.empty() ? &value : nullptr;
  if (const std::string tag = tag_of(value); !tag.empty()) {
    const Json& of = value["of"];
    members = of.is_object() && of.contains("fields") && of["fields"].is_object() ? &of["fields"] : nullptr;
    if (members != nullptr) settings.push_back({name, printable(words_at(of, "type"))});
  }
  if (members == nullptr) {
    settings.push_back({name, short_words(value)});
    return;
  }
  for (const auto& [member, inner] : members->items()) add_settings(settings, name + "." + printable(member), inner);
}

/// What a command is in a key besides its config: of its text and of variables' values digests.
void add_command(std::vector<Setting>& all, const Json& besides) {
  const std::string command = words_at(besides, "command");
  const std::string digest = command.empty() ? words_at(besides, "command_sha256") : sha256_hex(command);
  if (!digest.empty()) all.push_back({"command", printable(digest.substr(0, kDigestWidth))});
  const Json variables = besides.value("env", Json());
  if (!variables.is_object()) return;
  for (const auto& [name, value] : variables.items()) {
    const std::string told = value.is_null() ? "unset" : words_at(variables, name.c_str()).substr(0, kDigestWidth);
    all.push_back({"env " + printable(name), printable(told)});
  }
}

}  // namespace

std::vector<Setting> settings_of(const Json& config) {
  std::vector<Setting> settings;
  if (!config.is_object()) return settings;
  for (const auto& [name, value] : config.items()) add_settings(settings, printable(name), value);
  return settings;
}

std::vector<Setting> ingredients_of(const Json& recipe) {
  if (!recipe.is_object()) return {};
  std::vector<Setting> all = settings_of(recipe.value("config", Json()));
  const auto add_members = [&](const Json& members, const std::string& title) {
    if (!members.is_object()) return;
    for (const auto& [name, value] : members.items()) {
      const bool is_file = value.is_object() && value.contains("sha256");
      all.push_back({title + printable(name), short_words(is_file ? value["sha256"] : value)});
    }
  };
  add_members(recipe.value("policy", Json()), "policy ");
  add_members(recipe.value("inputs", Json()), "input ");
  add_members(recipe.value("dep_hashes", Json()), "needs ");
  add_members(recipe.value("files", Json()), "file ");
  if (const Json besides = recipe.value("hashed_besides", Json()); besides.is_object()) {
    add_command(all, besides);
    for (Setting& each : settings_of(besides.value("source", Json()))) all.push_back(std::move(each));
  }
  if (const std::string version = words_at(recipe, "version"); !version.empty())
    all.push_back({"version", short_words(version)});
  return all;
}

std::vector<std::string> differing_settings(const std::vector<std::vector<Setting>>& lists) {
  std::map<std::string, std::map<std::string, std::size_t>> counts;  // of each name and value
  for (const std::vector<Setting>& list : lists) {
    for (const Setting& setting : list) ++counts[setting.name][setting.value];
  }
  const auto differs = [&](const Setting& setting) {
    return lists.size() == 1 || counts[setting.name][setting.value] < lists.size();
  };
  std::vector<std::string> texts;
  for (const std::vector<Setting>& list : lists) {
    std::string& text = texts.emplace_back();
    std::size_t differing = 0;
    for (const Setting& setting : list) {
      if (!differs(setting) || ++differing > kShownSettings) continue;
      const std::string_view name = setting.name;
      text += text.empty() ? "" : ", ";
      text += name.starts_with(kArguments) ? name.substr(kArguments.size()) : name;
      text += "=" + setting.value;
    }
    if (differing > kShownSettings) text += " and " + std::to_string(differing - kShownSettings) + " more";
  }
  return texts;
}

}  // namespace neve::cli
