#include "cli/runs/run_output.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include <neve/base/quantity.hpp>
#include <neve/base/text_table.hpp>

#include "cli/program/version.hpp"
#include "cli/text/tier_table.hpp"

namespace neve::cli {
namespace {

constexpr std::size_t kMostPoints = 40;  // of a sweep whose table is in a file; of more only the first are shown
constexpr std::size_t kFirstPoints = 20;
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

/// The closing table with reasons cut to a line: a failure's whole message follows below it.
std::string report_text(RunReport report) {
  constexpr std::size_t kWidestReason = 60;
  for (StageReport& stage : report.stages) {
    stage.reason = cut_to_width(stage.reason.substr(0, stage.reason.find('\n')), kWidestReason);
  }
  return report.table();
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

std::string why_of(const StageReport& stage) {
  if (plan_of(stage) == "unknown") return "its key depends on a result that is not there yet";
  return stage.uncacheable ? printable(stage.reason) : "";
}

std::string plan_text(const RunReport& report, std::size_t width) {
  constexpr std::size_t kWidestStage = 48;
  TextTable table({{"stage"}, {"plan"}, {"saved", Align::right}, {"key"}, {"why"}});
  for (const StageReport& stage : report.stages) {
    const std::string name = stage_name(stage.node, stage.label);
    table.add({cut_to_width(printable(name), kWidestStage), plan_of(stage), seconds_text(stage.saved_s),
               stage.key.empty() ? "-" : stage.key.substr(0, 12), why_of(stage)});
  }
  return table.text(width);
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
  output.failures = result.failures;
  output.metrics = result.metrics();
  for (const auto& [node, stage] : result.stages) output.provenance[node] = stage->provenance.to_json();
  output.points = SweepResult{.runs = {{.point = {}, .result = result}}}.table();
  return output;
}

RunOutput RunOutput::of(const SweepResult& result) {
  RunOutput output;
  output.report = result.report;
  std::set<std::pair<std::string, std::string>> told;
  for (const SweepRun& run : result.runs) {
    for (const StageFailure& failure : run.result.failures) {
      // Points may have the stage in common.
      if (told.emplace(failure.node, failure.label).second) output.failures.push_back(failure);
    }
  }
  output.swept = true;
  output.points = result.table();
  return output;
}

/// In place of outcomes: nothing has failed for not being computed.
void RunOutput::say_plans(Json& json) const {
  Json counts = Json::object();
  for (std::size_t i = 0; i < report.stages.size(); ++i) {
    const std::string plan = plan_of(report.stages[i]);
    Json& stage = json["stages"][i];
    stage["plan"] = plan;
    stage["outcome"] = nullptr;
    stage["reason"] = why_of(report.stages[i]);
    counts[plan] = counts.value(plan, 0) + 1;
  }
  json["totals"].erase("outcomes");
  json["totals"]["plans"] = counts;
  json["dry_run"] = true;
}

Json RunOutput::to_json() const {
  Json json = report.to_json();
  json["neve"] = kVersion;
  json["file"] = file;
  json["cache"] = cache;
  if (dry_run) {
    say_plans(json);
    return json;
  }
  json["cache_statistics"] = tiers;
  json["failures"] = Json::array();
  for (const StageFailure& failure : failures) {
    json["failures"].push_back({{"node", failure.node},
                                {"label", failure.label},
                                {"code", to_string(failure.code)},
                                {"message", failure.message}});
  }
  if (swept) {
    json["sweep"] = points.to_json();
  } else {
    json["metrics"] = metrics;
    json["provenance"] = provenance;
  }
  return json;
}

std::string RunOutput::text(std::size_t width, const std::string& table) const {
  if (dry_run) return plan_text(report, width);
  std::string text = report_text(report);
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
    if (failure.code == ErrorCode::cancelled || ++count > kMostFailures) continue;
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
