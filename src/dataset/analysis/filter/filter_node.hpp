#pragma once

#include <string>
#include <vector>

#include <neve/dataset/schema.hpp>

namespace neve::dataset {

/// What the cells of a column can be compared with.
enum class CellKind { number, text, date, boolean };

[[nodiscard]] inline CellKind cell_kind(ColumnType type) noexcept {
  switch (type) {
    case ColumnType::integer:
    case ColumnType::decimal:
    case ColumnType::fraction:
      return CellKind::number;
    case ColumnType::date:
      return CellKind::date;
    case ColumnType::boolean:
      return CellKind::boolean;
    case ColumnType::text:
      break;
  }
  return CellKind::text;
}

/// One part of a filter's tree. A plain value.
struct FilterNode {
  enum class Kind { all_of, any_of, negation, comparison, membership, blank };

  struct Literal {
    std::string text;  ///< unquoted
    CellKind kind = CellKind::text;
  };

  Kind kind = Kind::comparison;
  std::vector<FilterNode> parts;    ///< of all_of and any_of; the one of negation
  std::string column;               ///< of the others: its normalised name ...
  CellKind cells = CellKind::text;  ///< ... and what it holds
  std::string comparison;           ///< `=`, `!=`, `<`, `<=`, `>`, `>=`
  std::vector<Literal> literals;
};

}  // namespace neve::dataset
