#include "cli/runs/run_output.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include <fmt/format.h>

#include <neve/base/quantity.hpp>
#include <neve/base/text_table.hpp>

#include "cli/program/version.hpp"
#include "cli/text/json_output.hpp"
#include "cli/text/tier_table.hpp"

namespace neve::cli {
namespace {

constexpr std::size_t kMostPoints = 40;  // of a sweep whose table is in a file; of more only the first are shown
constexpr std::size_t kFirstPoints = 20;
constexpr std::size_t kWidestReason = 60;  // in the closing table: a failure's whole message follows below it
constexpr std::size_t kMostFailures = 40;  // of more only the first are told

std::string cell_text(const Json& value) {
  if (value.is_null()) return "-";
  if (value.is_number_float()) return fmt::format("{:.6g}", value.get<double>());
  return printable(value.is_string() ? value.get<std::string>() : dump_spaced_json(value));
}

/// The first `rows` points.
std::string sweep_text(const SweepTable& sweep, std::size_t rows, std::size_t width) {
  std::vector<TextTable::Column> columns;
  for (const std::string& name : sweep.columns) columns.push_back({printable(name), Align::right});
  TextTable table(std::move(columns));
  for (std::size_t i = 0; i < std::min(rows, sweep.rows.size()); ++i) {
    std::vector<std::string> cells;
    for (const Json& value : sweep.rows[i]) cells.push_back(cell_text(value));
    table.add(std::move(cells));
  }
  const std::string whole = table.text();
  const std::string shown = table.text(width);
  return shown == whole ? shown : shown + "(cut to the terminal; --report FILE writes all columns)\n";
}

std::string metrics_text(const Metrics& metrics) {
  TextTable table({{"metric"}, {"value", Align::right}});
  for (const auto& [name, value] : metrics) table.add({printable(name), fmt::format("{:.9g}", value)});
  return table.text();
}

/// What would happen to a stage, in a dry run.
std::string plan_of(const StageReport& stage) {
  switch (stage.outcome) {
    case StageOutcome::hit:
    case StageOutcome::shared:
      return "hit";
    case StageOutcome::skipped:
      return "unknown";
    default:
      return "compute";
  }
}

/// What was cancelled followed from another failure, or from an interruption, which may cancel very many stages.
bool is_own(const StageFailure& failure) { return failure.code != ErrorCode::cancelled; }

Json failure_json(const StageFailure& failure) {
  return {{"node", failure.node},
          {"label", failure.label},
          {"code", to_string(failure.code)},
          {"message", failure.message}};
}

std::string without_label(const StageFailure& failure) {
  std::string text = failure.message;
  const std::string label = "[" + failure.label + "]";
  if (const std::size_t at = text.find(label); !failure.label.empty() && at != std::string::npos) {
    text.erase(at, label.size());
  }
  return text;
}

/// Several lines, each without control characters.
std::string printable_lines(std::string_view text) {
  std::string result;
  for (;;) {
    const std::size_t end = text.find('\n');
    result += printable(text.substr(0, end));
    if (end == std::string_view::npos) return result;
    result += '\n';
    text.remove_prefix(end + 1);
  }
}

}  // namespace

RunOutput RunOutput::of(const RunResult& result) {
  RunOutput output;
  output.report = result.report;
  output.failed = !result.ok();
  std::copy_if(result.failures.begin(), result.failures.end(), std::back_inserter(output.failures), is_own);
  output.metrics = result.metrics();
  for (const auto& [node, stage] : result.stages) output.provenance[node] = stage->provenance.to_json();
  output.points = SweepResult{.runs = {{.point = {}, .result = result}}}.table();
  return output;
}

void SweepOutput::add(const SweepRun& run) {
  failed_ = failed_ || !run.result.ok();
  for (const StageFailure& failure : run.result.failures) {
    if (is_own(failure) && told_.emplace(failure.node, failure.label).second) failures_.push_back(failure);
  }
  points_.add(run);
}

RunOutput SweepOutput::take(RunReport report) {
  RunOutput output;
  output.report = std::move(report);
  output.failed = failed_;
  output.failures = std::move(failures_);
  output.swept = true;
  output.points = points_.take();
  return output;
}

std::string RunOutput::why_of(const StageReport& stage) const {
  const std::string plan = plan_of(stage);
  if (plan == "unknown") return "its key depends on a result that is not there yet";
  if (plan == "compute" && recompute.contains(stage.node)) return "--recompute asks for it";
  return stage.uncacheable ? printable(stage.reason) : "";
}

std::string RunOutput::plan_text(std::size_t width) const {
  constexpr std::size_t kWidestStage = 48;
  TextTable table({{"stage"}, {"plan"}, {"saved", Align::right}, {"key"}, {"why"}});
  for (const StageReport& stage : report.stages) {
    const std::string name = stage_name(stage.node, stage.label);
    table.add({cut_to_width(printable(name), kWidestStage), plan_of(stage), seconds_text(stage.saved_s),
               stage.key.empty() ? "-" : stage.key.substr(0, 12), why_of(stage)});
  }
  return table.text(width);
}

/// Of a dry run the plan in place of the outcome: nothing has failed for not being computed.
Json RunOutput::stage_json(std::size_t stage) const {
  Json json = report.stages[stage].to_json();
  if (!dry_run) return json;
  json["plan"] = plan_of(report.stages[stage]);
  json["outcome"] = nullptr;
  json["reason"] = why_of(report.stages[stage]);
  return json;
}

void RunOutput::write_json(const std::function<void(std::string_view)>& write) const {
  Json json = report.summary_json();
  json["neve"] = kVersion;
  json["file"] = file;
  json["cache"] = cache;
  std::map<std::string, JsonItems> lists;
  lists["stages"] = {report.stages.size(), [this](std::size_t i) { return stage_json(i); }};
  if (dry_run) {
    Json counts = Json::object();
    for (const StageReport& stage : report.stages) {
      const std::string plan = plan_of(stage);
      counts[plan] = counts.value(plan, 0) + 1;
    }
    json["totals"].erase("outcomes");
    json["totals"]["plans"] = counts;
    json["dry_run"] = true;
    write_json_output(std::move(json), lists, write);
    return;
  }
  json["cache_statistics"] = tiers;
  lists["failures"] = {failures.size(), [this](std::size_t i) { return failure_json(failures[i]); }};
  if (swept) {
    lists["sweep"] = {points.rows.size(), [this](std::size_t i) { return points.row_json(i); }};
  } else {
    json["metrics"] = metrics;
    json["provenance"] = provenance;
  }
  write_json_output(std::move(json), lists, write);
}

std::string RunOutput::text(std::size_t width, const std::string& table) const {
  if (dry_run) return plan_text(width);
  std::string text = report.table(kWidestReason);
  if (swept && !points.rows.empty()) {
    const std::size_t all = points.rows.size();
    const std::size_t shown = table.empty() || all <= kMostPoints ? all : kFirstPoints;
    text += "\n" + sweep_text(points, shown, width);
    if (shown < all) text += fmt::format("and {} more; {} has all points\n", all - shown, printable(table));
  }
  if (!metrics.empty()) text += "\n" + metrics_text(metrics);
  if (worth_a_table(tiers)) text += "\n" + tier_table(tiers);
  return text;
}

std::string RunOutput::failure_text() const {
  std::string text;
  if (dry_run) return text;
  std::map<std::string, const StageFailure*> told;  // by what is the same at all points
  std::size_t count = 0;
  for (const StageFailure& failure : failures) {
    if (++count > kMostFailures) continue;
    const auto [first, fresh] = told.emplace(without_label(failure), &failure);
    text += "neve: ";
    text += fresh ? printable_lines(failure.message)
                  : fmt::format("stage '{}' [{}] failed as [{}] did", failure.node, printable(failure.label),
                                printable(first->second->label));
    text += "\n";
  }
  if (count > kMostFailures) {
    text += fmt::format("neve: {}; a --report has all\n",
                        count_text(count - kMostFailures, "more failure", "more failures"));
  }
  return text;
}

}  // namespace neve::cli
