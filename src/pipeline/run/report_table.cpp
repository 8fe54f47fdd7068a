#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include <neve/base/quantity.hpp>
#include <neve/base/text_table.hpp>
#include <neve/pipeline/run_report.hpp>

namespace neve {
namespace {

constexpr std::size_t kWidestStage = 36;  // unless rows would look the same
constexpr std::size_t kWider = 12;
constexpr std::size_t kAnyWidth = std::numeric_limits<std::size_t>::max();
constexpr std::size_t kMostRows = 40;  // more are no longer read: a row per stage and outcome instead

std::string size_text(std::uint64_t bytes) { return bytes == 0 ? "-" : bytes_text(bytes); }

/// What a row of the table says.
struct Row {
  std::string stage;
  StageOutcome outcome;
  double compute_s;
  double lookup_s;
  double store_s;
  std::uint64_t bytes;
  double saved_s;
  std::string why;
};

/// The reason stands in the table where it is more than the rule (nothing stored yet).
std::string note(const StageReport& stage, std::size_t widest) {
  if (stage.outcome == StageOutcome::hit || stage.reason == "absent") return "";
  if (widest == kAnyWidth) return printable(stage.reason);
  return printable(cut_to_width(stage.reason.substr(0, stage.reason.find('\n')), widest));
}

Row row_of(const StageReport& stage, std::size_t widest_reason) {
  return {printable(stage_name(stage.node, stage.label)),
          stage.outcome,
          stage.compute_s,
          stage.lookup_s,
          stage.store_s,
          stage.stored_bytes,
          stage.saved_s,
          note(stage, widest_reason)};
}

/// What points of a sweep have in common, as one row: sums, and each reason with how often it was one.
class RowSum {
 public:
  void add(const StageReport& stage, std::size_t widest_reason) {
    Row row = row_of(stage, widest_reason);
    if (!row.why.empty()) ++reasons_[row.why];
    if (++points_ == 1) {
      sum_ = std::move(row);
      return;
    }
    sum_.stage = fmt::format("{} ({} points)", printable(stage.node), points_);
    sum_.compute_s += row.compute_s;
    sum_.lookup_s += row.lookup_s;
    sum_.store_s += row.store_s;
    sum_.bytes += row.bytes;
    sum_.saved_s += row.saved_s;
  }

  [[nodiscard]] Row row() const {
    if (points_ == 1) return sum_;
    Row row = sum_;
    row.why = why();
    return row;
  }

 private:
  /// The most frequent reason, and whether there are others.
  [[nodiscard]] std::string why() const {
    if (reasons_.empty()) return "";
    const auto most = std::max_element(reasons_.begin(), reasons_.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    std::string text = most->second == points_ ? most->first : fmt::format("{} ({})", most->first, most->second);
    if (reasons_.size() > 1) text += fmt::format(", and {} more", count_text(reasons_.size() - 1, "reason", "reasons"));
    return text;
  }

  std::size_t points_ = 0;
  Row sum_{};
  std::map<std::string, std::size_t> reasons_;
};

/// Stages in their order, each with its outcomes.
std::vector<Row> summed_rows(const std::vector<StageReport>& stages, std::size_t widest_reason) {
  std::map<std::string, std::size_t> order;
  std::map<std::pair<std::size_t, StageOutcome>, RowSum> sums;
  for (const StageReport& stage : stages) {
    const std::size_t place = order.emplace(stage.node, order.size()).first->second;
    sums[{place, stage.outcome}].add(stage, widest_reason);
  }
  std::vector<Row> rows;
  for (const auto& [place, sum] : sums) rows.push_back(sum.row());
  return rows;
}

std::vector<Row> rows_of(const std::vector<StageReport>& stages, std::size_t widest_reason) {
  if (stages.size() > kMostRows) return summed_rows(stages, widest_reason);
  std::vector<Row> rows;
  for (const StageReport& stage : stages) rows.push_back(row_of(stage, widest_reason));
  return rows;
}

/// The width to which names are cut: no more than it takes to tell the points of a sweep apart.
std::size_t stage_width(const std::vector<Row>& rows) {
  std::set<std::string> names, cut;
  for (const Row& row : rows) names.insert(row.stage);
  for (std::size_t width = kWidestStage;; width += kWider) {
    cut.clear();
    for (const std::string& name : names) cut.insert(cut_to_width(name, width));
    if (cut.size() == names.size()) return width;
  }
}

std::vector<std::string> cells(const Row& row, std::size_t width) {
  return {cut_to_width(row.stage, width), std::string(to_string(row.outcome)),
          seconds_text(row.compute_s),    seconds_text(row.lookup_s),
          seconds_text(row.store_s),      size_text(row.bytes),
          seconds_text(row.saved_s),      row.why};
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

std::string RunReport::table() const { return table(kAnyWidth); }

std::string RunReport::table(std::size_t widest_reason) const {
  TextTable table({{"stage"},
                   {"result"},
                   {"compute", Align::right},
                   {"lookup", Align::right},
                   {"store", Align::right},
                   {"bytes", Align::right},
                   {"saved", Align::right},
                   {"why"}});
  const ReportTotals sum = totals();
  const std::vector<Row> rows = rows_of(stages, widest_reason);
  const std::size_t width = stage_width(rows);
  for (const Row& row : rows) table.add(cells(row, width));
  table.add(total_row(*this, sum));
  std::string text = table.text();
  for (const auto& [reason, count] : sum.uncacheable) {
    text += fmt::format("uncacheable: {} ({})\n", printable(reason), count);
  }
  for (const std::string& warning : warnings) text += "warning: " + printable(warning) + "\n";
  return text;
}

}  // namespace neve
