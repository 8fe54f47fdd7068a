#include <algorithm>
#include <chrono>

#include <neve/base/error.hpp>
#include <neve/base/nearest.hpp>
#include <neve/key/config.hpp>
#include <neve/pipeline/command_stage.hpp>
#include <neve/pipeline/pipeline_file.hpp>

#include "pipeline/file/field_reader.hpp"
#include "pipeline/file/placed_error.hpp"

namespace neve {
namespace {

std::string owner_of(const StageSpec& spec) { return "stage '" + spec.name.text + "'"; }

/// "unknown field 'lenght_m' (did you mean ...)" becomes "unknown field 'lenght_m' of stage 'fiber' (did you mean
/// ...)".
std::string with_owner(const ConfigError& error, const std::string& owner) {
  std::string message = error.what();
  const std::string subject = error.path().empty() ? "the config" : "'" + error.path() + "'";
  const std::size_t at = message.find(subject);
  if (at == std::string::npos) return owner + ": " + message;
  return message.insert(at + subject.size(), " of " + owner);
}

/// A setting of a stage that a sweep runs through.
struct SweptSetting {
  std::string pointer;  ///< "/field", or "/field/inner" of a value within one
  const SweepAxis* axis;

  [[nodiscard]] std::string field() const { return pointer.substr(1, pointer.find('/', 1) - 1); }
};

std::vector<SweptSetting> swept_settings(const PipelineFile& file, const StageSpec& spec) {
  std::vector<SweptSetting> settings;
  for (const SweepAxis& axis : file.sweep) {
    if (!lies_within(axis.target.text, spec.name.text)) continue;
    std::string pointer = axis.target.text.substr(spec.name.text.size());
    std::replace(pointer.begin(), pointer.end(), '.', '/');  // names that are set from outside have neither
    settings.push_back({std::move(pointer), &axis});
  }
  return settings;
}

/// Whether the stage has all the fields it is given: it would complain of the first that it has not.
bool check_fields(const StageSpec& spec, const std::vector<SweptSetting>& swept, const StageKind& kind,
                  Mistakes& mistakes) {
  std::vector<std::string> known;
  for (const FieldInfo& field : kind.config_schema) known.push_back(field.name);
  const std::size_t before = mistakes.count();
  const auto check = [&](const std::string& name, const TextPlace& place) {
    if (std::find(known.begin(), known.end(), name) == known.end())
      mistakes.add(place, "unknown field '" + name + "' of " + owner_of(spec) + suggestion(name, known));
  };
  for (const auto& [name, value] : spec.with.values.items())
    check(name, spec.with.place_of("/" + escape_pointer(name)));
  for (const SweptSetting& setting : swept) check(setting.field(), setting.axis->target.place);
  return mistakes.count() == before;
}

StagePtr make_with(const StageSpec& spec, const PlacedConfig& with, const StageKind& kind) {
  try {
    return kind.make(with.values);
  } catch (const ConfigError& error) {
    fail_at(with.place_of(error.pointer()), with_owner(error, owner_of(spec)));
  } catch (const Error& error) {
    throw PlacedError(error.code(), with.place_of(""), owner_of(spec) + ": " + error.what());
  }
}

/// What the stage is given at the first point of the sweep.
PlacedConfig at_first_point(const StageSpec& spec, const std::vector<SweptSetting>& swept) {
  PlacedConfig first = spec.with;
  for (const auto& [pointer, axis] : swept) {
    try {
      first.values[Json::json_pointer(pointer)] = axis->values.front();
    } catch (const Json::exception&) {
      fail_at(axis->target.place, "'" + axis->target.text + "' names a value inside something that is not a mapping");
    }
    first.places[pointer] = axis->place_of(0);
  }
  return first;
}

bool makes_one(const StageKind& kind, const Json& config) {
  try {
    (void)kind.make(config);
    return true;
  } catch (const Error&) {
    return false;
  }
}

/// Null if it is given fields that the stage has not. What a sweep sets need not be in the file: the stage is that of
/// the first point then.
StagePtr make_compiled(const PipelineFile& file, const StageSpec& spec, const StageRegistry& registry,
                       Mistakes& mistakes) {
  const std::vector<std::string> names = registry.names();
  const PlacedText& uses = *spec.uses;
  if (std::find(names.begin(), names.end(), uses.text) == names.end()) {
    fail_at(uses.place, "unknown stage '" + uses.text + "'" + suggestion(uses.text, names));
  }
  const StageKind& kind = registry.kind(uses.text);
  if (kind.input_count != spec.needs.size()) {
    const auto stages = [](std::size_t count) { return std::to_string(count) + (count == 1 ? " stage" : " stages"); };
    fail_at(spec.needs.empty() ? spec.name.place : spec.needs.front().place,
            owner_of(spec) + " (" + uses.text + ") must need " + stages(kind.input_count) + ", not " +
                std::to_string(spec.needs.size()));
  }
  const std::vector<SweptSetting> swept = swept_settings(file, spec);
  if (!check_fields(spec, swept, kind, mistakes)) return nullptr;
  const bool by_itself = swept.empty() || makes_one(kind, spec.with.values);
  return make_with(spec, by_itself ? spec.with : at_first_point(spec, swept), kind);
}

StagePtr make_command(const StageSpec& spec, const CommandSurroundings& commands, const std::filesystem::path& folder) {
  CommandOptions options;
  if (spec.run->text.find('\0') != std::string::npos) fail_at(spec.run->place, "a command cannot hold a NUL character");
  options.command = spec.run->text;
  options.place = spec.run->place.text;
  options.config = spec.with.values;
  options.version = spec.version;
  options.folder = folder;
  for (const PlacedText& input : spec.inputs) {
    options.inputs.push_back(input.text);
    options.input_places.push_back(input.place.text);
  }
  for (const PlacedText& variable : spec.env) options.key_variables.push_back(variable.text);
  options.environment = commands.environment;
  options.temporary_folder = commands.temporary_folder;
  options.log_folder = commands.log_folder;
  if (spec.caching == Caching::off) options.limits.fewest_files = 0;
  return make_command_stage(std::move(options));
}

NodeOptions node_options(const StageSpec& spec, const StagePtr& stage) {
  NodeOptions options;
  if (!spec.slots.empty()) {
    Slots slots = stage->requirements().slots;
    for (const auto& [name, amount] : spec.slots) {
      if (name == "memory") {
        slots.memory_bytes = amount;
      } else {
        (name == "cpu" ? slots.cpu : slots.gpu) = static_cast<unsigned>(std::min<std::uint64_t>(amount, 1'000'000));
      }
    }
    options.slots = slots;
  }
  if (spec.timeout) options.timeout = std::chrono::ceil<std::chrono::milliseconds>(*spec.timeout);
  if (spec.retries > 0) {
    RetryPolicy retry = stage->requirements().retry;
    retry.attempts = spec.retries + 1;
    options.retry = retry;
  }
  options.caching = spec.caching;
  return options;
}

using Dimension = std::vector<const SweepAxis*>;

std::vector<Dimension> dimensions_of(const PipelineFile& file) {
  std::map<std::size_t, Dimension> dimensions;
  for (const SweepAxis& axis : file.sweep) dimensions[axis.dimension].push_back(&axis);
  std::vector<Dimension> result;
  for (auto& [number, together] : dimensions) result.push_back(std::move(together));
  return result;
}

using Settings = std::vector<std::pair<std::string, Json>>;

/// What the graph does not take, if it takes the settings neither alone nor besides `others`.
std::optional<Error> refused(const Graph& graph, Settings settings, const Settings& others) {
  try {
    Graph(graph).set(settings);
    return std::nullopt;
  } catch (const Error& alone) {
    settings.insert(settings.end(), others.begin(), others.end());
    try {
      Graph(graph).set(settings);
      return std::nullopt;
    } catch (const Error&) {
      return alone;
    }
  }
}

/// Tries the values of one dimension, so that an error can name the place: whether each combination is valid is found
/// before anything runs, but not where it was written.
void try_values(const Graph& graph, const std::vector<Dimension>& dimensions, const Dimension& tried) {
  Settings others;
  for (const Dimension& together : dimensions) {
    if (&together == &tried) continue;
    for (const SweepAxis* axis : together) others.emplace_back(axis->target.text, axis->values.front());
  }
  for (std::size_t i = 0; i < tried.front()->values.size(); ++i) {
    Settings point;
    for (const SweepAxis* axis : tried) point.emplace_back(axis->target.text, axis->values[i]);
    if (const auto error = refused(graph, std::move(point), others))
      throw PlacedError(error->code(), tried.front()->place_of(i), error->what());
  }
}

}  // namespace

Graph make_graph(const PipelineFile& file, const StageRegistry& registry, const CommandSurroundings& commands) {
  const auto named = [&file] {
    try {
      return Graph(file.name.text);
    } catch (const Error& error) {
      const bool files_own = file.name.text == std::filesystem::path(file.file).stem().string();
      throw PlacedError(error.code(), file.name.place,
                        error.what() + std::string(files_own ? "; give it one by 'name: ...' in the file" : ""));
    }
  };
  Graph graph = named();
  const std::filesystem::path folder =
      commands.folder.empty() ? std::filesystem::current_path() / std::filesystem::path(file.file).parent_path()
                              : commands.folder;
  Mistakes mistakes;
  std::vector<StagePtr> stages(file.stages.size());
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const StageSpec& spec = file.stages[i];
    const auto make = [&] {
      stages[i] = spec.uses ? make_compiled(file, spec, registry, mistakes) : make_command(spec, commands, folder);
    };
    mistakes.attempt(make, spec.name.place);
  }
  mistakes.raise();
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const StageSpec& spec = file.stages[i];
    std::vector<std::string> needs;
    for (const PlacedText& need : spec.needs) needs.push_back(need.text);
    graph.add(spec.name.text, stages[i], std::move(needs), node_options(spec, stages[i]));
  }
  graph.check();
  return graph;
}

std::vector<std::string> settings_of_first_point(const PipelineFile& file, const StageRegistry& registry) {
  std::vector<std::string> taken;
  for (const StageSpec& spec : file.stages) {
    const std::vector<SweptSetting> swept = swept_settings(file, spec);
    if (!spec.uses || swept.empty() || makes_one(registry.kind(spec.uses->text), spec.with.values)) continue;
    for (const SweptSetting& setting : swept) taken.push_back(setting.axis->target.text);
  }
  return taken;
}

Sweep make_sweep(const PipelineFile& file, const Graph& graph) {
  const std::vector<Dimension> dimensions = dimensions_of(file);
  Mistakes mistakes;
  for (const Dimension& dimension : dimensions) mistakes.attempt([&] { try_values(graph, dimensions, dimension); });
  mistakes.raise();
  Sweep sweep;
  for (const Dimension& dimension : dimensions) {
    std::vector<std::pair<std::string, std::vector<Json>>> together;
    for (const SweepAxis* axis : dimension) together.emplace_back(axis->target.text, axis->values);
    sweep.together(std::move(together));
  }
  return sweep;
}

}  // namespace neve
