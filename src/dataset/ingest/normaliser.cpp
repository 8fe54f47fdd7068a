#include "dataset/ingest/normaliser.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include <neve/base/nearest.hpp>
#include <neve/dataset/refused_file.hpp>

#include "dataset/columns/balance_amounts.hpp"
#include "dataset/columns/cell_converter.hpp"
#include "dataset/columns/column_plan.hpp"
#include "dataset/columns/column_roles.hpp"
#include "dataset/columns/side_signs.hpp"
#include "dataset/columns/total_label.hpp"
#include "dataset/columns/total_rows.hpp"
#include "dataset/columns/unsaid_sums.hpp"
#include "dataset/ingest/lineage_steps.hpp"
#include "dataset/ingest/sum_readings.hpp"
#include "dataset/ingest/table_scan.hpp"
#include "dataset/ingest/table_warnings.hpp"
#include "dataset/parquet/parquet_writer.hpp"
#include "dataset/xlsx/serial_date.hpp"

namespace neve::dataset {
namespace {

constexpr const char* kTotalColumn = "is_total_row";

void check_forced_names(const TableScan& scan, const AddOptions& options) {
  for (const auto& forced : options.types) {
    const std::string& name = forced.first;
    const auto is = [&name](const std::vector<std::string>& names) {
      return std::find(names.begin(), names.end(), name) != names.end();
    };
    if (!is(scan.names) && !is(scan.headers)) {
      throw WrongOption(
          "types", "a type is given for '" + name + "', but no column is called so" + suggestion(name, scan.names));
    }
  }
  for (const std::size_t i : scan.kept) {
    const auto by_name = options.types.find(scan.names[i]);
    const auto by_header = options.types.find(scan.headers[i]);
    if (by_name == options.types.end() || by_header == options.types.end()) continue;
    if (by_name->second != by_header->second) {
      throw WrongOption("types", "two types are given for one column, by its name '" + scan.names[i] +
                                     "' and by its header '" + scan.headers[i] + "'");
    }
  }
}

std::vector<ColumnPlan> plan_columns(const TableScan& scan, const AddOptions& options,
                                     std::vector<SchemaWarning>& warnings) {
  check_forced_names(scan, options);
  PlanContext context;
  context.date_order = options.date_order;
  context.open_mark = options.decimal_mark ? DecimalMark{*options.decimal_mark, DecimalMark::Reason::asked}
                                           : mark_of(scan.profiles, scan.layout.dialect.delimiter);
  context.of_sheet = scan.of_sheet();
  context.total_labels = options.total_rows == TotalRowsUse::exclude;
  context.month_leads = std::any_of(scan.profiles.begin(), scan.profiles.end(),
                                    [](const ColumnProfile& profile) { return profile.month_first > 0; });
  context.day_zero = scan.day_zero().value_or(day_zero(false));
  std::vector<ColumnPlan> plans;
  for (const std::size_t i : scan.kept) {
    auto forced = options.types.find(scan.names[i]);
    if (forced == options.types.end()) forced = options.types.find(scan.headers[i]);
    // Beside a column called so, the one of headers that are years is `year_2`, and is one nevertheless.
    context.is_year = scan.made_period() == plans.size() && scan.headers[i] == "year";
    plans.push_back(forced == options.types.end()
                        ? plan_column(scan.profiles[i], scan.names[i], context, warnings)
                        : plan_forced(scan.profiles[i], scan.names[i], forced->second, context, warnings));
    plans.back().of_sheet = scan.of_sheet();
    const TextDictionary& texts = scan.dictionaries[i];
    if (plans.back().type == ColumnType::text && texts.open() && texts.size() > 0) plans.back().dictionary = &texts;
  }
  return plans;
}

/// Remarks above, between or below the rows do not decide that their column is one of texts if it has times otherwise;
/// nor do those below the rows if it has numbers. Reads the table again if they did, and plans it anew.
void leave_out_remarks(TableScan& scan, std::vector<ColumnPlan>& plans, std::vector<SchemaWarning>& warnings,
                       const std::string& name, const AddOptions& options, IngestProgress& progress) {
  for (std::size_t k = 0; k < plans.size(); ++k) {
    if (plans[k].type != ColumnType::text || plans[k].forced || scan.remarks_in(scan.kept[k]).empty()) continue;
    TableScan rest = scan.without_remarks(scan.kept[k], name, options, progress);
    std::vector<SchemaWarning> warnings_of_rest;
    std::vector<ColumnPlan> plans_of_rest = plan_columns(rest, options, warnings_of_rest);
    const ColumnPlan& plan = plans_of_rest[k];
    const bool remarks =
        plan.time_part != TimePart::none || (plan.type != ColumnType::text && scan.remarks_end_table(scan.kept[k]));
    if (!remarks || rest.kept != scan.kept) continue;
    scan = std::move(rest);
    warnings.clear();
    plans = plan_columns(scan, options, warnings);
  }
}

/// The rows of the second reading as values, with a last column that tells the rows of sums from others if it is asked
/// for.
class ConvertedRows final : public ValueSource {
 public:
  ConvertedRows(const TableScan& scan, const std::vector<ColumnPlan>& plans,
                std::optional<std::span<const std::uint64_t>> totals, IngestProgress& progress)
      : scan_(scan),
        progress_(progress),
        totals_(totals),
        source_(scan, nullptr),
        block_(scan.headers.size()),
        converters_(plans.begin(), plans.end()),
        may_be_label_(plans.size()) {
    const TotalLabel label(plans);
    for (const std::size_t column : label.columns()) may_be_label_[column] = !totals;
    for (std::size_t k = 0; k < plans.size(); ++k) {
      describes_row_.push_back(describes_row(plans[k]) && k != scan.made_period());
      sums_up_.push_back(sums_up(plans[k]));
    }
    find_statement(plans);
    first_.resize(plans.size());
  }

  std::size_t next(std::size_t most) override {
    first_row_ += block_.rows();
    if (!source_.next(block_, most)) return 0;
    values_.resize(block_.rows());
    fresh_ = std::min<std::size_t>(kTail, block_.rows());
    tail_.erase(tail_.begin(), tail_.end() - static_cast<std::ptrdiff_t>(std::min(tail_.size(), kTail - fresh_)));
    tail_.resize(tail_.size() + fresh_, EndRow(converters_.size()));
    for (auto& [column, signs] : sides_) signs.begin(block_.column(column), block_.lines());
    for (auto& [column, amounts] : balances_) amounts.begin(block_.column(column), block_.lines());
    progress_.tell(source_.fraction());
    return block_.rows();
  }

  std::span<const CellValue> column(std::size_t column) override {
    if (column == converters_.size()) {
      mark_totals();
    } else {
      converters_[column].convert(block_.column(scan_.kept[column]), block_.lines(), values_);
      if (may_be_label_[column]) look_for_labels();
      if (sums_up_[column]) {
        for (auto& [sides, signs] : sides_) signs.add(column, values_);
        for (auto& [texts, amounts] : balances_) amounts.add(column, values_);
      }
      if (first_row_ == 0) first_[column] = values_.front().blank;
      for (std::size_t i = 1; i <= fresh_; ++i) tail_[tail_.size() - i][column] = values_[values_.size() - i].blank;
    }
    return values_;
  }

  [[nodiscard]] std::vector<CellConverter> take_converters() noexcept { return std::move(converters_); }
  [[nodiscard]] StatementFacts statement() const {
    StatementFacts facts;
    for (const auto& [column, signs] : sides_) {
      if (signs.say_side()) facts.signed_sides.push_back(column);
    }
    for (const auto& [column, amounts] : balances_) {
      if (!amounts.among_movements()) facts.balances_apart.push_back(column);
    }
    return facts;
  }
  /// Some rows may be totals, if that was to be found out: they call themselves so, the last says nothing at all of
  /// what it is about, or the first or the last leaves out some of what most rows say.
  [[nodiscard]] bool may_have_totals(std::uint64_t rows) const {
    if (labelled_) return true;
    if (std::find(sums_up_.begin(), sums_up_.end(), true) == sums_up_.end()) return false;
    const auto numbered = [this](const EndRow& blanks) {
      return any(sums_up_, [&](std::size_t k) { return !blanks[k]; });
    };
    const auto last = std::find_if(tail_.rbegin(), tail_.rend(), numbered);
    if (last == tail_.rend()) return false;
    const bool described = any(describes_row_, [&](std::size_t k) { return !(*last)[k]; });
    if (!described && std::find(last->begin(), last->end(), true) != last->end()) return true;
    return any(describes_row_,
               [&](std::size_t k) { return (first_[k] || (*last)[k]) && converters_[k].blanks() * 5 < rows * 3; });
  }

 private:
  /// Of each column, whether a row's cell is blank.
  using EndRow = std::vector<bool>;
  static constexpr std::size_t kTail = 8;  ///< rows at the end, some of which may be remarks

  template <class Condition>
  static bool any(const std::vector<bool>& columns, const Condition& condition) {
    for (std::size_t k = 0; k < columns.size(); ++k) {
      if (columns[k] && condition(k)) return true;
    }
    return false;
  }

  void find_statement(const std::vector<ColumnPlan>& plans) {
    std::vector<std::string> names;
    for (const std::size_t i : scan_.kept) names.push_back(scan_.names[i]);
    for (std::size_t k = 0; k < plans.size(); ++k) {
      const std::size_t column = scan_.kept[k];
      if (plans[k].type != ColumnType::text) continue;
      if (scan_.texts[column].sides != Sides::none) sides_.emplace_back(column, SideSigns(plans[k], plans.size()));
      const std::vector<std::string>& balances = scan_.texts[column].balances;
      if (!balances.empty()) balances_.emplace_back(column, BalanceAmounts(plans[k], balances, names));
    }
  }

  void look_for_labels() {
    labelled_ = labelled_ || std::any_of(values_.begin(), values_.end(),
                                         [](const CellValue& value) { return says_total(value.text); });
  }

  void mark_totals() {
    for (std::size_t row = 0; row < values_.size(); ++row) {
      const bool total = !totals_->empty() && totals_->front() == first_row_ + row;
      if (total) totals_ = totals_->subspan(1);
      values_[row] = {false, total ? 1 : 0, {}};
    }
  }

  const TableScan& scan_;
  IngestProgress& progress_;
  std::optional<std::span<const std::uint64_t>> totals_;  ///< of rows that are still to come
  TableScan::Rows source_;
  RowBlock block_;
  std::uint64_t first_row_ = 0;  ///< of the block
  std::vector<CellConverter> converters_;
  std::vector<CellValue> values_;
  std::vector<bool> may_be_label_;
  bool labelled_ = false;
  std::vector<bool> describes_row_;
  std::vector<bool> sums_up_;
  std::vector<std::pair<std::size_t, SideSigns>> sides_;  ///< by their place in the file, as the next
  std::vector<std::pair<std::size_t, BalanceAmounts>> balances_;
  EndRow first_;              ///< of the table
  std::vector<EndRow> tail_;  ///< of all blocks so far
  std::size_t fresh_ = 0;     ///< rows of it that are of this block
};

/// The second reading: cells become values, and all of it goes into the Parquet file.
struct Writing {
  std::vector<CellConverter> converters;
  std::uint64_t rows = 0;
  bool may_have_totals = false;
  StatementFacts statement{};

  /// With `totals` a last column of that name is true for these rows.
  static Writing write(const TableScan& scan, const std::vector<ColumnPlan>& plans, const std::filesystem::path& to,
                       const std::string& total_column, std::span<const std::uint64_t> totals,
                       const AddOptions& options, IngestProgress& progress) {
    progress.begin("writing");
    std::vector<ParquetColumn> columns;
    for (std::size_t k = 0; k < plans.size(); ++k)
      columns.push_back({scan.names[scan.kept[k]], plans[k].type, plans[k].wide, plans[k].dictionary});
    if (!total_column.empty()) columns.push_back({total_column, ColumnType::boolean});
    ConvertedRows source(scan, plans, total_column.empty() ? std::nullopt : std::optional(totals), progress);
    const std::uint64_t rows =
        write_parquet(to, columns, source, {scan.group_rows, options.memory_bytes, options.stop});
    if (rows != scan.rows) throw Error(ErrorCode::internal, "the file changed while it was read");
    const bool may_have_totals = source.may_have_totals(rows);
    StatementFacts statement = source.statement();
    return {source.take_converters(), rows, may_have_totals, std::move(statement)};
  }
};

/// Of a small table that unpivoting has made longer.
constexpr std::uint64_t kMostPeriodsReadAgain = 20;

std::string free_name(const std::vector<std::string>& names, std::string name) {
  while (std::find(names.begin(), names.end(), name) != names.end()) name += '_';
  return name;
}

double rounded_rate(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : std::round(static_cast<double>(part) / static_cast<double>(whole) * 1e6) / 1e6;
}

Column column_of(const TableScan& scan, std::size_t index, const CellConverter& converter, std::uint64_t rows) {
  const ColumnPlan& plan = converter.plan();
  Column column;
  column.name = scan.names[index];
  column.original = scan.headers[index];
  column.type = plan.type;
  column.time_part = plan.time_part;
  column.grain = plan.grain;
  column.blanks = converter.blanks();
  // An estimate may exceed what there is.
  column.cardinality = std::min(converter.distinct().count(), rows - std::min(column.blanks, rows));
  column.cardinality_exact = converter.distinct().exact();
  column.null_rate = rounded_rate(column.blanks, rows);
  column.storage = plan.storage();
  column.representation = plan.representation;
  return column;
}

}  // namespace

Normalised normalise(const PreparedText& prepared, const std::string& name, const std::filesystem::path& to,
                     const AddOptions& options, IngestProgress& progress) {
  TableScan scan(prepared.text, name, options, progress);
  Normalised result;
  std::vector<ColumnPlan> plans = plan_columns(scan, options, result.schema.warnings);
  leave_out_remarks(scan, plans, result.schema.warnings, name, options, progress);
  Writing writing = Writing::write(scan, plans, to, "", {}, options, progress);
  const bool look = writing.may_have_totals && options.total_rows == TotalRowsUse::exclude;
  const TotalRowsFound totals = look ? find_totals(scan, plans, progress) : TotalRowsFound{};
  Schema& schema = result.schema;
  if (!totals.rows.empty()) {  // rare enough to write again, with the column that says so
    std::filesystem::remove(to);
    schema.total_rows_column = free_name(scan.names, kTotalColumn);
    writing = Writing::write(scan, plans, to, schema.total_rows_column, totals.rows, options, progress);
  }
  withdraw_missing_currencies(scan, plans, totals, schema.warnings);
  schema.rows = writing.rows;
  schema.total_rows = totals.rows.size();
  std::vector<RoleFacts> facts;
  for (std::size_t k = 0; k < scan.kept.size(); ++k) {
    const CellConverter& converter = writing.converters[k];
    warn_of_spellings(scan.names[scan.kept[k]], converter, schema.warnings);
    warn_of_unreadable(scan.names[scan.kept[k]], converter, schema.rows, schema.warnings);
    schema.columns.push_back(column_of(scan, scan.kept[k], converter, schema.rows));
    const std::uint64_t cells = schema.rows - converter.blanks();
    const double text_bytes = static_cast<double>(converter.text_bytes());
    facts.push_back({cells == 0 ? 0 : text_bytes / static_cast<double>(cells), plans[k].whole, plans[k].years});
  }
  if (!scan.unpivoted) {
    for (const std::size_t i : scan.period_columns) schema.period_columns.push_back(scan.names[i]);
  }
  assign_roles(schema, facts, scan.made_period());
  warn_of_lone_parts(schema, writing.converters, schema.warnings);
  warn_about_rows(scan, schema.warnings);
  warn_about_text(scan, prepared, schema.warnings);
  warn_about_merged(scan, prepared, schema.warnings);
  warn_about_hidden(scan, prepared, schema.warnings);
  warn_about_amounts(scan, writing.statement, schema.warnings);
  warn_about_totals(totals, schema.warnings);
  const std::uint64_t most = UnsaidSums::kMostRows * (scan.made_period() ? kMostPeriodsReadAgain : 1);
  if (options.total_rows == TotalRowsUse::exclude && scan.rows <= most)
    warn_of_unsaid_sums(find_unsaid_sums(scan, plans, totals, progress), schema, schema.warnings);
  warn_of_headings(scan, schema, schema.warnings);
  warn_about_periods(scan, schema.warnings);
  warn_of_repeated_values(schema, scan.made_period(), schema.warnings);
  result.rejected_rows = scan.rejected.count();
  result.steps.push_back(layout_step(scan));
  result.steps.push_back(normalise_step(scan, writing.converters, totals));
  return result;
}

}  // namespace neve::dataset
