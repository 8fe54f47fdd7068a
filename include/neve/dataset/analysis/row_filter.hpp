#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <neve/dataset/schema.hpp>

namespace neve::dataset {

struct FilterNode;

/// Which rows of a table to keep: comparisons joined by `and`, `or`, `not` and brackets.
///
///   region = 'North' and (year >= 2023 or not status in ('void', 'test')) and email is not blank
///
/// Operators: `=` `!=` `<` `<=` `>` `>=`, `in (…)`, `is blank`, `is not blank`. Columns are named as the schema names
/// them, or in double quotes as it or the file did; texts and dates (`'2024-02-29'`) stand in single quotes, two of
/// them for one inside; numbers stand as digits; booleans are `true` and `false`. Every row either satisfies a
/// condition or its `not`: a blank cell is equal to nothing, so it satisfies `!=` and `not in`, and none of `=`, `<`,
/// `<=`, `>`, `>=` and `in`. The text '' is a blank. Nothing else can be said: no functions, no sub-queries. A plain
/// value; copies share the parsed form.
class RowFilter {
 public:
  /// Keeps every row.
  RowFilter() = default;

  /// Throws `invalid_argument`, naming the place: for a text that is no filter, a column that is not in the
  /// schema (with the nearest name) and a value that its column cannot be compared with.
  [[nodiscard]] static RowFilter parse(std::string_view text, const Schema& schema);

  [[nodiscard]] bool empty() const noexcept { return root_ == nullptr; }

  /// The filter in one spelling, whatever blanks, case and brackets it was written with; empty: no filter.
  [[nodiscard]] std::string text() const;

  /// The condition in SQL, every name and value quoted; `true` for the empty filter.
  [[nodiscard]] std::string sql() const;

 private:
  explicit RowFilter(std::shared_ptr<const FilterNode> root) : root_(std::move(root)) {}

  std::shared_ptr<const FilterNode> root_;
};

}  // namespace neve::dataset
