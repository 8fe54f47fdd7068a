#include "cli/text/analysis_text.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <neve/base/text_table.hpp>

namespace neve::cli {
namespace {

using dataset::AnalysisDocument;
using dataset::DecimalText;
using dataset::PeriodConcentration;
using dataset::PeriodMeasures;
using dataset::RankedEntity;
using dataset::ThresholdResult;

std::string percent(const DecimalText& value) { return fmt::format("{:.2f} %", value.approximate()); }

/// Digits in groups of three: exact, however many there are.
std::string grouped(const DecimalText& value) {
  std::string text = value.text();
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::size_t first = text.front() == '-' ? 1 : 0;
  for (std::size_t i = point; i > first + 3; i -= 3) text.insert(i - 3, ",");
  return text;
}

std::string index(const DecimalText& value) { return fmt::format("{:.4f}", value.approximate()); }

std::vector<std::string> row_of(const PeriodConcentration& period, std::size_t thresholds) {
  std::vector<std::string> row{period.period, std::to_string(period.entities), grouped(period.total)};
  if (!period.measures) {
    row.insert(row.end(), 4 + thresholds, "-");
    return row;
  }
  const PeriodMeasures& measures = *period.measures;
  row.push_back(measures.indices ? index(measures.indices->hhi) : "-");
  row.push_back(measures.indices ? index(measures.indices->gini) : "-");
  for (const ThresholdResult& threshold : measures.thresholds) row.push_back(std::to_string(threshold.reach.count));
  const RankedEntity& largest = measures.head.front();
  row.push_back(percent(largest.pct_of_total));
  row.push_back(printable(largest.entity));
  return row;
}

std::string periods_text(const AnalysisDocument& document, std::size_t width) {
  std::vector<TextTable::Column> columns{
      {"period"}, {"entities", Align::right}, {"total", Align::right}, {"HHI", Align::right}, {"Gini", Align::right}};
  for (const std::string& threshold : document.result.thresholds) columns.push_back({threshold + " %", Align::right});
  columns.push_back({"largest", Align::right});
  columns.push_back({""});
  TextTable table(std::move(columns));
  const std::size_t thresholds = document.result.thresholds.size();
  for (const PeriodConcentration& period : document.result.by_period) table.add(row_of(period, thresholds));
  table.add(row_of(document.result.total, thresholds));
  return table.text(width);
}

std::string head_text(const PeriodMeasures& measures, const LineStyle& style, std::size_t width) {
  constexpr std::size_t kBar = 30;
  TextTable table({{"largest"}, {"value", Align::right}, {"share", Align::right}, {"together", Align::right}, {""}});
  for (const RankedEntity& row : measures.head) {
    table.add({cut_to_width(printable(row.entity), 32), grouped(row.value), percent(row.pct_of_total),
               percent(row.cumulative_pct),
               pareto_bar(row.pct_of_total.approximate(), row.cumulative_pct.approximate(), kBar, style.unicode)});
  }
  return table.text(width);
}

}  // namespace

std::string pareto_bar(double share, double cumulative, std::size_t columns, bool unicode) {
  const auto place = [columns](double percents) {
    const double cells = std::clamp(percents, 0.0, 100.0) / 100 * static_cast<double>(columns);
    return static_cast<std::size_t>(std::lround(cells));
  };
  std::size_t begin = std::min(place(cumulative), place(cumulative - share));
  std::size_t end = place(cumulative);
  if (share > 0 && begin == end) {  // too small for its scale, but there
    begin = std::min(begin, columns - 1);
    end = begin + 1;
  }
  std::string bar;
  for (std::size_t i = 0; i < columns; ++i) {
    if (i >= begin && i < end) {
      bar += unicode ? "█" : "#";
    } else {
      bar += i < begin ? (unicode ? "░" : "-") : " ";
    }
  }
  return bar.erase(bar.find_last_not_of(' ') + 1);
}

std::string analysis_text(const AnalysisDocument& document, const LineStyle& style, std::size_t width) {
  std::string text = periods_text(document, width);
  text += "(under a percentage: the fewest entities that hold that share)\n";
  if (document.result.total.measures) text += "\n" + head_text(*document.result.total.measures, style, width);
  for (const dataset::AnalysisWarning& warning : document.warnings) text += "note: " + printable(warning.text) + "\n";
  return text;
}

}  // namespace neve::cli
