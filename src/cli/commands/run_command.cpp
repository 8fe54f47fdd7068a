#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <set>

#include <fmt/format.h>

#include <neve/base/error.hpp>
#include <neve/base/file.hpp>
#include <neve/base/url.hpp>
#include <neve/cache/cache_report.hpp>
#include <neve/cache/open_flight.hpp>
#include <neve/cache/tiered.hpp>
#include <neve/pipeline/dry_run.hpp>
#include <neve/pipeline/pipeline_file.hpp>
#include <neve/pipeline/recorder.hpp>

#include "cli/chosen/cache_choice.hpp"
#include "cli/chosen/pipeline_choice.hpp"
#include "cli/commands/commands.hpp"
#include "cli/program/interrupt.hpp"
#include "cli/program/output_file.hpp"
#include "cli/runs/last_run.hpp"
#include "cli/runs/run_output.hpp"
#include "cli/terminal/terminal_progress.hpp"
#include "cli/text/json_output.hpp"

namespace neve::cli {
namespace {

namespace fs = std::filesystem;

std::string target_of(const std::string& argument) { return argument.substr(0, argument.find('=')); }

void require_apart(const std::string& flag, const std::string& target, const std::string& other_flag,
                   const std::string& other) {
  if (target != other && !lies_within(target, other) && !lies_within(other, target)) return;
  throw Error(ErrorCode::invalid_argument, target == other ? flag + " and " + other_flag + " both speak of " + target
                                                           : flag + " " + target + " and " + other_flag + " " + other +
                                                                 " speak of the same fields; give each field once");
}

/// Of two lists for one field, or a list and a value, one would be forgotten without a word.
void require_one_axis_each(const RunArguments& arguments, const std::vector<SweepAxis>& points) {
  std::set<std::string> swept;
  for (const std::string& sweep : arguments.sweeps) {
    const std::string target = target_of(sweep);
    if (swept.insert(target).second) continue;
    throw Error(ErrorCode::invalid_argument,
                "--sweep " + target + " is given twice; write all its values into one: --sweep " + target + "=a,b,c");
  }
  for (const std::string& setting : arguments.settings) {
    for (const std::string& other : swept) require_apart("--set", target_of(setting), "--sweep", other);
  }
  for (const SweepAxis& axis : points) {
    for (const std::string& setting : arguments.settings)
      require_apart("--set", target_of(setting), "--points", axis.target.text);
    for (const std::string& other : swept) require_apart("--sweep", other, "--points", axis.target.text);
  }
}

/// A slip of the hand must not cost the file that the run is about.
void require_other_file(const std::string& option, const std::string& written, const std::string& file,
                        const std::string& what) {
  std::error_code absent;
  if (written.empty() || !fs::equivalent(written, file, absent)) return;
  throw Error(ErrorCode::invalid_argument, option + " " + written + " would replace the " + what + " itself");
}

/// As a file's name it stands for standard output.
constexpr const char* kStandardOutput = "-";

void require_fit_outputs(const RunArguments& arguments) {
  require_other_file("--report", arguments.report, arguments.file, "pipeline file");
  require_other_file("--report", arguments.report, arguments.points, "table of points");
  require_other_file("--table", arguments.table, arguments.file, "pipeline file");
  require_other_file("--table", arguments.table, arguments.points, "table of points");
  if (arguments.table.empty()) return;
  if (arguments.dry_run)
    throw Error(ErrorCode::invalid_argument, "a dry run has no metrics for --table; leave out one of them");
  if (arguments.table == kStandardOutput) {
    if (arguments.json)
      throw Error(ErrorCode::invalid_argument,
                  "standard output has room for the table or the report; write one of them into a file");
    return;
  }
  if (!arguments.report.empty() && is_same_output(arguments.table, arguments.report))
    throw Error(ErrorCode::invalid_argument, "--table and --report both name " + arguments.table);
}

bool has_stage(const PipelineFile& file, const std::string& name) {
  return std::any_of(file.stages.begin(), file.stages.end(),
                     [&](const auto& stage) { return stage.name.text == name; });
}

PipelineFile read_file_with_settings(const RunArguments& arguments) {
  const std::vector<SweepAxis> points =
      arguments.points.empty() ? std::vector<SweepAxis>() : read_points(arguments.points);
  require_one_axis_each(arguments, points);
  require_fit_outputs(arguments);
  PipelineFile file = read_chosen_pipeline(arguments);
  for (const std::string& sweep : arguments.sweeps) apply_sweep(file, sweep);
  if (!points.empty()) apply_points(file, points);
  for (const std::string& stage : arguments.recompute) static_cast<void>(file.stage(stage, {"--recompute " + stage}));
  if (!arguments.until.empty()) keep_until(file, arguments.until, "--until " + arguments.until);
  for (const std::string& stage : arguments.recompute) {
    if (has_stage(file, stage)) continue;
    throw Error(ErrorCode::invalid_argument,
                "--recompute " + stage + ": the stage is not run: '" + arguments.until + "' does not need it");
  }
  return file;
}

CommandSurroundings commands_of(const RunArguments& arguments, const Surroundings& surroundings) {
  CommandSurroundings commands = command_surroundings(arguments, surroundings);
  if (!arguments.record.empty()) commands.log_folder = arguments.record;
  return commands;
}

RunOptions run_options(const RunArguments& arguments, const PipelineFile& file) {
  RunOptions options;
  options.policy = file.policy.values;
  options.capacity.cpu = arguments.jobs;
  options.capacity.gpu = arguments.gpus;
  if (!arguments.memory.empty()) options.capacity.memory_bytes = parse_byte_size(arguments.memory);
  options.on_failure = arguments.fail_fast ? OnFailure::cancel_others : OnFailure::finish_others;
  options.keep = KeepStates::none;
  options.recompute.insert(arguments.recompute.begin(), arguments.recompute.end());
  options.keep_artifacts = KeepArtifacts::none;
  return options;
}

RunOutput run_graph(const Graph& graph, const Sweep& sweep, const RunOptions& options) {
  if (sweep.paths().empty()) return RunOutput::of(try_run(graph, options));
  SweepOutput output;
  RunReport report = run_sweep(graph, sweep, options, [&output](const SweepRun& run) { output.add(run); });
  return output.take(std::move(report));
}

/// Null where nobody else can compute the same meanwhile, or it does not matter.
std::shared_ptr<FlightControl> open_chosen_flight(const RunArguments& arguments, const std::string& url,
                                                  const Observed* cache) {
  if (cache == nullptr || arguments.dry_run) return nullptr;
  std::optional<FlightReach> reach;
  if (arguments.flight == "off") reach = FlightReach::off;
  if (arguments.flight == "local") reach = FlightReach::local;
  if (arguments.flight == "shared") reach = FlightReach::shared;
  return open_flight(url, *cache, reach);
}

/// What the cache was asked, once everything has arrived where it should.
Json cache_report_of(const Observed& cache) {
  if (auto* chain = dynamic_cast<TieredCache*>(&cache.backend())) chain->drain();
  return CacheReport::of(cache).to_json();
}

/// A result that the nearest tier took is stored, whatever the others say; but those who wait for it at a farther tier
/// should hear why it never comes. Once per tier, however many results it is. Memory is nobody else's.
void warn_about_declined_results(RunOutput& output) {
  const Json& tiers = output.tiers.at("tiers");
  if (tiers.size() < 2) return;
  for (const Json& tier : tiers) {
    const auto declined = tier.value("declined", std::uint64_t{0});
    const std::string name = tier.value("backend", "");
    if (declined == 0 || name == "memory") continue;
    output.report.warnings.push_back(fmt::format("{} did not take {} of {} results; the last one because {}", name,
                                                 declined, declined + tier.value("stores", std::uint64_t{0}),
                                                 tier.value("last_declined", "")));
  }
}

/// This chain no longer believes what a tier has that is not written to, but the next one asks it before the others.
void warn_about_former_results(RunOutput& output, const Observed& cache) {
  const auto* chain = dynamic_cast<const TieredCache*>(&cache.backend());
  if (chain == nullptr || chain->tiers().front().access != TierAccess::read_only) return;
  output.report.warnings.emplace_back(
      "the nearest cache is only read: what it has of the stages that were computed again is what the next run finds");
}

/// Whether what was asked for was written. A disk that became full meanwhile must not hide what the run gave.
bool written(const std::string& path, const std::string& what,
             const std::function<void(const std::function<void(std::string_view)>&)>& make) {
  try {
    if (!path.empty()) write_output_file(path, make);
    return true;
  } catch (const std::exception& error) {
    fmt::print(stderr, "neve: the {} was not written: {}\n", what, error.what());
    return false;
  }
}

/// Prints what the run gave, and writes it where it was asked to. What the command ends with.
ExitCode tell(const RunOutput& output, const RunArguments& arguments, const Interrupt& interrupt) {
  const bool prints_table = arguments.table == kStandardOutput;
  const std::string table_file = prints_table ? "" : arguments.table;
  using Write = std::function<void(std::string_view)>;
  const auto csv = [&output](const Write& write) { output.points.write_csv(write); };
  const auto json = [&output](const Write& write) {
    output.write_json(write);
    write("\n");
  };
  const bool table_written = written(table_file, "table", csv);
  const bool report_written = written(arguments.report, "report", json);
  const Write print = [](std::string_view text) { fmt::print("{}", text); };
  if (arguments.json) {
    json(print);
  } else if (prints_table) {
    csv(print);
  } else {
    print(output.text(output_width(), table_written ? table_file : ""));
  }
  std::fflush(stdout);
  fmt::print(stderr, "{}", output.failure_text());
  if (interrupt.requested()) {
    fmt::print(stderr, "neve: interrupted; what was finished is kept\n");
    return ExitCode::interrupted;
  }
  if (!output.dry_run && output.failed) return ExitCode::failed;
  return table_written && report_written ? ExitCode::ok : ExitCode::io;
}

RunArguments with_standard_output(RunArguments arguments) {
  if (arguments.report != kStandardOutput) return arguments;
  arguments.report.clear();
  arguments.json = true;
  return arguments;
}

}  // namespace

ExitCode run_command(const RunArguments& given, const Surroundings& surroundings) {
  const RunArguments arguments = with_standard_output(given);
  const PipelineFile file = read_file_with_settings(arguments);
  Graph graph = make_graph(file, surroundings.registry, commands_of(arguments, surroundings));
  const Sweep sweep = make_sweep(file, graph);
  if (arguments.dry_run) graph = without_computing(graph);
  RunOptions options = run_options(arguments, file);
  for (const std::string& output : {arguments.report, arguments.table}) {
    if (!output.empty() && output != kStandardOutput) prepare_output_file(output);
  }
  if (!arguments.record.empty()) require_no_file(arguments.record);

  const Interrupt interrupt;  // before any other thread, so that all of them leave the signals to it
  options.stop = interrupt.token();
  const std::string url = surroundings.cache_url(arguments.cache);
  const auto cache = open_chosen_cache(url, arguments.dry_run ? Purpose::look : Purpose::change);
  options.cache = cache.get();
  const auto flight = open_chosen_flight(arguments, url, cache.get());
  options.flight = flight.get();
  std::unique_ptr<FolderRecorder> recorder;
  if (!arguments.record.empty() && !arguments.dry_run) {
    recorder = std::make_unique<FolderRecorder>(
        arguments.record, FolderRecorderOptions{.temporary_folder = surroundings.temporary_folder});
    options.recorder = recorder.get();
  }
  std::unique_ptr<RunObserver> progress;
  if (!arguments.quiet && !arguments.dry_run) progress = make_progress(surroundings.terminal);
  options.observer = progress.get();

  RunOutput output = run_graph(graph, sweep, options);
  progress.reset();  // clears the bars before anything else is printed
  output.file = arguments.file;
  output.cache = redacted_urls(url);
  output.dry_run = arguments.dry_run;
  output.recompute.insert(arguments.recompute.begin(), arguments.recompute.end());
  if (cache != nullptr && !arguments.dry_run) {
    output.tiers = cache_report_of(*cache);
    keep_last_run(url, output.tiers);
    warn_about_declined_results(output);
    if (!arguments.recompute.empty()) warn_about_former_results(output, *cache);
  }
  return tell(output, arguments, interrupt);
}

}  // namespace neve::cli
