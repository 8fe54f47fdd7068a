#include "dataset/columns/column_roles.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "dataset/columns/column_names.hpp"

namespace neve::dataset {
namespace {

/// Integers under such names are labels, not amounts.
constexpr std::array<std::string_view, 16> kLabelWords{"id",  "code",  "no",  "nr",  "number", "num", "zip",   "postal",
                                                       "plz", "phone", "sku", "ean", "isbn",   "key", "index", "rank"};
constexpr std::array<std::string_view, 12> kNoteWords{"comment",     "comments", "note",    "notes",
                                                      "description", "remark",   "remarks", "url",
                                                      "address",     "text",     "email",   "message"};
constexpr double kLongText = 64;           // bytes, on average: sentences rather than names
constexpr std::uint64_t kManyRows = 1000;  // from here on a name that never repeats groups nothing

bool is_number(ColumnType type) {
  return type == ColumnType::integer || type == ColumnType::decimal || type == ColumnType::fraction;
}

ColumnRole role_of(const Column& column, std::uint64_t rows, double mean_bytes) {
  if (column.time_part != TimePart::none) return ColumnRole::time;
  if (is_number(column.type)) {
    const bool label = column.type == ColumnType::integer && has_word(column.name, kLabelWords);
    return label ? ColumnRole::entity : ColumnRole::value;
  }
  if (column.type != ColumnType::text || column.cardinality == 0) return ColumnRole::text;
  const bool never_repeats = rows >= kManyRows && column.cardinality * 10 >= (rows - column.blanks) * 9;
  const bool prose = mean_bytes > kLongText || has_word(column.name, kNoteWords);
  return prose || (never_repeats && !has_word(column.name, kLabelWords)) ? ColumnRole::text : ColumnRole::entity;
}

/// The column of that part with the fewest blanks; the first among equals.
std::optional<std::string> best(const Schema& schema, TimePart part) {
  const Column* found = nullptr;
  for (const Column& column : schema.columns) {
    if (column.time_part == part && (found == nullptr || column.blanks < found->blanks)) found = &column;
  }
  return found == nullptr ? std::nullopt : std::optional(found->name);
}

}  // namespace

void assign_roles(Schema& schema, std::span<const double> mean_text_bytes) {
  for (std::size_t i = 0; i < schema.columns.size(); ++i) {
    schema.columns[i].role = role_of(schema.columns[i], schema.rows, mean_text_bytes[i]);
  }
  std::vector<const Column*> dates;
  for (const Column& column : schema.columns) {
    if (column.time_part == TimePart::date) dates.push_back(&column);
  }
  std::stable_sort(dates.begin(), dates.end(), [](const Column* a, const Column* b) { return a->blanks < b->blanks; });
  for (const Column* column : dates) schema.time_candidates.push_back({{column->name}, column->grain});
  const auto year = best(schema, TimePart::year);
  const auto quarter = best(schema, TimePart::quarter);
  const auto month = best(schema, TimePart::month);
  if (year && month) schema.time_candidates.push_back({{*year, *month}, Grain::month});
  if (year && quarter) schema.time_candidates.push_back({{*year, *quarter}, Grain::quarter});
  if (year) schema.time_candidates.push_back({{*year}, Grain::year});
  if (schema.time_candidates.empty()) return;
  schema.period_grain = schema.time_candidates.front().grain;
  for (const Grain grain : {Grain::month, Grain::quarter, Grain::year}) {
    if (grain >= schema.period_grain) schema.period_grain_candidates.push_back(grain);
  }
}

}  // namespace neve::dataset
