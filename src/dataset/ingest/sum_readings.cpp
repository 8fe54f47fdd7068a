#include "dataset/ingest/sum_readings.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include "dataset/columns/cell_converter.hpp"
#include "dataset/columns/outline_rows.hpp"
#include "dataset/columns/total_label.hpp"

namespace neve::dataset {
namespace {

/// With what the shape of the table leaves open: the total of which all others are a multiple, unless it has been found
/// to be one, and rows that may be headings. `names` are those of the columns.
TotalRowsFound with_doubts(TotalRowsFound totals, const OutlineRows::Found& shaped,
                           std::span<const std::string> names) {
  if (const OutlineRows::Undecided& rows = shaped.undecided; rows.rows > 0) {
    totals.sides = {rows.rows, rows.line, names[rows.heading], names[rows.detail], rows.counterparts, {}};
    for (const std::size_t column : rows.only_below) totals.sides.only_below.push_back(names[column]);
  }
  if (shaped.multiple > 0 && !std::binary_search(totals.rows.begin(), totals.rows.end(), shaped.whole.row)) {
    totals.multiple = shaped.multiple;
    totals.whole = {shaped.whole.line, shaped.whole.label, false};
  }
  return totals;
}

/// A row's cells as values, one for each kept column.
void convert_row(const TableScan& scan, const TableRow& row, std::vector<CellConverter>& converters,
                 std::span<CellValue> values) {
  for (std::size_t k = 0; k < converters.size(); ++k)
    values[k] = converters[k].convert(row.cells[scan.kept[k]], row.line);
}

/// One more reading: `observe` gets the values of each row, and its line.
template <class Observe>
void read_values(const TableScan& scan, const std::vector<ColumnPlan>& plans, IngestProgress& progress,
                 const Observe& observe) {
  std::vector<CellConverter> converters(plans.begin(), plans.end());
  std::vector<CellValue> values(plans.size());
  TableScan::Rows source(scan, nullptr);
  TableRow row;
  while (source.next(row)) {
    convert_row(scan, row, converters, values);
    observe(values, row.line);
    progress.step([&] { return source.fraction(); });
  }
}

bool has_amount(const TableScan& scan, const TableRow& row, const std::vector<ColumnPlan>& plans) {
  for (std::size_t k = 0; k < plans.size(); ++k) {
    if (sums_up(plans[k]) && !row.cells[scan.kept[k]].empty()) return true;
  }
  return false;
}

}  // namespace

TotalRowsFound find_totals(const TableScan& scan, const std::vector<ColumnPlan>& plans, IngestProgress& progress) {
  progress.begin("totals");
  TotalRows totals(plans, scan.made_period());
  std::vector<std::string> names;
  for (const std::size_t i : scan.kept) names.push_back(scan.names[i]);
  OutlineRows outline(plans, names, scan.made_period());
  read_values(scan, plans, progress, [&](std::span<const CellValue> values, std::uint64_t line) {
    totals.observe(values, line);
    outline.observe(values, line);
  });
  OutlineRows::Found shaped = outline.decide();
  if (shaped.rows.empty()) return with_doubts(totals.decide(), shaped, names);
  // What sums up the whole table does not sum up these as well.
  TotalRows others(plans, scan.made_period(), shaped.rows);
  read_values(scan, plans, progress,
              [&](std::span<const CellValue> values, std::uint64_t line) { others.observe(values, line); });
  return with_doubts(others.decide(), shaped, names);
}

void withdraw_missing_currencies(const TableScan& scan, const std::vector<ColumnPlan>& plans,
                                 const TotalRowsFound& totals, std::vector<SchemaWarning>& warnings) {
  const auto is_told = [](const SchemaWarning& warning) { return warning.code == "missing_currencies"; };
  if (totals.rows.empty() || std::none_of(warnings.begin(), warnings.end(), is_told)) return;
  std::vector<CellConverter> converters(plans.begin(), plans.end());
  std::vector<CellValue> values(plans.size());
  TableScan::Rows source(scan, nullptr);
  TableRow row;
  bool leads = true;
  for (std::uint64_t i = 0; source.next(row); ++i) {
    const bool total = std::binary_search(totals.rows.begin(), totals.rows.end(), i);
    const bool first = leads && has_amount(scan, row, plans);
    if (!total && !first) convert_row(scan, row, converters, values);
    leads = total || (leads && !first);
  }
  std::erase_if(warnings, [&](const SchemaWarning& warning) {
    if (!is_told(warning)) return false;
    for (std::size_t k = 0; k < converters.size(); ++k) {
      if (scan.names[scan.kept[k]] == warning.column)
        return converters[k].coercions().count(Coercion::currency_removed) == 0;
    }
    return false;
  });
}

UnsaidSums::Found find_unsaid_sums(const TableScan& scan, const std::vector<ColumnPlan>& plans,
                                   const TotalRowsFound& totals, IngestProgress& progress) {
  UnsaidSums sums(plans, scan.made_period(), totals.rows);
  read_values(scan, plans, progress,
              [&](std::span<const CellValue> values, std::uint64_t line) { sums.observe(values, line); });
  UnsaidSums::Found found = sums.decide();
  if (totals.sides.rows > 0 || totals.multiple > 0) found.rows = 0;  // these are told of already
  return found;
}

}  // namespace neve::dataset
