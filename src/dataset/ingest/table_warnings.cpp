#include "dataset/ingest/table_warnings.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "dataset/columns/column_names.hpp"
#include "dataset/parquet/sql_text.hpp"

namespace neve::dataset {
namespace {

std::string rows_text(std::uint64_t count) { return fmt::format("{} {}", count, count == 1 ? "row" : "rows"); }

/// Of the whole table.
void warn(std::vector<SchemaWarning>& warnings, const char* code, std::string text) {
  warnings.push_back({code, "", std::move(text)});
}

/// The filter that keeps the rows with one text.
std::string filter_of(const std::string& column, const std::string& text) {
  return name_in_filter(column) + " = " + sql_text(text);
}

/// What leaves out the rows with any of these texts. Of so many that no filter names them all, the first few.
std::string filter_without(const std::string& column, std::span<const std::string> texts) {
  constexpr std::size_t kMostBytes = 3500;  // a filter may have a few more
  std::string quoted;
  for (const std::string& text : texts) {
    if (quoted.size() + text.size() > kMostBytes)
      return "a filter leaves out some of them: " + name_in_filter(column) + " not in (" + quoted + ")";
    quoted += (quoted.empty() ? "" : ", ") + sql_text(text);
  }
  return "a filter leaves them out: " + name_in_filter(column) +
         (texts.size() == 1 ? " != " + quoted : " not in (" + quoted + ")");
}

/// The filter that keeps the rows that fill one of these columns.
std::string filter_filled(std::span<const std::string> columns) {
  std::string filter;
  for (const std::string& column : columns)
    filter += (filter.empty() ? "" : " or ") + name_in_filter(column) + " is not blank";
  return filter;
}

}  // namespace

void warn_of_spellings(const std::string& name, const CellConverter& converter, std::vector<SchemaWarning>& warnings) {
  const std::uint64_t written = converter.spellings().count();
  const std::uint64_t values = converter.distinct().count();
  const bool exact = converter.spellings().exact() && converter.distinct().exact();
  // Beyond what is counted exactly, two estimates must differ by more than they may be off.
  if (exact ? written <= values : written <= values + values / 20) return;
  warnings.push_back(
      {kMergedSpellings, name,
       fmt::format("{}{} numbers are written in {} ways, as 1.1 and 1.10 would be; each is one entity; if "
                   "they are codes, the type text of {} keeps them apart",
                   exact ? "" : "about ", values, written, name)});
}

void warn_of_unreadable(const std::string& name, const CellConverter& converter, std::uint64_t rows,
                        std::vector<SchemaWarning>& warnings) {
  const std::uint64_t count = converter.coercions().count(Coercion::unreadable_to_blank);
  if (count == 0) return;
  warnings.push_back(
      {"unreadable_cells", name,
       fmt::format("{} of {} cells are no {}, as was asked for, and are blank; lineage.json has the first", count, rows,
                   to_string(converter.plan().type))});
}

void warn_of_lone_parts(const Schema& schema, std::span<const CellConverter> converters,
                        std::vector<SchemaWarning>& warnings) {
  if (!schema.time_candidates.empty()) return;
  for (std::size_t k = 0; k < converters.size(); ++k) {
    const Column& column = schema.columns[k];
    if (column.time_part == TimePart::none || converters[k].plan().forced) continue;
    warnings.push_back({"unread_times", column.name,
                        fmt::format("no column says of which year these {}s are, so no periods come from them",
                                    to_string(column.time_part))});
  }
}

void warn_about_rows(const TableScan& scan, std::vector<SchemaWarning>& warnings) {
  if (!scan.layout.has_header) {
    warn(warnings, "no_header",
         scan.layout.narrow_header.empty()
             ? "the first row holds values: columns are numbered; a header row can be named"
             : scan.layout.narrow_header + ": it is no header, and columns are numbered");
  }
  if (scan.rows == 0) warn(warnings, "no_rows", "the table has a header and no rows");
  const auto kind = scan.rejected.by_kind().find(kRemark);
  const std::uint64_t remarks = kind == scan.rejected.by_kind().end() ? 0 : kind->second;
  if (scan.rejected.count() > remarks) {
    warn(warnings, "rejected_rows",
         fmt::format("{} not fitting the header: left out; lineage.json says which and why",
                     rows_text(scan.rejected.count() - remarks)));
  }
  const auto& examples = scan.rejected.examples();
  const auto first =
      std::find_if(examples.begin(), examples.end(), [](const auto& row) { return row.kind == kRemark; });
  if (remarks > 0 && first != examples.end()) {
    warn(warnings, "remarks",
         fmt::format("{} with a text in a column of times or numbers and no other cell: left out as remarks; the first "
                     "is '{}' in line {}",
                     rows_text(remarks), first->text, first->line));
  }
  if (scan.layout.least_fields > 0 && scan.short_rows > 0) {
    warn(warnings, "short_rows",
         fmt::format("{} ending before the last column: their last cells are blank", rows_text(scan.short_rows)));
  }
}

void warn_about_text(const TableScan& scan, const PreparedText& prepared, std::vector<SchemaWarning>& warnings) {
  if (scan.doubtful.count > 0) {
    warn(warnings, "doubtful_quotes",
         fmt::format("{} in several lines, each of which could be a row, the first in line {}: if a quote was never "
                     "closed there, the quote none reads them as rows",
                     rows_text(scan.doubtful.count), scan.doubtful.first_line));
  }
  if (scan.escaped_quote_line > 0) {
    warn(warnings, "escaped_quotes",
         fmt::format(
             "quotes within cells are doubled in some lines and have a backslash before them in others, as in line "
             "{}; {} were taken for what they are, and cells with the others may be wrong",
             scan.escaped_quote_line,
             scan.layout.dialect.backslash_escapes ? "those with a backslash" : "doubled ones"));
  }
  if (!prepared.other_sheets.empty()) warn(warnings, "other_sheets", prepared.other_sheets);
  if (!prepared.missing_values.empty()) warn(warnings, "formulas_without_values", prepared.missing_values);
  if (!prepared.mixed_encodings.empty()) warn(warnings, "mixed_encodings", prepared.mixed_encodings);
  if (!prepared.doubtful_encoding.empty()) warn(warnings, "doubtful_encoding", prepared.doubtful_encoding);
  if (prepared.replaced_characters > 0) {
    warn(warnings, "replaced_characters",
         fmt::format("{} characters could not be read in this encoding", prepared.replaced_characters));
  }
}

void warn_about_merged(const TableScan& scan, const PreparedText& prepared, std::vector<SchemaWarning>& warnings) {
  const MergedCells* first = nullptr;
  std::uint64_t count = 0;
  for (const MergedCells& cells : prepared.merged) {
    if (cells.top < scan.layout.first_record) continue;  // titles and headers
    ++count;
    if (first == nullptr || cells.top < first->top) first = &cells;
  }
  if (first == nullptr) return;
  warn(warnings, "merged_cells",
       fmt::format(
           "{} of cells below the header {} merged, the first is {}: the value is in the first cell of each and "
           "the others are blank; where it is meant for all rows, split the cells in the spreadsheet and fill "
           "them",
           count == 1 ? "1 range" : fmt::format("{} ranges", count), count == 1 ? "is" : "are", first->reference()));
}

void warn_about_hidden(const TableScan& scan, const PreparedText& prepared, std::vector<SchemaWarning>& warnings) {
  const auto first = std::lower_bound(prepared.hidden.begin(), prepared.hidden.end(), scan.layout.first_record);
  if (first == prepared.hidden.end()) return;
  const auto count = static_cast<std::uint64_t>(prepared.hidden.end() - first);
  warn(
      warnings, "hidden_rows",
      fmt::format("{} hidden in the sheet, the first is {}, as by a filter that is left on: they are read and added up "
                  "like all others; a filter of the analysis leaves them out, or a sheet with a copy of what is shown",
                  count == 1 ? "1 row is" : fmt::format("{} rows are", count), *first));
}

void warn_about_amounts(const TableScan& scan, const StatementFacts& statement, std::vector<SchemaWarning>& warnings) {
  const auto has = [](std::span<const std::size_t> columns, std::size_t i) {
    return std::find(columns.begin(), columns.end(), i) != columns.end();
  };
  for (const std::size_t i : scan.kept) {
    const TextFacts& texts = scan.texts[i];
    if (texts.sides != Sides::none && !has(statement.signed_sides, i)) {
      warnings.push_back(
          {"debits_and_credits", scan.names[i],
           fmt::format("the rows are {}: amounts are added up as they stand, so unless one side has a minus, neither "
                       "is taken from the other; a filter keeps the rows of one",
                       texts.sides == Sides::debits_and_credits ? "debits and credits" : "income and expenses")});
    }
    if (const auto& balances = texts.balances; !balances.empty() && !has(statement.balances_apart, i)) {
      warnings.push_back({"balance_rows", scan.names[i],
                          fmt::format("rows such as '{}' are balances, what an account holds, and analyses add them up "
                                      "with what was moved; {}",
                                      balances.front(), filter_without(scan.names[i], balances))});
    }
    if (const auto& parts = texts.parts; !parts.empty()) {
      warnings.push_back({"parts_of_rows", scan.names[i],
                          fmt::format("rows such as '{}' say that they are a part of another row, and analyses add up "
                                      "both; {}",
                                      parts.front(), filter_without(scan.names[i], parts))});
    }
    if (const auto& results = texts.results; !results.empty()) {
      warnings.push_back({"result_rows", scan.names[i],
                          fmt::format("rows such as '{}' may be what others come to or leave, and analyses add them up "
                                      "with those; {}",
                                      results.front(), filter_without(scan.names[i], results))});
    }
    if (const auto& units = texts.units; !units.empty()) {
      warnings.push_back(
          {"several_units", scan.names[i],
           fmt::format("the rows are in {}: amounts are added up as they stand, though some count thousands or more; a "
                       "filter such as {} keeps those of one unit",
                       fmt::join(units, ", "), filter_of(scan.names[i], units.front()))});
    }
    if (const auto& currencies = texts.currencies; !currencies.empty()) {
      warnings.push_back({"several_currencies", scan.names[i],
                          fmt::format("the rows are in {}: sums of amounts in several currencies mean nothing; a "
                                      "filter such as {} keeps those of one",
                                      fmt::join(currencies, ", "), filter_of(scan.names[i], currencies.front()))});
    }
  }
}

void warn_about_totals(const TotalRowsFound& totals, std::vector<SchemaWarning>& warnings) {
  if (!totals.rows.empty()) {
    const TotalRowsFound::Example& first = totals.examples.front();
    warn(warnings, "total_rows",
         fmt::format("{} summing up others, the first is {} in line {}; analyses leave them out; the option "
                     "totals makes them data (--totals keep)",
                     rows_text(totals.rows.size()),
                     first.label.empty() ? "one without a label" : "'" + first.label + "'", first.line));
  }
  if (totals.doubtful > 0) {
    warn(warnings, "doubtful_total_rows",
         fmt::format("{} called a total whose numbers are no sums, the first is '{}' in line {}; they are "
                     "kept as data",
                     rows_text(totals.doubtful), totals.first_doubtful.label, totals.first_doubtful.line));
  }
  if (totals.multiple > 0) {
    warn(warnings, "doubtful_total_rows",
         fmt::format(
             "all other rows come to {} times as much as '{}' in line {}: some of them seem to sum up others, as "
             "in a pivot table with several fields in one column; they are kept as data, so that every value "
             "may count {} times",
             totals.multiple, totals.whole.label, totals.whole.line, totals.multiple));
  }
  if (const TotalRowsFound::Sides& sides = totals.sides; sides.rows > 0) {
    warn(warnings, "doubtful_total_rows",
         fmt::format("{}, the first in line {}, as headings of an outline are and debits above the credits of a "
                     "booking; {}so they are kept as data; if they are sums, a filter leaves them out: {}",
                     sides.rows == 1 ? "1 row is exactly as much as those beside it"
                                     : fmt::format("{} rows are exactly as much as those beside them", sides.rows),
                     sides.line,
                     sides.counterparts
                         ? fmt::format("'{}' and '{}' are the two sides of one thing, ", sides.heading, sides.detail)
                         : fmt::format("the others repeat a part of what they say, but not '{}', ", sides.heading),
                     filter_filled(sides.only_below)));
  }
  if (totals.below > 0) {
    warn(warnings, "doubtful_total_rows",
         fmt::format("{} below a total may belong to it, as an average or a tax does, the first is '{}' in line {}; "
                     "they are kept as data, "
                     "and analyses add them up with the others unless a filter leaves them out",
                     rows_text(totals.below), totals.first_below.label, totals.first_below.line));
  }
}

void warn_of_unsaid_sums(const UnsaidSums::Found& found, const Schema& schema, std::vector<SchemaWarning>& warnings) {
  if (found.rows > 0) {
    const std::string first = found.label ? fmt::format("'{}' ", found.texts.front()) : "";
    warn(
        warnings, "doubtful_total_rows",
        fmt::format("{} are exactly the sums of rows {} them, the first is {}in line {}, as the headings of an outline "
                    "or of a chart of accounts are, gross amounts with net and tax, and one side of bookings; they "
                    "are kept as data, so that amounts may count more than once{}",
                    rows_text(found.rows), found.above ? "above" : "below", first, found.line,
                    found.label ? "; " + filter_without(schema.columns[*found.label].name, found.texts) : ""));
  }
  for (const auto& [total, part] : found.repeated) {
    warnings.push_back(
        {"repeated_values", schema.columns[total].name,
         fmt::format("each row repeats what '{0}' comes to in it and the rows beside it, as the lines of an order do "
                     "its total: an analysis adds it up as often; '{0}' has each amount once",
                     schema.columns[part].name)});
  }
}

void warn_of_repeated_values(const Schema& schema, std::optional<std::size_t> made,
                             std::vector<SchemaWarning>& warnings) {
  for (std::size_t k = 0; made && k < *made; ++k) {
    if (schema.columns[k].role != ColumnRole::value) continue;
    warnings.push_back(
        {"repeated_values", schema.columns[k].name,
         "unpivoting repeats it for each period of a row, and an analysis of several periods adds it up as "
         "often; without --unpivot it is there once"});
  }
}

void warn_of_headings(const TableScan& scan, const Schema& schema, std::vector<SchemaWarning>& warnings) {
  constexpr std::uint64_t kFewRows = 4;
  constexpr std::uint64_t kLeastBlank = 3;  // one row in so many, besides sums
  if (schema.columns.size() < 2 || schema.rows < kFewRows || !scan.begins_filled[scan.kept.front()]) return;
  const Column& first = schema.columns.front();
  const std::uint64_t filled = schema.rows - first.blanks;
  const std::uint64_t data = schema.rows - schema.total_rows;
  // A row of the file is one for each of its periods.
  const std::uint64_t copies =
      scan.unpivoted ? scan.period_columns.size() / std::max<std::size_t>(1, scan.measures.size()) : 1;
  const bool once = first.type == ColumnType::text && first.cardinality_exact && first.cardinality > 1 &&
                    filled == first.cardinality * copies;
  if (!once || first.blanks * kLeastBlank < data) return;
  const bool named = std::any_of(schema.columns.begin() + 1, schema.columns.end(), [&](const Column& column) {
    return column.type == ColumnType::text && column.blanks <= schema.total_rows + data / 10;
  });
  if (!named) return;
  warnings.push_back(
      {"headings_written_once", first.name,
       fmt::format(
           "{} have none, and no other has one twice: if each is a heading that is meant for the rows below it "
           "too, as pivot tables print them, repeat it there (in spreadsheets: repeat item labels); an analysis "
           "by {} takes those rows for '(blank)'",
           rows_text(first.blanks), first.name)});
}

void warn_about_periods(const TableScan& scan, std::vector<SchemaWarning>& warnings) {
  if (!scan.repeated_periods.empty()) {
    warn(warnings, "repeated_periods",
         fmt::format("'{}' stands over several columns: their values would be added up as one period's",
                     scan.repeated_periods.front()));
  }
  if (!scan.unpivoted && !scan.period_columns.empty()) {
    warn(warnings, "period_columns",
         fmt::format("{} columns are periods, the first is '{}'; unpivoting makes them rows{} (--unpivot)",
                     scan.period_columns.size(), scan.layout.headers[scan.period_columns.front()],
                     scan.measures.empty() ? ""
                                           : fmt::format(", with {} columns of values: '{}'", scan.measures.size(),
                                                         fmt::join(scan.measures, "', '"))));
  }
}

}  // namespace neve::dataset
