#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <neve/dataset/schema.hpp>

#include "dataset/columns/cell_converter.hpp"
#include "dataset/columns/total_rows.hpp"
#include "dataset/columns/unsaid_sums.hpp"
#include "dataset/ingest/prepared_text.hpp"
#include "dataset/ingest/table_scan.hpp"

namespace neve::dataset {

// What a reader of the schema should know of a table once it has been written. Each appends to `warnings` what there is
// to say, if there is something.

/// One number written in several ways. Only counted where the column's profile could not rule it out.
void warn_of_spellings(const std::string& name, const CellConverter& converter, std::vector<SchemaWarning>& warnings);

/// Cells of a column whose type was asked for that are not of that type.
void warn_of_unreadable(const std::string& name, const CellConverter& converter, std::uint64_t rows,
                        std::vector<SchemaWarning>& warnings);

/// Months and quarters without a year, where the table says in no other way when.
void warn_of_lone_parts(const Schema& schema, std::span<const CellConverter> converters,
                        std::vector<SchemaWarning>& warnings);

/// The header, and rows that do not fit it.
void warn_about_rows(const TableScan& scan, std::vector<SchemaWarning>& warnings);

/// Quotes and characters that may have been read wrongly.
void warn_about_text(const TableScan& scan, const PreparedText& prepared, std::vector<SchemaWarning>& warnings);

/// Cells below the header of a sheet that are merged: what is shown beside every row of them stands in one.
void warn_about_merged(const TableScan& scan, const PreparedText& prepared, std::vector<SchemaWarning>& warnings);

/// Rows of a sheet that a filter hides, or somebody has hidden: they are data like all others.
void warn_about_hidden(const TableScan& scan, const PreparedText& prepared, std::vector<SchemaWarning>& warnings);

/// What the amounts of a statement say beside the texts: columns, by their place in the file. A plain value.
struct StatementFacts {
  std::vector<std::size_t> signed_sides{};    ///< of sides, which the signs of the amounts tell as well
  std::vector<std::size_t> balances_apart{};  ///< of texts with balances, which have no number among what was moved
};

/// A column that says of each row in which of several currencies its amounts are, or on which side of an account, or
/// that it is a balance; if the amounts do not say so as well.
void warn_about_amounts(const TableScan& scan, const StatementFacts& statement, std::vector<SchemaWarning>& warnings);

/// Rows that sum up others, and those that only say so.
void warn_about_totals(const TotalRowsFound& totals, std::vector<SchemaWarning>& warnings);

/// Rows, and columns, that seem to sum up others. The columns of `schema` are those that were looked at.
void warn_of_unsaid_sums(const UnsaidSums::Found& found, const Schema& schema, std::vector<SchemaWarning>& warnings);

/// Amounts that unpivoting has repeated: they stand in a row of their own for each period of theirs. `made` is where in
/// the schema the column of the periods is.
void warn_of_repeated_values(const Schema& schema, std::optional<std::size_t> made,
                             std::vector<SchemaWarning>& warnings);

/// A first column that leaves cells blank behind headings which stand once each, as pivot tables print them.
void warn_of_headings(const TableScan& scan, const Schema& schema, std::vector<SchemaWarning>& warnings);

/// Columns that are periods.
void warn_about_periods(const TableScan& scan, std::vector<SchemaWarning>& warnings);

}  // namespace neve::dataset
