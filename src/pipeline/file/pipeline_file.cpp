#include <neve/pipeline/pipeline_file.hpp>

#include <neve/base/error.hpp>
#include <neve/base/nearest.hpp>

#include "pipeline/file/field_reader.hpp"
#include "pipeline/file/given_file.hpp"
#include "pipeline/file/placed_error.hpp"
#include "pipeline/file/stage_reader.hpp"
#include "pipeline/file/sweep_values.hpp"

namespace neve {
namespace {

constexpr std::size_t kMostStages = 1000;

std::vector<StageSpec> read_stages(const FieldReader& fields, std::string_view file, Mistakes& mistakes) {
  const YamlNode* node = fields.find("stages");
  if (node == nullptr) fail_at(fields.place(), "'stages' is missing: a pipeline file describes at least one stage");
  if (node->kind != YamlNode::Kind::mapping) fields.wrong("stages", *node, "a mapping of stage names to stages");
  if (node->members.empty())
    fail_at(fields.place(*node), "'stages' is empty: a pipeline file describes at least one stage");
  if (node->members.size() > kMostStages) {
    throw PlacedError(ErrorCode::too_large, fields.place(*node),
                      "more than " + std::to_string(kMostStages) + " stages");
  }
  std::vector<StageSpec> stages;
  for (const YamlNode::Member& member : node->members) stages.push_back(read_stage(member, file, mistakes));
  check_needs(stages, mistakes);
  return stages;
}

SweepAxis read_axis(const FieldReader& fields, const YamlNode::Member& member, PipelineFile& file) {
  SweepAxis axis;
  axis.target = {member.key, place_at(file.file, member.position)};
  (void)split_target(file, axis.target);
  const TextPlace place = fields.place(member.value);
  if (member.value.kind == YamlNode::Kind::sequence) {
    if (const auto& items = member.value.items; items.size() == 1 && items.front().plain) {
      refuse_lone_range(items.front().text, place);
    }
    for (const YamlNode& item : member.value.items) axis.values.push_back(to_json(item, file.file));
  } else if (const auto range = range_values(member.value.text, place)) {
    axis.values = *range;
  } else {
    fields.wrong(member.key, member.value, "a list of values, or start:stop:count");
  }
  if (axis.values.empty()) fail_at(place, "the sweep of '" + member.key + "' has no values");
  return axis;
}

void read_sweep(const FieldReader& fields, PipelineFile& file, Mistakes& mistakes) {
  const YamlNode* node = fields.find("sweep");
  if (node == nullptr) return;
  if (node->kind == YamlNode::Kind::mapping) {
    for (const YamlNode::Member& member : node->members) {
      mistakes.attempt([&] { add_dimension(file, {read_axis(fields, member, file)}); });
    }
    return;
  }
  constexpr std::string_view kExpected = "a mapping of stage.key to a list of values, or a list of such mappings";
  if (node->kind != YamlNode::Kind::sequence) fields.wrong("sweep", *node, kExpected);
  for (const YamlNode& item : node->items) {
    mistakes.attempt([&] {
      if (item.kind != YamlNode::Kind::mapping) fields.wrong("sweep", item, kExpected);
      std::vector<SweepAxis> together;
      for (const YamlNode::Member& member : item.members) together.push_back(read_axis(fields, member, file));
      add_dimension(file, together);
    });
  }
}

}  // namespace

StageSpec& PipelineFile::stage(std::string_view wanted, const TextPlace& place) {
  std::vector<std::string> names;
  for (StageSpec& candidate : stages) {
    if (candidate.name.text == wanted) return candidate;
    names.push_back(candidate.name.text);
  }
  fail_at(place, "no stage '" + std::string(wanted) + "' in " + file + suggestion(wanted, names));
}

PipelineFile parse_pipeline_file(std::string_view text, std::string_view name) {
  const YamlNode root = parse_yaml(text, name);
  PipelineFile file;
  file.file = name;
  Mistakes mistakes;
  const FieldReader fields(root, name, "the pipeline file", {"name", "policy", "stages", "sweep"}, mistakes);
  file.name = {std::filesystem::path(name).stem().string(), fields.place()};
  mistakes.attempt([&] {
    if (const auto given = fields.text("name")) file.name = *given;
  });
  mistakes.attempt([&] { file.policy = fields.config("policy"); });
  // Where 'stages' is a misspelt field, it is not missing.
  if (mistakes.none() || fields.find("stages") != nullptr) {
    mistakes.attempt([&] { file.stages = read_stages(fields, name, mistakes); });
  }
  // What can be swept is known of stages without mistakes only.
  if (mistakes.none()) mistakes.attempt([&] { read_sweep(fields, file, mistakes); });
  mistakes.raise();
  return file;
}

PipelineFile read_pipeline_file(const std::filesystem::path& path) {
  constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 20;
  const Bytes bytes = read_given_file(path, kMostBytes);
  return parse_pipeline_file(bytes.text(), path.string());
}

}  // namespace neve
