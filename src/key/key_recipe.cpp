#include <neve/key/key_recipe.hpp>

#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>
#include <neve/key/digests.hpp>

namespace neve {
namespace {

constexpr int kRecipeFormat = 1;
constexpr const char* kSoleInput = "input";

[[noreturn]] void corrupt(const std::string& problem) { throw Error(ErrorCode::corrupt, "key recipe: " + problem); }

const Json& member(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) corrupt(std::string("'") + name + "' is missing");
  return *found;
}

std::string text_of(const Json& value, const std::string& name) {
  if (!value.is_string()) corrupt("'" + name + "' is not a text");
  return value.get<std::string>();
}

std::string text_member(const Json& object, const char* name) { return text_of(member(object, name), name); }

const Json::object_t& object_member(const Json& object, const char* name) {
  const Json& value = member(object, name);
  if (!value.is_object()) corrupt(std::string("'") + name + "' is not an object");
  return value.get_ref<const Json::object_t&>();
}

std::map<std::string, std::string> digests_member(const Json& object, const char* name) {
  std::map<std::string, std::string> digests;
  for (const auto& [key, value] : object_member(object, name)) digests.emplace(key, text_of(value, key));
  return digests;
}

std::map<std::string, InputFile> files_member(const Json& object) {
  std::map<std::string, InputFile> files;
  for (const auto& [name, value] : object_member(object, "files")) {
    if (!value.is_object() || !member(value, "bytes").is_number_unsigned())
      corrupt("the file '" + name + "' has no size");
    const bool executable = value.contains("executable");
    if (executable && value["executable"] != true) corrupt("the file '" + name + "' may only be executable");
    files.emplace(name, InputFile{text_member(value, "sha256"), value["bytes"].get<std::uint64_t>(), executable});
  }
  return files;
}

std::optional<Json> optional_member(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() ? std::nullopt : std::optional<Json>(*found);
}

Json files_json(const std::map<std::string, InputFile>& files) {
  Json json = Json::object();
  for (const auto& [name, file] : files) {
    json[name] = {{"bytes", file.bytes}, {"sha256", file.sha256}};
    if (file.executable) json[name]["executable"] = true;
  }
  return json;
}

// A config digest that is not the config's own was given by the stage and has to be kept.
std::optional<std::string> given_config_hash(const Json& json, const std::optional<Json>& config) {
  const Json& written = member(json, "cfg_hash");
  if (written.is_null()) return std::nullopt;
  std::string digest = text_of(written, "cfg_hash");
  if (config && config_digest(*config) == digest) return std::nullopt;
  return digest;
}

void require_known_format(const Json& json) {
  if (!json.is_object()) corrupt("not an object");
  if (member(json, "recipe") != kRecipeFormat) {
    throw Error(ErrorCode::unsupported,
                "key recipe: format " + member(json, "recipe").dump() + " is newer than this neve");
  }
  if (member(json, "cache_version") != kCacheVersion) {
    throw Error(ErrorCode::unsupported, "key recipe: cache_version " + member(json, "cache_version").dump() +
                                            " is not " + std::string(kCacheVersion));
  }
}

}  // namespace

std::string combined_input_hash(const std::map<std::string, std::string>& inputs,
                                const std::map<std::string, InputFile>& files) {
  if (files.empty() && inputs.size() == 1 && inputs.begin()->first == kSoleInput) return inputs.begin()->second;
  Json digests = Json::object();
  for (const auto& [name, file] : files) digests[name] = file.executable ? file.sha256 + "+x" : file.sha256;
  return sha256_hex(
      dump_compact_json({{"format", "neve.inputs.v1"}, {"inputs", Json(inputs)}, {"files", std::move(digests)}}));
}

KeyRecord KeyRecipe::record() const {
  KeyRecord record{.node_id = node_id,
                   .op_name = op_name,
                   .version = version,
                   .cfg_hash = config_hash,
                   .input_hash = combined_input_hash(inputs, files),
                   .dep_hashes = dependencies,
                   .policy_hash = std::nullopt};
  if (config && !config_hash) record.cfg_hash = config_digest(*config);
  if (policy) record.policy_hash = policy_digest(*policy);
  return record;
}

KeyOutcome KeyRecipe::key() const {
  try {
    return record().key();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::unsupported && error.code() != ErrorCode::invalid_argument) throw;
    return KeyOutcome::uncacheable(error.what());
  }
}

Json KeyRecipe::to_json() const {
  Json json = record().to_json();
  json["recipe"] = kRecipeFormat;
  json["inputs"] = Json(inputs);
  json["files"] = files_json(files);
  if (config) json["config"] = *config;
  if (policy) json["policy"] = *policy;
  return json;
}

KeyRecipe KeyRecipe::from_json(const Json& json) {
  require_known_format(json);
  KeyRecipe recipe{.node_id = text_member(json, "node_id"),
                   .op_name = text_member(json, "op_name"),
                   .version = text_member(json, "version"),
                   .config = optional_member(json, "config"),
                   .config_hash = std::nullopt,
                   .policy = optional_member(json, "policy"),
                   .inputs = digests_member(json, "inputs"),
                   .files = files_member(json),
                   .dependencies = digests_member(json, "dep_hashes")};
  recipe.config_hash = given_config_hash(json, recipe.config);
  const Json written = recipe.record().to_json();
  for (const auto& [name, value] : written.items()) {
    if (member(json, name.c_str()) != value) corrupt("'" + name + "' does not follow from the other members");
  }
  return recipe;
}

}  // namespace neve
