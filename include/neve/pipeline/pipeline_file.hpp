#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <neve/codec/json.hpp>
#include <neve/pipeline/graph.hpp>
#include <neve/pipeline/stage_registry.hpp>
#include <neve/pipeline/sweep.hpp>
#include <neve/pipeline/text_place.hpp>

namespace neve {

/// A piece of text and where it stood. A plain value.
struct PlacedText {
  std::string text;
  TextPlace place;
};

/// Values whose members remember where they stood. A plain value.
struct PlacedConfig {
  Json values = Json::object();
  std::map<std::string, TextPlace> places;  ///< by JSON pointer ("" is the whole)

  /// The place of `pointer`, or of the nearest value around it that has one.
  [[nodiscard]] TextPlace place_of(std::string_view pointer) const;
};

/// One stage as the file describes it: either `uses` or `run` is set. A plain value.
struct StageSpec {
  PlacedText name{};
  std::optional<PlacedText> uses;
  std::optional<PlacedText> run;
  std::vector<PlacedText> needs;
  PlacedConfig with;
  std::vector<PlacedText> inputs;  ///< file patterns relative to the pipeline file
  std::vector<PlacedText> env;     ///< names of environment variables
  std::string version;             ///< of a command; compiled stages carry their own
  std::optional<std::chrono::duration<double>> timeout;
  std::uint32_t retries = 0;
  std::map<std::string, std::uint64_t> slots;  ///< cpu, gpu, memory (bytes)
  Caching caching = Caching::on;
};

/// The values one parameter of one stage runs through. A plain value.
struct SweepAxis {
  PlacedText target;  ///< "stage.key"; keys of nested values are joined by dots
  std::vector<Json> values;
  std::size_t dimension = 0;  ///< axes of one dimension move together, and have as many values each
  std::shared_ptr<const std::vector<TextPlace>> places{};  ///< of the values; null: they stand at the target's

  /// Where the value at that position of `values` stands, for messages.
  [[nodiscard]] const TextPlace& place_of(std::size_t value) const { return places ? places->at(value) : target.place; }
};

/// A pipeline file, read and checked for everything that needs no stage to be known: see docs/formats/pipeline-file.md.
/// A plain value.
struct PipelineFile {
  PlacedText name;
  std::string file;  ///< what messages call it
  PlacedConfig policy;
  std::vector<StageSpec> stages;  ///< in the order of the file
  std::vector<SweepAxis> sweep;

  /// The stage called `stage`. Throws `invalid_argument` with `place` and the nearest name.
  [[nodiscard]] StageSpec& stage(std::string_view stage, const TextPlace& place);
};

/// Reads a pipeline file's text. A pure function, for fuzzers too: no file is opened, no command looked for.
///
/// Throws `invalid_argument` as "file:line:column: what is wrong (what would be right)" for malformed YAML, unknown
/// fields, wrong types, missing stages and cycles; `too_large` for texts over 1 MiB, 100,000 values or 1,000 stages.
[[nodiscard]] PipelineFile parse_pipeline_file(std::string_view text, std::string_view name);

/// Reads and parses the file at `path`. Throws also `io`, and `invalid_argument` if there is no such file.
[[nodiscard]] PipelineFile read_pipeline_file(const std::filesystem::path& path);

/// A value as it would stand in a pipeline file: `0.15`, `sech`, `[1, 2]`, `"12"`. Throws `invalid_argument` naming
/// `place`.
[[nodiscard]] Json parse_pipeline_value(std::string_view text, std::string_view place);

/// Applies "stage.key=value" to the file, as `--set` does. Throws `invalid_argument` if it is not of that form or there
/// is no such stage; whether the key exists is found when the stage is made.
void apply_setting(PipelineFile& file, std::string_view setting);

/// Adds the axis "stage.key=a,b,c" or "stage.key=start:stop:count", as `--sweep` does; an axis of the file for the same
/// parameter is replaced. Throws as `apply_setting`.
void apply_sweep(PipelineFile& file, std::string_view sweep);

/// The same for several, which move together: one dimension. Throws also if they have not as many values each.
void apply_together(PipelineFile& file, const std::vector<std::string>& sweeps);

/// Reads a table of points, the axes of one dimension: the first line has their targets, every further one the values
/// of a point, separated by commas and written as in a pipeline file; `name` is what messages call it. Empty lines and
/// those that begin with '#' are passed over, but for the first, which numpy.savetxt begins so. Throws
/// `invalid_argument`, beginning with the line, for what is no such table, and `too_large` beyond 100,000 points.
[[nodiscard]] std::vector<SweepAxis> parse_points(std::string_view text, std::string_view name);

/// Reads and parses the file at `path`. Throws also `io`, and `invalid_argument` if there is no such file.
[[nodiscard]] std::vector<SweepAxis> read_points(const std::filesystem::path& path);

/// Adds the axes of a table as one dimension, as `--points` does; axes of the file for the same parameters are
/// replaced. Whole numbers with decimals, as NumPy prints them, become integers in a column that has no others, unless
/// the file has a number with decimals for that parameter. Throws `invalid_argument`, beginning with the line, for a
/// target that is none or comes twice.
void apply_points(PipelineFile& file, const std::vector<SweepAxis>& points);

/// Leaves only `stage` and what it needs, directly or through others, and the axes of these stages. Throws
/// `invalid_argument`, beginning with `flag`, if there is no such stage, and for an axis of `apply_sweep` that would
/// be left out.
void keep_until(PipelineFile& file, std::string_view stage, const std::string& flag);

/// What the commands of a file run in; see `CommandOptions`. A plain value.
struct CommandSurroundings {
  std::filesystem::path folder;  ///< what `inputs` are relative to; empty: the folder of the pipeline file
  std::map<std::string, std::string> environment;
  std::filesystem::path temporary_folder = "/tmp";
  std::optional<std::filesystem::path> log_folder;  ///< as in `CommandOptions`
};

/// The graph the file describes. A stage whose own settings make none has those of the sweep's first point besides.
/// Throws `invalid_argument`, beginning with the place in the file or the flag, for unknown kinds of stages, fields and
/// values they do not take, and input files that are not there.
[[nodiscard]] Graph make_graph(const PipelineFile& file, const StageRegistry& registry,
                               const CommandSurroundings& commands);

/// The settings, as "stage.key", that `make_graph` took from the sweep's first point: to run the graph without the
/// sweep is to run it with values that nobody gave for that. The file is one of which it made a graph.
[[nodiscard]] std::vector<std::string> settings_of_first_point(const PipelineFile& file, const StageRegistry& registry);

/// The file's axes, every value tried on `graph` together with those that move with it. Throws `invalid_argument`,
/// beginning with the place, for a field or value that a stage does not take.
[[nodiscard]] Sweep make_sweep(const PipelineFile& file, const Graph& graph);

}  // namespace neve
