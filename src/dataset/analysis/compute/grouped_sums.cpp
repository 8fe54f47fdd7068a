#include "dataset/analysis/compute/grouped_sums.hpp"

#include <algorithm>
#include <charconv>

#include <neve/base/error.hpp>
#include <neve/dataset/analysis/row_filter.hpp>

#include "dataset/analysis/compute/duck_session.hpp"
#include "dataset/analysis/compute/period.hpp"
#include "dataset/analysis/compute/spellings.hpp"
#include "dataset/analysis/concentration/rounding.hpp"
#include "dataset/parquet/sql_text.hpp"

namespace neve::dataset {
namespace {

/// How a column's values are added up exactly, and what one unit of the sum is.
struct SumExpression {
  std::string sql;
  Int128 millionths_per_unit = 1;
};

Int128 power_of_ten(int exponent) {
  Int128 power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

/// The scale of `DECIMAL(18,3)`.
int scale_of(std::string_view type) {
  const std::size_t comma = type.find(',');
  int scale = 0;
  std::from_chars(type.data() + comma + 1, type.data() + type.size(), scale);
  return scale;
}

/// From the name of the column's type. Sums of integers and of decimals are exact in DuckDB and come as 128 bits; sums
/// of doubles depend on their order, so each double is first rounded to six decimals.
SumExpression sum_expression(const std::string& type, const std::string& column) {
  const std::string name = sql_name(column);
  if (type.starts_with("DECIMAL(") && type.find(',') != std::string::npos) {
    const int scale = scale_of(type);
    if (scale <= kSumPlaces)
      return {"CAST(sum(" + name + ") AS DECIMAL(38," + std::to_string(scale) + "))", power_of_ten(kSumPlaces - scale)};
  }
  for (const char* integer :
       {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"}) {
    if (type == integer) return {"CAST(sum(" + name + ") AS HUGEINT)", power_of_ten(kSumPlaces)};
  }
  if (type == "DOUBLE" || type == "FLOAT" || type.starts_with("DECIMAL(")) {
    return {"sum(CAST(" + name + " AS DECIMAL(38,6)))", 1};
  }
  throw Error(ErrorCode::invalid_argument,
              "the value column '" + column + "' is not numeric: the table keeps it as " + type);
}

std::string type_of_column(DuckSession& session, const std::string& table, const std::string& column,
                           const std::stop_token& stop) {
  std::string type;
  session.run("SELECT column_type FROM (DESCRIBE SELECT " + sql_name(column) + " FROM " + table + ")", stop,
              [&type](const DuckChunk& chunk) {
                if (chunk.size() > 0) type = chunk.text(0, 0);
              });
  return type;
}

/// A decimal as sums are printed: the database writes all its places.
std::string_view without_zeros(std::string_view decimal) {
  if (decimal.find('.') == std::string_view::npos || decimal.find('e') != std::string_view::npos) return decimal;
  decimal = decimal.substr(0, decimal.find_last_not_of('0') + 1);
  return decimal.ends_with('.') ? decimal.substr(0, decimal.size() - 1) : decimal;
}

Int128 in_millionths(Int128 sum, Int128 millionths_per_unit) {
  Int128 scaled = 0;
  if (__builtin_mul_overflow(sum, millionths_per_unit, &scaled)) {
    throw Error(ErrorCode::too_large, "a sum has more than 32 digits before its point; the values are too large");
  }
  return scaled;
}

}  // namespace

GroupedSums group_and_sum(const std::filesystem::path& parquet, const Schema& schema, const ConcentrationParams& params,
                          const ComputeLimits& limits, const std::stop_token& stop) {
  DuckSession session({limits.threads, limits.memory_bytes, parquet.parent_path(), limits.spill_folder});
  const std::string source = "read_parquet(" + sql_text(parquet.string()) + ")";
  const std::string value = sql_name(params.value);
  const SumExpression sum = sum_expression(type_of_column(session, source, params.value, stop), params.value);
  std::string kept = RowFilter::parse(params.filter, schema).sql();
  if (!schema.total_rows_column.empty()) kept = "(" + kept + ") AND NOT " + sql_name(schema.total_rows_column);
  const std::string groups = "SELECT " + period_sql(schema, params.grain) + " AS period, " + sql_name(params.group_by) +
                             " AS entity, " + sum.sql + " AS total, count(*) AS n, count(" + value +
                             ") AS valued FROM " + source + " WHERE " + kept + " GROUP BY 1, 2";
  const ColumnType entities = schema.column(params.group_by).type;
  const bool decimals = entities == ColumnType::decimal || entities == ColumnType::fraction;
  // Numbers and dates are values, and have one spelling each.
  const bool spelled = entities == ColumnType::text;
  GroupedSums result;
  Spellings spellings;
  session.run("SELECT period, CAST(entity AS VARCHAR), total, n, valued FROM (" + groups + ")", stop,
              [&](const DuckChunk& chunk) {
                for (std::size_t row = 0; row < chunk.size(); ++row) {
                  const auto rows = static_cast<std::uint64_t>(chunk.integer(3, row));
                  const auto valued = static_cast<std::uint64_t>(chunk.integer(4, row));
                  result.rows_without_value += rows - valued;
                  if (valued == 0) continue;
                  const bool blank = chunk.null(1, row) || chunk.text(1, row).empty();
                  if (blank) result.rows_without_entity += valued;
                  GroupedSum group;
                  if (!chunk.null(0, row)) group.period = chunk.integer(0, row);
                  if (!group.period && params.grain != Grain::none) result.rows_without_period += valued;
                  const std::string_view name = blank ? kBlankEntity : chunk.text(1, row);
                  group.entity = result.names.number_of(decimals && !blank ? without_zeros(name) : name);
                  if (spelled && group.entity == spellings.size()) spellings.add(name);
                  group.sum = in_millionths(chunk.huge(2, row), sum.millionths_per_unit);
                  result.groups.push_back(group);
                }
              });
  result.similar = spellings.similar(result.names);
  return result;
}

}  // namespace neve::dataset
