#include "dataset/columns/column_roles.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

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

ColumnRole role_of(const Column& column, std::uint64_t rows, const RoleFacts& facts) {
  if (column.time_part != TimePart::none) return ColumnRole::time;
  if (is_number(column.type)) {
    const bool whole = column.type == ColumnType::integer || (column.type == ColumnType::decimal && facts.whole);
    const bool label = whole && has_word(column.name, kLabelWords);
    return label ? ColumnRole::entity : ColumnRole::value;
  }
  if (column.type != ColumnType::text || column.cardinality == 0) return ColumnRole::text;
  const bool never_repeats = rows >= kManyRows && column.cardinality * 10 >= (rows - column.blanks) * 9;
  const bool prose = facts.mean_text_bytes > kLongText || has_word(column.name, kNoteWords);
  return prose || (never_repeats && !has_word(column.name, kLabelWords)) ? ColumnRole::text : ColumnRole::entity;
}

/// What stands before the last word of a name: `order` of `order_year`, nothing of `year`.
std::string_view prefix_of(std::string_view name) {
  const std::size_t last = name.rfind('_');
  return last == std::string_view::npos ? std::string_view() : name.substr(0, last);
}

/// The columns of that part, best first. A few blanks change nothing, since the next delivery of the table has others:
/// only a column with many is worse than a later one. Of years and the like, the one that is called just so comes
/// first.
std::vector<const Column*> columns_of(const Schema& schema, TimePart part) {
  constexpr std::uint64_t kManyBlanks = 10;  // one row in so many
  std::vector<const Column*> found;
  for (const Column& column : schema.columns) {
    if (column.time_part == part) found.push_back(&column);
  }
  const auto rank = [&](const Column* column) {
    const bool sparse = column->blanks * kManyBlanks > schema.rows;
    const bool qualified = part != TimePart::date && !prefix_of(column->name).empty();
    return std::pair(sparse ? column->blanks : 0, qualified);
  };
  std::stable_sort(found.begin(), found.end(), [&](const Column* a, const Column* b) { return rank(a) < rank(b); });
  return found;
}

/// The year and the month or quarter that belong together: their names begin alike, as those of `order_year` and
/// `order_month` do. Where none do, one of them may be called plainly if no other could be meant.
std::optional<TimeCandidate> pair_of(const std::vector<const Column*>& years, const std::vector<const Column*>& parts,
                                     Grain grain) {
  std::optional<TimeCandidate> plain;
  std::size_t plain_pairs = 0;
  for (const Column* year : years) {
    for (const Column* part : parts) {
      const std::string_view of_year = prefix_of(year->name);
      const std::string_view of_part = prefix_of(part->name);
      if (of_year == of_part) return TimeCandidate{{year->name, part->name}, grain};
      if (!of_year.empty() && !of_part.empty()) continue;
      plain = TimeCandidate{{year->name, part->name}, grain};
      ++plain_pairs;
    }
  }
  return plain_pairs == 1 ? plain : std::nullopt;
}

/// The year of a header, with the month or quarter that stands in the row, unless that has a year of its own.
void add_made_year(Schema& schema, const Column& made) {
  if (columns_of(schema, TimePart::year).size() == 1) {
    const auto by_month = pair_of({&made}, columns_of(schema, TimePart::month), Grain::month);
    const auto by_quarter = pair_of({&made}, columns_of(schema, TimePart::quarter), Grain::quarter);
    if (by_month) schema.time_candidates.push_back(*by_month);
    if (by_quarter) schema.time_candidates.push_back(*by_quarter);
  }
  schema.time_candidates.push_back({{made.name}, Grain::year});
}

/// The year of the row with the month or quarter that a header names.
void add_made_part(Schema& schema, const Column& made) {
  const std::vector<const Column*> years = columns_of(schema, TimePart::year);
  const Grain grain = made.time_part == TimePart::month ? Grain::month : Grain::quarter;
  if (years.size() == 1) schema.time_candidates.push_back({{years.front()->name, made.name}, grain});
}

/// Whether the days are of other years than that column has, by more than books may be behind.
bool are_of_other_years(const std::optional<YearRange>& days, const std::optional<YearRange>& years) {
  return days && years && (days->most + 1 < years->least || days->least > years->most + 1);
}

}  // namespace

void assign_roles(Schema& schema, std::span<const RoleFacts> facts, std::optional<std::size_t> made_period) {
  for (std::size_t i = 0; i < schema.columns.size(); ++i) {
    schema.columns[i].role = role_of(schema.columns[i], schema.rows, facts[i]);
  }
  const Column* const made = made_period ? &schema.columns[*made_period] : nullptr;
  if (made != nullptr && made->time_part == TimePart::year) add_made_year(schema, *made);
  if (made != nullptr && (made->time_part == TimePart::month || made->time_part == TimePart::quarter))
    add_made_part(schema, *made);
  if (made != nullptr && made->time_part == TimePart::date)
    schema.time_candidates.push_back({{made->name}, made->grain});
  std::vector<const Column*> years = columns_of(schema, TimePart::year);
  std::erase(years, made);
  const auto years_in = [&](const Column* column) {
    return facts[static_cast<std::size_t>(column - schema.columns.data())].years;
  };
  std::vector<const Column*> elsewhere;  // days of other years
  for (const Column* column : columns_of(schema, TimePart::date)) {
    if (column == made) continue;
    if (!years.empty() && are_of_other_years(years_in(column), years_in(years.front()))) {
      elsewhere.push_back(column);
    } else {
      schema.time_candidates.push_back({{column->name}, column->grain});
    }
  }
  const auto by_month = pair_of(years, columns_of(schema, TimePart::month), Grain::month);
  const auto by_quarter = pair_of(years, columns_of(schema, TimePart::quarter), Grain::quarter);
  const auto add = [&schema](const TimeCandidate& pair) {
    const auto same = [&pair](const TimeCandidate& known) { return known.columns == pair.columns; };
    const auto& known = schema.time_candidates;
    if (std::none_of(known.begin(), known.end(), same)) schema.time_candidates.push_back(pair);
  };
  if (by_month) add(*by_month);
  if (by_quarter) add(*by_quarter);
  if (!years.empty()) {
    const std::string& year = by_month     ? by_month->columns.front()
                              : by_quarter ? by_quarter->columns.front()
                                           : years.front()->name;
    schema.time_candidates.push_back({{year}, Grain::year});
  }
  for (const Column* column : elsewhere) schema.time_candidates.push_back({{column->name}, column->grain});
  if (schema.time_candidates.empty()) return;
  schema.period_grain = schema.time_candidates.front().grain;
  for (const Grain grain : {Grain::month, Grain::quarter, Grain::year}) {
    if (grain >= schema.period_grain) schema.period_grain_candidates.push_back(grain);
  }
}

}  // namespace neve::dataset
