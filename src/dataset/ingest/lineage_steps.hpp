#pragma once

#include <span>

#include <neve/codec/json.hpp>

#include "dataset/columns/cell_converter.hpp"
#include "dataset/columns/total_rows.hpp"
#include "dataset/ingest/table_scan.hpp"

namespace neve::dataset {

/// How the table was found in the text: dialect, header, what stood before it, what was left out. For lineage.json.
[[nodiscard]] Json layout_step(const TableScan& scan);

/// What became of the cells: type and coercions of each column, rows of sums. For lineage.json.
[[nodiscard]] Json normalise_step(const TableScan& scan, std::span<const CellConverter> converters,
                                  const TotalRowsFound& totals);

}  // namespace neve::dataset
