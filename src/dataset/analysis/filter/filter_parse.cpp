#include <neve/dataset/analysis/row_filter.hpp>

#include <algorithm>
#include <vector>

#include <neve/base/error.hpp>

#include "dataset/analysis/filter/filter_node.hpp"
#include "dataset/analysis/filter/filter_words.hpp"

namespace neve::dataset {
namespace {

constexpr std::size_t kMaxFilterBytes = 4096;
constexpr std::size_t kMaxDepth = 32;

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  for (const std::size_t i : {0U, 1U, 2U, 3U, 5U, 6U, 8U, 9U}) {
    if (text[i] < '0' || text[i] > '9') return false;
  }
  const int month = (text[5] - '0') * 10 + (text[6] - '0');
  const int day = (text[8] - '0') * 10 + (text[9] - '0');
  const int year = (text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 + (text[3] - '0');
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month >= 1 && month <= 12 && day >= 1 && day <= kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

/// Recursive descent: or, and, not, then one comparison. One per parse.
class FilterParser {
 public:
  FilterParser(std::string_view text, const Schema& schema) : words_(text), schema_(schema) {}

  FilterNode parse() {
    FilterNode node = parse_any();
    if (words_.current().kind != FilterWord::Kind::end) words_.refuse("'and', 'or' or the end");
    return node;
  }

 private:
  FilterNode parse_any() {
    return parse_list("or", FilterNode::Kind::any_of, [this] { return parse_all(); });
  }
  FilterNode parse_all() {
    return parse_list("and", FilterNode::Kind::all_of, [this] { return parse_not(); });
  }

  template <class ParsePart>
  FilterNode parse_list(std::string_view keyword, FilterNode::Kind kind, ParsePart parse_part) {
    FilterNode list;
    list.kind = kind;
    const auto add = [&list, kind](FilterNode part) {
      if (part.kind == kind) {
        std::move(part.parts.begin(), part.parts.end(), std::back_inserter(list.parts));
      } else {
        list.parts.push_back(std::move(part));
      }
    };
    add(parse_part());
    while (words_.skip_keyword(keyword)) add(parse_part());
    return list.parts.size() == 1 ? FilterNode(list.parts.front()) : list;
  }

  FilterNode parse_not() {
    if (++depth_ > kMaxDepth) words_.refuse("fewer than 32 levels of brackets");
    FilterNode node = words_.skip_keyword("not") ? negate(parse_not()) : parse_one();
    --depth_;
    return node;
  }

  static FilterNode negate(FilterNode part) {
    if (part.kind == FilterNode::Kind::negation) return FilterNode(part.parts.front());
    FilterNode node;
    node.kind = FilterNode::Kind::negation;
    node.parts.push_back(std::move(part));
    return node;
  }

  FilterNode parse_one() {
    if (words_.skip_sign("(")) {
      FilterNode node = parse_any();
      if (!words_.skip_sign(")")) words_.refuse("')'");
      return node;
    }
    FilterNode node;
    const Column& column = parse_column();
    node.column = column.name;
    node.cells = cell_kind(column.type);
    if (words_.skip_keyword("is")) return parse_blank(std::move(node));
    if (words_.skip_keyword("in")) return parse_membership(std::move(node));
    if (words_.skip_keyword("not")) {
      if (!words_.skip_keyword("in")) words_.refuse("'in'");
      return negate(parse_membership(std::move(node)));
    }
    return parse_comparison(std::move(node));
  }

  const Column& parse_column() {
    const FilterWord word = words_.current();
    if (word.kind != FilterWord::Kind::name && word.kind != FilterWord::Kind::quoted_name) {
      words_.refuse("a column's name");
    }
    const Column& column = schema_.column(word.text);
    words_.advance();
    return column;
  }

  FilterNode parse_blank(FilterNode node) {
    node.kind = FilterNode::Kind::blank;
    const bool inverted = words_.skip_keyword("not");
    if (!words_.skip_keyword("blank") && !words_.skip_keyword("null")) words_.refuse("'blank' or 'not blank'");
    return inverted ? negate(std::move(node)) : node;
  }

  FilterNode parse_membership(FilterNode node) {
    node.kind = FilterNode::Kind::membership;
    if (!words_.skip_sign("(")) words_.refuse("'(' and a list of values");
    do {
      node.literals.push_back(parse_literal(node));
    } while (words_.skip_sign(","));
    if (!words_.skip_sign(")")) words_.refuse("',' or ')'");
    const auto before = [](const auto& a, const auto& b) { return a.text < b.text; };
    const auto same = [](const auto& a, const auto& b) { return a.text == b.text; };
    std::sort(node.literals.begin(), node.literals.end(), before);
    node.literals.erase(std::unique(node.literals.begin(), node.literals.end(), same), node.literals.end());
    return with_blank(std::move(node));
  }

  /// The text '' means a blank cell: it is asked for as one.
  static FilterNode with_blank(FilterNode node) {
    const bool text = node.cells == CellKind::text && node.literals.front().text.empty();  // '' is the first of a list
    const bool equal = node.kind == FilterNode::Kind::membership || node.comparison == "=" || node.comparison == "!=";
    if (!text || !equal) return node;
    FilterNode blank;
    blank.kind = FilterNode::Kind::blank;
    blank.column = node.column;
    blank.cells = node.cells;
    if (node.kind == FilterNode::Kind::comparison) return node.comparison == "=" ? blank : negate(std::move(blank));
    node.literals.erase(node.literals.begin());
    if (node.literals.empty()) return blank;
    FilterNode either;
    either.kind = FilterNode::Kind::any_of;
    either.parts = {std::move(node), std::move(blank)};
    return either;
  }

  FilterNode parse_comparison(FilterNode node) {
    node.kind = FilterNode::Kind::comparison;
    for (const char* sign : {"=", "!=", "<=", ">=", "<", ">"}) {
      if (!words_.skip_sign(sign)) continue;
      node.comparison = sign;
      node.literals.push_back(parse_literal(node));
      return with_blank(std::move(node));
    }
    words_.refuse("one of = != < <= > >= in is");
  }

  FilterNode::Literal parse_literal(const FilterNode& node) {
    const FilterWord word = words_.current();
    FilterNode::Literal literal{word.text, node.cells};
    bool fits = false;
    std::string needs;
    switch (node.cells) {
      case CellKind::number:
        fits = word.kind == FilterWord::Kind::number;
        needs = "a number";
        break;
      case CellKind::text:
        fits = word.kind == FilterWord::Kind::text;
        needs = "a text in single quotes";
        break;
      case CellKind::date:
        fits = word.kind == FilterWord::Kind::text && is_date(word.text);
        needs = "a date such as '2024-02-29'";
        break;
      case CellKind::boolean:
        fits = word.is("true") || word.is("false");
        literal.text = word.is("true") ? "true" : "false";
        needs = "true or false";
        break;
    }
    if (!fits) words_.refuse(needs + ", which is what column '" + node.column + "' can be compared with,");
    words_.advance();
    return literal;
  }

  FilterWords words_;
  const Schema& schema_;
  std::size_t depth_ = 0;
};

}  // namespace

RowFilter RowFilter::parse(std::string_view text, const Schema& schema) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return {};
  if (text.size() > kMaxFilterBytes) {
    throw Error(ErrorCode::invalid_argument, "the filter is longer than 4096 bytes; make it shorter");
  }
  return RowFilter(std::make_shared<const FilterNode>(FilterParser(text, schema).parse()));
}

}  // namespace neve::dataset
