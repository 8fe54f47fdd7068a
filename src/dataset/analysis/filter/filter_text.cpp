#include <neve/base/ascii.hpp>
#include <neve/dataset/analysis/row_filter.hpp>

#include "dataset/analysis/filter/filter_node.hpp"
#include "dataset/parquet/sql_text.hpp"

namespace neve::dataset {
namespace {

bool plain_name(std::string_view name) {
  if (name.empty() || is_digit(name.front())) return false;
  for (const char c : name) {
    if (!(is_lower(c) || is_digit(c) || c == '_')) return false;
  }
  for (const char* word : {"and", "or", "not", "in", "is", "blank", "null", "true", "false"}) {
    if (name == word) return false;
  }
  return true;
}

/// How a tree is spelt: as a person writes it, or in SQL.
struct Spelling {
  bool sql = false;

  [[nodiscard]] std::string name(const FilterNode& node) const {
    return !sql && plain_name(node.column) ? node.column : sql_name(node.column);
  }
  [[nodiscard]] std::string literal(const FilterNode::Literal& literal) const {
    if (literal.kind == CellKind::number || literal.kind == CellKind::boolean) return literal.text;
    return (sql && literal.kind == CellKind::date ? "DATE " : "") + sql_text(literal.text);
  }
  [[nodiscard]] std::string blank(const FilterNode& node) const {
    if (!sql) return name(node) + " is blank";
    const std::string null = name(node) + " IS NULL";
    return node.cells == CellKind::text ? "(" + null + " OR " + name(node) + " = '')" : null;
  }
  [[nodiscard]] std::string list(const FilterNode& node) const {
    std::string text;
    for (const FilterNode& part : node.parts) {
      const bool bracketed = part.kind == FilterNode::Kind::any_of || part.kind == FilterNode::Kind::all_of;
      text += text.empty() ? "" : node.kind == FilterNode::Kind::any_of ? " or " : " and ";
      text += bracketed ? "(" + spell(part) + ")" : spell(part);
    }
    return text;
  }
  [[nodiscard]] std::string membership(const FilterNode& node) const {
    std::string values;
    for (const FilterNode::Literal& value : node.literals) values += (values.empty() ? "" : ", ") + literal(value);
    return name(node) + " in (" + values + ")";
  }
  /// SQL has a third truth value for what is neither true nor false of a NULL. Of `and`, `or`, `=`, `<` and the like it
  /// leaves a row out as false does; only where they are negated, and for `!=`, it must be made false.
  [[nodiscard]] std::string negation(const FilterNode& part) const {
    return sql ? "not coalesce(" + spell(part) + ", false)" : "not (" + spell(part) + ")";
  }
  [[nodiscard]] std::string comparison(const FilterNode& node) const {
    const std::string value = literal(node.literals.front());
    if (sql && node.comparison == "!=") return name(node) + " IS DISTINCT FROM " + value;
    const std::string text = name(node) + " " + node.comparison + " " + value;
    const bool blank_is_less = sql && node.cells == CellKind::text && node.comparison.front() == '<';
    return blank_is_less ? "(" + text + " AND " + name(node) + " != '')" : text;
  }
  [[nodiscard]] std::string spell(const FilterNode& node) const {
    switch (node.kind) {
      case FilterNode::Kind::all_of:
      case FilterNode::Kind::any_of:
        return list(node);
      case FilterNode::Kind::negation:
        return negation(node.parts.front());
      case FilterNode::Kind::membership:
        return membership(node);
      case FilterNode::Kind::blank:
        return blank(node);
      case FilterNode::Kind::comparison:
        break;
    }
    return comparison(node);
  }
};

}  // namespace

std::string RowFilter::text() const { return root_ ? Spelling{}.spell(*root_) : std::string(); }

std::string RowFilter::sql() const { return root_ ? Spelling{true}.spell(*root_) : std::string("true"); }

}  // namespace neve::dataset
