#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <neve/codec/json.hpp>
#include <neve/dataset/grain.hpp>

namespace neve::dataset {

/// What every non-blank cell of a column is. Written into schema.json by name.
enum class ColumnType {
  text,      ///< VARCHAR
  integer,   ///< BIGINT
  decimal,   ///< exact, six decimals: DECIMAL(18,6), or DECIMAL(38,6) where a value needs it
  fraction,  ///< a decimal that was written as a percentage: 12.5% is 0.125
  date,      ///< DATE; of a column of months, quarters or years their first day
  boolean,   ///< BOOLEAN
};

/// What a column is for in an analysis. Written into schema.json by name.
enum class ColumnRole {
  entity,  ///< names who or what: can be grouped by
  value,   ///< can be summed
  time,    ///< says when
  text,    ///< the rest
};

/// What a column of role `time` says about the time of its row. Written into schema.json by name.
enum class TimePart {
  none,
  date,     ///< a DATE; `Column::grain` says how fine it is
  year,     ///< an integer such as 2024
  quarter,  ///< an integer from 1 to 4, beside a year
  month,    ///< an integer from 1 to 12, beside a year
};

[[nodiscard]] std::string_view to_string(ColumnType type) noexcept;
[[nodiscard]] std::string_view to_string(ColumnRole role) noexcept;
[[nodiscard]] std::string_view to_string(TimePart part) noexcept;

/// Throws `invalid_argument`, naming the text and the nearest name.
[[nodiscard]] ColumnType parse_column_type(std::string_view text);

/// One column of the normalised table. A plain value.
struct Column {
  std::string name;      ///< in normalized.parquet: snake_case, unique in its table
  std::string original;  ///< as the file had it
  ColumnType type = ColumnType::text;
  ColumnRole role = ColumnRole::text;
  TimePart time_part = TimePart::none;
  /// Finest periods a date column can tell apart; `automatic` for columns that are none. Days count as `month`.
  Grain grain = Grain::automatic;
  std::uint64_t cardinality = 0;  ///< different non-blank values
  bool cardinality_exact = true;  ///< else an estimate, within about 2 %
  std::uint64_t blanks = 0;       ///< rows without a value
  double null_rate = 0;           ///< `blanks` over rows, 0 to 1, six decimals; 0 for a table without rows
  std::string storage;            ///< type in normalized.parquet, such as `DECIMAL(18,6)`
  std::map<std::string, std::string>
      representation;  ///< how the file wrote it: `format`, `currency`, `decimal_mark`, ...

  friend bool operator==(const Column&, const Column&) = default;
};

/// Columns that together say when a row happened, and the finest periods they give.
struct TimeCandidate {
  std::vector<std::string> columns;  ///< one date, year and month, year and quarter, or one year: names in this order
  Grain grain = Grain::none;         ///< `month`, `quarter` or `year`

  friend bool operator==(const TimeCandidate&, const TimeCandidate&) = default;
};

/// Something a reader of the data should know. `code` is part of the interface (docs/formats/dataset.md lists them).
struct SchemaWarning {
  std::string code;
  std::string column;  ///< normalised name; empty: the whole table
  std::string text;    ///< for a person

  friend bool operator==(const SchemaWarning&, const SchemaWarning&) = default;
};

/// The warning that some values of a column are written in several ways: grouped by, they are one entity.
inline constexpr const char* kMergedSpellings = "merged_spellings";

/// What normalized.parquet holds: schema.json. A plain value; equal files and options give equal bytes.
///
/// `total_rows_column` names one more column of normalized.parquet, BOOLEAN and never null, that is not among
/// `columns`: true in rows that sum up other rows ("Total"). Whoever adds up values leaves those rows out. It is empty,
/// and the column absent, when there are none.
struct Schema {
  std::uint64_t rows = 0;  ///< in normalized.parquet
  std::vector<Column> columns;
  Grain period_grain = Grain::none;            ///< finest that the best time candidate gives
  std::vector<Grain> period_grain_candidates;  ///< finest first; without `none`
  std::vector<TimeCandidate> time_candidates;  ///< best first: date > year+month > year+quarter > year
  std::string total_rows_column;
  std::uint64_t total_rows = 0;
  std::vector<std::string> period_columns;  ///< names of columns that are periods: `--unpivot` makes them rows
  std::vector<SchemaWarning> warnings;

  /// The column of that normalised or, if none has it, original name. Throws `invalid_argument`: with the nearest name
  /// and the list, or with the names of those columns that share the original.
  [[nodiscard]] const Column& column(std::string_view name) const;

  [[nodiscard]] Json to_json() const;
  /// Throws `corrupt`, naming the member, for anything `to_json` does not write; unknown members are ignored.
  [[nodiscard]] static Schema from_json(const Json& json);

  friend bool operator==(const Schema&, const Schema&) = default;
};

}  // namespace neve::dataset
