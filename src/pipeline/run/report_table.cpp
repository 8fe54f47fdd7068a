#include <fmt/format.h>

#include <set>

#include <neve/base/quantity.hpp>
#include <neve/base/text_table.hpp>
#include <neve/pipeline/run_report.hpp>

namespace neve {
namespace {

constexpr std::size_t kWidestStage = 36;  // unless rows would look the same
constexpr std::size_t kWider = 12;

std::string size_text(std::uint64_t bytes) { return bytes == 0 ? "-" : bytes_text(bytes); }

/// The reason stands in the table where it is more than the rule (nothing stored yet).
std::string note(const StageReport& stage) {
  return stage.outcome == StageOutcome::hit || stage.reason == "absent" ? "" : printable(stage.reason);
}

/// The width to which names are cut: no more than it takes to tell the points of a sweep apart.
std::size_t stage_width(const std::vector<StageReport>& stages) {
  std::set<std::string> names, cut;
  for (const StageReport& stage : stages) names.insert(printable(stage_name(stage.node, stage.label)));
  for (std::size_t width = kWidestStage;; width += kWider) {
    cut.clear();
    for (const std::string& name : names) cut.insert(cut_to_width(name, width));
    if (cut.size() == names.size()) return width;
  }
}

std::vector<std::string> row(const StageReport& stage, std::size_t width) {
  return {cut_to_width(printable(stage_name(stage.node, stage.label)), width),
          std::string(to_string(stage.outcome)),
          seconds_text(stage.compute_s),
          seconds_text(stage.lookup_s),
          seconds_text(stage.store_s),
          size_text(stage.stored_bytes),
          seconds_text(stage.saved_s),
          note(stage)};
}

std::vector<std::string> total_row(const RunReport& report, const ReportTotals& totals) {
  return {"total",
          count_text(report.stages.size(), "stage", "stages"),
          seconds_text(totals.compute_s),
          seconds_text(totals.lookup_s),
          seconds_text(totals.store_s),
          size_text(totals.read_bytes + totals.written_bytes),
          seconds_text(totals.saved_s),
          "run " + seconds_text(report.wall_time_s)};
}

}  // namespace

std::string RunReport::table() const {
  TextTable table({{"stage"},
                   {"result"},
                   {"compute", Align::right},
                   {"lookup", Align::right},
                   {"store", Align::right},
                   {"bytes", Align::right},
                   {"saved", Align::right},
                   {"why"}});
  const ReportTotals sum = totals();
  const std::size_t width = stage_width(stages);
  for (const StageReport& stage : stages) table.add(row(stage, width));
  table.add(total_row(*this, sum));
  std::string text = table.text();
  for (const auto& [reason, count] : sum.uncacheable) {
    text += fmt::format("uncacheable: {} ({})\n", printable(reason), count);
  }
  for (const std::string& warning : warnings) text += "warning: " + printable(warning) + "\n";
  return text;
}

}  // namespace neve
