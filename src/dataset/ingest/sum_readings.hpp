#pragma once

#include <vector>

#include <neve/dataset/schema.hpp>

#include "dataset/columns/column_plan.hpp"
#include "dataset/columns/total_rows.hpp"
#include "dataset/columns/unsaid_sums.hpp"
#include "dataset/ingest/ingest_progress.hpp"
#include "dataset/ingest/table_scan.hpp"

namespace neve::dataset {

// Further readings, of the few tables that may have rows of sums and of small ones.

/// Which rows are sums, by their labels, their numbers and the shape of the table.
[[nodiscard]] TotalRowsFound find_totals(const TableScan& scan, const std::vector<ColumnPlan>& plans,
                                         IngestProgress& progress);

/// Takes back what `warnings` say of amounts of which only rows of sums have a currency, as statements print them:
/// none lacks one. Nor where the first row has it as well, or the first below a total.
void withdraw_missing_currencies(const TableScan& scan, const std::vector<ColumnPlan>& plans,
                                 const TotalRowsFound& totals, std::vector<SchemaWarning>& warnings);

/// Sums that neither a word nor the shape of the table says to be some, in a small table.
[[nodiscard]] UnsaidSums::Found find_unsaid_sums(const TableScan& scan, const std::vector<ColumnPlan>& plans,
                                                 const TotalRowsFound& totals, IngestProgress& progress);

}  // namespace neve::dataset
