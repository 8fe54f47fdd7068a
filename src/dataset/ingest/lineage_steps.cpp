#include "dataset/ingest/lineage_steps.hpp"

#include "dataset/normaliser_version.hpp"
#include "dataset/parquet/parquet_writer.hpp"

namespace neve::dataset {

Json layout_step(const TableScan& scan) {
  const Dialect& dialect = scan.layout.dialect;
  Json rejected = Json::array();
  for (const RejectedRows::Example& row : scan.rejected.examples()) {
    rejected.push_back({{"line", row.line}, {"reason", row.reason}, {"text", row.text}});
  }
  Json dropped = Json::array();
  for (std::size_t i = 0; i < scan.headers.size(); ++i) {
    if (std::find(scan.kept.begin(), scan.kept.end(), i) == scan.kept.end()) dropped.push_back(i + 1);
  }
  return {{"step", "read"},
          {"delimiter", std::string(1, dialect.delimiter)},
          {"quote", dialect.quote == '\0' ? std::string() : std::string(1, dialect.quote)},
          {"backslash_escapes", dialect.backslash_escapes},
          {"has_header", scan.layout.has_header},
          {"records_before_header", scan.layout.preface_records},
          {"columns", scan.layout.headers},
          {"columns_left_out", std::move(dropped)},
          {"unpivoted", scan.unpivoted},
          {"rows", scan.rows},
          {"empty_lines", scan.empty_lines},
          {"short_rows", scan.layout.least_fields > 0 ? scan.short_rows : 0},
          {"rejected_rows", scan.rejected.count()},
          {"rejected_by_reason", scan.rejected.by_kind()},
          {"rejected", std::move(rejected)}};
}

Json normalise_step(const TableScan& scan, std::span<const CellConverter> converters, const TotalRowsFound& totals) {
  Json columns = Json::array();
  for (std::size_t k = 0; k < converters.size(); ++k) {
    const ColumnPlan& plan = converters[k].plan();
    columns.push_back({{"name", scan.names[scan.kept[k]]},
                       {"original", scan.headers[scan.kept[k]]},
                       {"type", to_string(plan.type)},
                       {"asked_for", plan.forced},
                       {"storage", plan.storage()},
                       {"representation", plan.representation},
                       {"coercions", converters[k].coercions().to_json()}});
  }
  Json examples = Json::array();
  for (const TotalRowsFound::Example& row : totals.examples) {
    examples.push_back({{"line", row.line}, {"label", row.label}, {"sums_agree", row.verified}});
  }
  return {{"step", "normalise"},
          {"normaliser_version", kNormaliserVersion},
          {"duckdb", duckdb_version()},
          {"columns", std::move(columns)},
          {"total_rows", totals.rows.size()},
          {"total_row_examples", std::move(examples)},
          {"doubtful_total_rows", totals.doubtful}};
}

}  // namespace neve::dataset
