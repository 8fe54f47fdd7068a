#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include <neve/pipeline/run_report.hpp>

namespace neve {
namespace {

constexpr std::size_t kColumns = 8;
using Cells = std::array<std::string, kColumns>;
constexpr std::size_t kWidestStage = 36;

/// Three significant digits with a unit that fits: 1.23 s, 45.6 ms, 789 us.
std::string seconds_text(double seconds) {
  if (seconds <= 0) return "-";
  if (seconds < 1e-3) return fmt::format("{:.3g} us", seconds * 1e6);
  if (seconds < 1) return fmt::format("{:.3g} ms", seconds * 1e3);
  if (seconds < 1000) return fmt::format("{:.3g} s", seconds);
  return fmt::format("{:.0f} s", seconds);
}

std::string bytes_text(std::uint64_t bytes) {
  if (bytes == 0) return "-";
  constexpr std::array kUnits = {"B", "KiB", "MiB", "GiB", "TiB"};
  double size = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (size >= 1024 && unit + 1 < kUnits.size()) {
    size /= 1024;
    ++unit;
  }
  return fmt::format("{:.{}f} {}", size, size >= 100 || unit == 0 ? 0 : 1, kUnits[unit]);
}

std::string shortened(const std::string& text, std::size_t width) {
  return text.size() <= width ? text : text.substr(0, width - 3) + "...";
}

/// The reason stands in the table where it is more than the rule (nothing stored yet).
std::string note(const StageReport& stage) {
  return stage.outcome == StageOutcome::hit || stage.reason == "absent" ? "" : stage.reason;
}

Cells row(const StageReport& stage) {
  const std::string name = stage.label.empty() ? stage.node : stage.node + " [" + stage.label + "]";
  return {shortened(name, kWidestStage), std::string(to_string(stage.outcome)),
          seconds_text(stage.compute_s), seconds_text(stage.lookup_s),
          seconds_text(stage.store_s),   bytes_text(stage.stored_bytes),
          seconds_text(stage.saved_s),   note(stage)};
}

Cells total_row(const RunReport& report) {
  const ReportTotals totals = report.totals();
  return {"total",
          fmt::format("{} stages", report.stages.size()),
          seconds_text(totals.compute_s),
          seconds_text(totals.lookup_s),
          seconds_text(totals.store_s),
          bytes_text(totals.read_bytes + totals.written_bytes),
          seconds_text(totals.saved_s),
          "run " + seconds_text(report.wall_time_s)};
}

std::string line(const Cells& cells, const std::array<std::size_t, kColumns>& widths) {
  std::string text = fmt::format("{:<{}}  {:<{}}", cells[0], widths[0], cells[1], widths[1]);
  for (std::size_t i = 2; i + 1 < kColumns; ++i) text += fmt::format("  {:>{}}", cells[i], widths[i]);
  if (!cells.back().empty()) text += "  " + cells.back();
  return text + "\n";
}

}  // namespace

std::string RunReport::table() const {
  std::vector<Cells> rows = {{"stage", "result", "compute", "lookup", "store", "bytes", "saved", "why"}};
  for (const StageReport& stage : stages) rows.push_back(row(stage));
  rows.push_back(total_row(*this));
  std::array<std::size_t, kColumns> widths{};
  for (const Cells& cells : rows) {
    for (std::size_t i = 0; i < kColumns; ++i) widths[i] = std::max(widths[i], cells[i].size());
  }
  std::string text;
  for (const Cells& cells : rows) text += line(cells, widths);
  for (const auto& [reason, count] : totals().uncacheable) text += fmt::format("uncacheable: {} ({})\n", reason, count);
  for (const std::string& warning : warnings) text += "warning: " + warning + "\n";
  return text;
}

}  // namespace neve
