#include <neve/dataset/option_words.hpp>

#include <string>

#include <neve/base/error.hpp>

namespace neve::dataset {
namespace {

bool is_one_character(std::string_view word) {
  return word.size() == 1 && (word[0] == '\t' || (word[0] > ' ' && word[0] <= '~'));
}

}  // namespace

std::string_view to_string(DateOrder order) {
  switch (order) {
    case DateOrder::day_first:
      return "dmy";
    case DateOrder::month_first:
      return "mdy";
    case DateOrder::automatic:
      break;
  }
  return "auto";
}

DateOrder parse_date_order(std::string_view word) {
  for (const DateOrder order : {DateOrder::automatic, DateOrder::day_first, DateOrder::month_first}) {
    if (word == to_string(order)) return order;
  }
  throw Error(ErrorCode::invalid_argument, "the date order is auto, dmy or mdy, not '" + std::string(word) + "'");
}

std::string_view to_string(TotalRowsUse use) { return use == TotalRowsUse::keep ? "keep" : "exclude"; }

TotalRowsUse parse_total_rows_use(std::string_view word) {
  for (const TotalRowsUse use : {TotalRowsUse::exclude, TotalRowsUse::keep}) {
    if (word == to_string(use)) return use;
  }
  throw Error(ErrorCode::invalid_argument, "rows of sums are to keep or to exclude, not '" + std::string(word) + "'");
}

char parse_decimal_mark(std::string_view word) {
  if (word == "." || word == "point") return '.';
  if (word == "," || word == "comma") return ',';
  throw Error(ErrorCode::invalid_argument, "the decimal mark is point or comma, not '" + std::string(word) + "'");
}

char parse_delimiter(std::string_view word) {
  if (word == "tab" || word == "\\t") return '\t';
  if (is_one_character(word)) return word[0];
  throw Error(ErrorCode::invalid_argument,
              "the delimiter is one ASCII character, or tab, not '" + std::string(word) + "'");
}

char parse_quote(std::string_view word) {
  if (word == "none") return '\0';
  if (is_one_character(word)) return word[0];
  throw Error(ErrorCode::invalid_argument,
              "the quote is one ASCII character, or none, not '" + std::string(word) + "'");
}

}  // namespace neve::dataset
