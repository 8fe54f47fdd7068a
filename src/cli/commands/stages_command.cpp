#include <fmt/format.h>

#include <neve/base/text_table.hpp>
#include <neve/codec/json.hpp>
#include <neve/key/field_info.hpp>

#include "cli/commands/commands.hpp"
#include "cli/text/json_output.hpp"

namespace neve::cli {
namespace {

std::string text_of(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() || !found->is_string() ? std::string() : found->get<std::string>();
}

std::string joined(const Json& object, const char* name, const char* separator) {
  std::string text;
  if (const auto found = object.find(name); found != object.end()) {
    for (const Json& item : *found) text += (text.empty() ? "" : separator) + item.get<std::string>();
  }
  return text;
}

std::string type_text(const Json& field) {
  const std::string choices = joined(field, "choices", " | ");
  return choices.empty() ? text_of(field, "type") : choices;
}

/// The meaning, then the limits: what a narrow terminal cuts first.
std::string meaning_text(const Json& field) {
  const std::string limits = joined(field, "constraints", ", ");
  return text_of(field, "doc") + (limits.empty() ? "" : " (" + limits + ")");
}

std::string default_text(const Json& field) {
  if (const auto required = field.find("required"); required != field.end() && *required == true) return "required";
  const auto value = field.find("default");
  return value == field.end() ? "-" : dump_spaced_json(*value);
}

void add_fields(TextTable& table, const Json& fields, const std::string& prefix) {
  for (const Json& field : fields) {
    const std::string name = prefix + text_of(field, "name");
    table.add({"  " + name, type_text(field), text_of(field, "unit"), default_text(field), meaning_text(field)});
    if (const auto inner = field.find("fields"); inner != field.end()) add_fields(table, *inner, name + ".");
  }
}

Json json_of(const StageKind& kind) {
  return {{"name", kind.name}, {"version", kind.version}, {"inputs", kind.input_count}, {"fields", kind.config_schema}};
}

void print_kind(const StageKind& kind) {
  fmt::print("{} (version {}), needs {}\n", kind.name, kind.version,
             kind.input_count == 0   ? std::string("no stage")
             : kind.input_count == 1 ? std::string("1 stage")
                                     : fmt::format("{} stages", kind.input_count));
  if (kind.config_schema.empty()) return;
  TextTable table({{"  field"}, {"type"}, {"unit"}, {"default"}, {"meaning"}});
  add_fields(table, kind.config_schema, "");
  fmt::print("{}", table.text(output_width()));
}

}  // namespace

ExitCode stages_command(const StagesArguments& arguments, const Surroundings& surroundings) {
  const StageRegistry& registry = surroundings.registry;
  const std::vector<std::string> names = arguments.name.empty() ? registry.names() : std::vector{arguments.name};
  if (arguments.json) {
    Json list = Json::array();
    for (const std::string& name : names) list.push_back(json_of(registry.kind(name)));
    print_json(arguments.name.empty() ? list : list.front());
  } else if (arguments.names) {
    for (const std::string& name : names) fmt::print("{}\n", name);
  } else if (names.empty()) {
    fmt::print("No stages are compiled in; a pipeline file can still run commands.\n");
  } else {
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (i > 0) fmt::print("\n");
      print_kind(registry.kind(names[i]));
    }
  }
  return ExitCode::ok;
}

}  // namespace neve::cli
