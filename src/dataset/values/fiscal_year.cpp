#include "dataset/values/fiscal_year.hpp"

#include <neve/base/ascii.hpp>

#include "dataset/values/cell_text.hpp"
#include "dataset/values/era_year.hpp"

namespace neve::dataset {
namespace {

constexpr int kOldestShortYear = 69;  // as in dates
constexpr std::size_t kLongest = 16;

/// Takes two or four digits with no more behind them; -1: there are others.
int take_year(std::string_view& text, std::size_t& digits) {
  digits = 0;
  int value = 0;
  while (digits < text.size() && digits < 5 && is_digit(text[digits])) value = value * 10 + (text[digits++] - '0');
  if (digits != 2 && digits != 4) return -1;
  text.remove_prefix(digits);
  return value;
}

bool take_mark(std::string_view& text) {
  for (const std::string_view mark : {"/", "-", "\u2013"}) {
    if (!text.starts_with(mark)) continue;
    text.remove_prefix(mark.size());
    return true;
  }
  return false;
}

/// Takes what stands behind a year in Chinese, Japanese and Korean: 2023年, 2023年度, 2023년.
bool take_year_word(std::string_view& text) {
  for (const std::string_view word : {"年度", "年", "년"}) {
    if (!text.ends_with(word)) continue;
    text.remove_suffix(word.size());
    return true;
  }
  return false;
}

}  // namespace

std::optional<FiscalYear> parse_fiscal_year(std::string_view cell) {
  // Nearly every cell ends here: it begins otherwise, or with digits that no mark follows where a range has it.
  if (cell.size() < 4 || cell.size() > kLongest) return std::nullopt;
  if (const int year = take_era_year(cell); year > 0)
    return cell.empty() || cell == "度" ? std::optional(FiscalYear{.year = year}) : std::nullopt;
  const bool named = equals_ignoring_case(cell.substr(0, 2), "fy");
  if (!named && (!is_digit(cell.front()) || cell.size() < 7 || is_digit(cell[4]))) return std::nullopt;
  const bool marked = take_year_word(cell);
  std::string_view rest = named ? trimmed(cell.substr(2)) : cell;
  std::size_t digits = 0;
  const int first = take_year(rest, digits);
  if (first < 0 || (digits == 2 && !named) || (marked && (named || !rest.empty()))) return std::nullopt;
  FiscalYear fiscal;
  fiscal.short_year = digits == 2;
  fiscal.year = digits == 4 ? first : first >= kOldestShortYear ? 1900 + first : 2000 + first;
  if (fiscal.year < 1900 || fiscal.year > 2099) return std::nullopt;
  if (rest.empty()) return named || marked ? std::optional(fiscal) : std::nullopt;
  if (!take_mark(rest)) return std::nullopt;
  fiscal.range = true;
  const int second = take_year(rest, digits);
  const int next = fiscal.year + 1;
  return rest.empty() && second == (digits == 2 ? next % 100 : next) ? std::optional(fiscal) : std::nullopt;
}

}  // namespace neve::dataset
