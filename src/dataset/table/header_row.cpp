#include "dataset/table/header_row.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include <neve/base/ascii.hpp>

#include "dataset/table/period_header.hpp"
#include "dataset/values/blank_words.hpp"
#include "dataset/values/currency_words.hpp"
#include "dataset/values/date_digits.hpp"
#include "dataset/values/date_text.hpp"
#include "dataset/values/number_text.hpp"
#include "dataset/values/period_names.hpp"

namespace neve::dataset {
namespace {

/// Halves of years are names of columns: 2024H1.
bool reads_as_value(const std::string& cell) {
  if (parse_number(cell, '.') || parse_number(cell, ',')) return true;
  const auto date = parse_date(cell);
  return date && date->shape != DateShape::half;
}

/// `–5` beside `6–10`, up to five, rather than a minus, which programs do not write so.
bool begins_with_dash(const std::string& cell) { return cell.starts_with("\u2013"); }

/// `Mo 31.1.2024` or `31. 1. 2024`: as people write days above columns.
bool is_day_for_reading(const std::string& cell) {
  return (is_letter(cell.front()) || cell.find(". ") != std::string::npos) && parse_date(cell);
}

/// In a row that may be a header: there a month or a year is a name.
bool looks_like_value(const std::string& cell) {
  return !cell.empty() && !period_of_header(cell) && reads_as_value(cell) && !is_day_for_reading(cell) &&
         !begins_with_dash(cell);
}

std::optional<ParsedNumber> number_of(const std::string& cell) {
  const auto number = parse_number(cell, '.');
  return number ? number : parse_number(cell, ',');
}

/// Whether its first or its last word is a year.
bool names_year(std::string_view cell) {
  return period_of_header(cell.substr(0, cell.find(' '))) || period_of_header(cell.substr(cell.rfind(' ') + 1));
}

/// Whether an amount in a column of the records behind one has a unit or a currency.
bool has_units_behind(const std::vector<SampleRecord>& records, std::size_t index, std::size_t column) {
  for (std::size_t i = index + 1; i < records.size(); ++i) {
    const auto number = column < records[i].fields.size() ? number_of(records[i].fields[column]) : std::nullopt;
    if (number && (number->traits & (kHasSuffix | kHasCurrency)) != 0) return true;
  }
  return false;
}

/// Whether an amount is the name of a column: `TEUR 2024`; `EUR 2024` and `500 Euro` above numbers without a unit.
bool is_name_with_unit(const std::vector<SampleRecord>& records, std::size_t index, std::size_t column) {
  const std::string& cell = records[index].fields[column];
  const auto number = number_of(cell);
  if (!number || number->micro < 0) return false;
  const bool suffix = (number->traits & kHasSuffix) != 0;
  const bool apart = cell.find(' ') != std::string::npos || cell.find("\u00A0") != std::string::npos;
  if (!apart && !(suffix && !is_digit(cell.front()))) return false;
  const bool year = names_year(cell);
  const bool currency = (number->traits & kHasCurrency) != 0 && (year || !is_currency(number->currency));
  return (suffix && year) || ((suffix || currency) && !has_units_behind(records, index, column));
}

/// Index of the header behind lines such as `Report,Sales,` and `Printed,2024-01-05,`, which leave their last cells
/// empty and are set apart from it by an empty line; `first` if they are none such.
std::size_t header_behind_notes(const std::vector<SampleRecord>& records, std::size_t first, std::size_t width) {
  constexpr std::size_t kMostNotes = 20;
  bool apart = false;
  for (std::size_t i = first; i < records.size() && i < first + kMostNotes; ++i) {
    const SampleRecord& record = records[i];
    apart = apart || record.filled() == 0 || (i > first && record.number != records[i - 1].number + 1);
    if (record.fields.size() != width || record.fields.back().empty()) continue;
    return apart && i > first && record.filled() == width && is_header(records, i) ? i : first;
  }
  return first;
}

const std::string& cell_of(const SampleRecord& record, std::size_t i) {
  static const std::string kNone;
  return i < record.fields.size() ? record.fields[i] : kNone;
}

/// Whether a cell is empty behind one that is not: what a name over several columns leaves.
bool has_gap(const SampleRecord& record) {
  const auto filled = [](const std::string& cell) { return !cell.empty(); };
  const auto first = std::find_if(record.fields.begin(), record.fields.end(), filled);
  return std::find(first, record.fields.end(), std::string()) != record.fields.end();
}

/// Whether names stand over several columns each, once or over every one of them.
bool spans_columns(const SampleRecord& record) {
  const auto again = [](const std::string& one, const std::string& next) { return !one.empty() && one == next; };
  return has_gap(record) ||
         std::adjacent_find(record.fields.begin(), record.fields.end(), again) != record.fields.end();
}

/// The names that stand in it more than once.
std::set<std::string_view> repeated_names(const std::vector<std::string>& names) {
  std::set<std::string_view> seen;
  std::set<std::string_view> repeated;
  for (const std::string& name : names) {
    if (!name.empty() && !seen.insert(name).second) repeated.insert(name);
  }
  return repeated;
}

/// `2024 Q1`, and `Jan 2024` where `Jan` stands below `2024`. T1 may be anything and stays where it is.
std::string joined(const std::string& above, const std::string& header) {
  const std::string behind = header + ' ' + above;
  const bool with_t = quarter_with_t(header) > 0 || quarter_with_t(above) > 0;
  const bool month_or_day = quarter_of_name(header) == 0 && !with_t && period_of_header(behind);
  return month_or_day ? behind : above + ' ' + header;
}

/// `Q1` below `2024`.
bool lacks_year_of(const std::string& header, const std::string& above) {
  return !period_of_header(header) && period_of_header(above) && period_of_header(joined(above, header));
}

/// Whether names of the lower record stand there more than once, and none does with what is above it.
bool tells_apart(const SampleRecord& upper, const SampleRecord& lower) {
  const std::set<std::string_view> repeated = repeated_names(lower.fields);
  if (repeated.empty()) return false;
  const std::vector<std::string> headers = headers_of_two(upper, lower);
  const std::set<std::string_view> still = repeated_names(headers);
  for (std::size_t i = 0; i < headers.size(); ++i) {
    if (repeated.contains(lower.fields[i]) && still.contains(headers[i])) return false;
  }
  return true;
}

/// Whether names of quarters or months in the lower record are periods with the years above them.
bool gives_years(const SampleRecord& upper, const SampleRecord& lower) {
  const std::vector<std::string> headers = headers_of_two(upper, lower);
  for (std::size_t i = 0; i < headers.size(); ++i) {
    if (period_of_header(headers[i]) && !period_of_header(lower.fields[i])) return true;
  }
  return false;
}

/// Whether what follows has numbers or dates in a column, and nothing else.
bool has_values_behind(const std::vector<SampleRecord>& records, std::size_t header, std::size_t column) {
  std::size_t values = 0;
  for (std::size_t i = header + 1; i < records.size(); ++i) {
    const std::string& cell = cell_of(records[i], column);
    if (cell.empty() || stands_for_blank(cell)) continue;
    if (!reads_as_value(cell)) return false;
    ++values;
  }
  return values > 0;
}

/// Whether two cells are a filter that a pivot table prints above itself, `Year` and `(All)`, or another note with its
/// value, `Printed by:`. `below` is what stands in the next row that has something, over the numbers.
bool is_note(const std::vector<std::string>& cells, const std::string& below) {
  static constexpr auto kOfPivots =
      std::to_array<std::string_view>({"Sum of ", "Count of ", "Average of ", "Summe von ", "Anzahl von ", "Somme de ",
                                       "Suma de ", "Soma de ", "Somma di ", "Som van "});
  const auto begins = [&below](std::string_view words) { return below.starts_with(words); };
  return cells.front().ends_with(':') || (cells.back().starts_with('(') && cells.back().ends_with(')')) ||
         std::any_of(kOfPivots.begin(), kOfPivots.end(), begins);
}

/// Index of the header of a table of two columns behind pairs of a name and its value, set apart by an empty line:
/// several, or one that is plainly a note; `first` if they are none such. Tables of their own have numbers there.
std::size_t header_behind_pairs(const std::vector<SampleRecord>& records, std::size_t first) {
  constexpr std::size_t kMostPairs = 20;
  std::size_t header = first + 1;
  const auto is_apart = [&] {
    return records[header].filled() == 0 || records[header].number != records[header - 1].number + 1;
  };
  bool days = true;
  for (; header < records.size() && header <= first + kMostPairs && !is_apart(); ++header) {
    const std::string& value = cell_of(records[header], 1);
    const bool day = parse_date(value).has_value();
    if (records[header].filled() != 2 || (number_of(value) && !day)) return first;
    days = days && day;
  }
  const std::size_t pairs = header - first;
  while (header < records.size() && records[header].filled() == 0) ++header;
  if (header >= records.size() || pairs > kMostPairs || (days && pairs > 2)) return first;
  const std::vector<std::string>& names = records[header].fields;
  const bool words = names.size() == 2 && records[header].filled() == 2 && is_header(records, header) &&
                     std::none_of(names.begin(), names.end(), [](const auto& name) { return stands_for_blank(name); });
  if (!words || !has_values_behind(records, header, 1)) return first;
  return pairs > 1 || is_note(records[first].fields, names.back()) ? header : first;
}

/// Whether a record leaves cells empty and has a word over numbers or dates in every other: units, or the lower names
/// where the upper one goes over both rows.
bool stands_over_values(const std::vector<SampleRecord>& records, std::size_t index, std::size_t width) {
  const SampleRecord& record = records[index];
  if (record.filled() == width) return false;
  for (std::size_t i = 0; i < width; ++i) {
    if (!record.fields[i].empty() && !has_values_behind(records, index, i)) return false;
  }
  return true;
}

/// What every header of two records has: both are of words, each column but the first has a name in one of them, and
/// numbers or dates stand below a name of the lower one.
bool may_be_header_of_two(const std::vector<SampleRecord>& records, std::size_t upper, std::size_t width) {
  if (upper + 2 >= records.size()) return false;
  const SampleRecord& above = records[upper];
  const SampleRecord& below = records[upper + 1];
  if (above.number + 1 != below.number || above.fields.size() > width || below.fields.size() != width) return false;
  if (!is_header(records, upper) || !is_header(records, upper + 1)) return false;
  bool over_values = false;
  bool named = false;
  for (std::size_t i = 0; i < width; ++i) {
    const std::string& name = below.fields[i];
    const bool nameless = name.empty() && cell_of(above, i).empty();
    if (nameless && named) return false;  // what rows are called by may have no name, at their beginning
    named = named || !nameless;
    // A row of data may have k.A. there, which may be an answer's name beside those of others as well: Yes, No, k.A.
    over_values = over_values || (!name.empty() && !stands_for_blank(name) && has_values_behind(records, upper + 1, i));
  }
  return over_values;
}

}  // namespace

bool is_header(const std::vector<SampleRecord>& records, std::size_t index) {
  const std::vector<std::string>& cells = records[index].fields;
  const bool months = are_year_months(cells);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const bool month = months && (only_digits(cells[i]) || dotted_month_of(cells[i]));
    if (looks_like_value(cells[i]) && !month && !is_name_with_unit(records, index, i)) return false;
  }
  return records[index].filled() > 0;
}

bool is_row_of_months(const std::vector<SampleRecord>& records, std::size_t index) {
  return index + 1 < records.size() && are_year_months(records[index].fields) &&
         are_year_months(records[index + 1].fields);
}

std::size_t first_wide(const std::vector<SampleRecord>& records, std::size_t width) {
  const std::size_t needed = width == 1 ? 1 : std::max<std::size_t>(2, (width + 1) / 2);
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (records[i].fields.size() != width || records[i].filled() < needed) continue;
    const bool comment = records[i].fields.front().starts_with("# ");
    if (comment && i + 1 < records.size() && records[i + 1].fields.size() == width && is_header(records, i + 1))
      continue;
    const std::size_t header = header_behind_notes(records, i, width);
    return width == 2 && header == i ? header_behind_pairs(records, i) : header;
  }
  return 0;
}

bool is_wide_header(const std::vector<SampleRecord>& records, std::size_t first, std::size_t width) {
  if (first == 0) return false;
  const SampleRecord& before = records[first - 1];
  const std::size_t names = before.filled_width();
  if (before.fields.size() <= width || names < width || !is_header(records, first - 1)) return false;
  if (before.number + 1 != records[first].number || before.filled() != names) return false;
  return names == width || !is_header(records, first);
}

bool is_header_of_two(const std::vector<SampleRecord>& records, std::size_t first, std::size_t width) {
  if (!may_be_header_of_two(records, first, width)) return false;
  const SampleRecord& upper = records[first];
  const SampleRecord& lower = records[first + 1];
  const bool remark = lower.filled() == 1 && !lower.fields.front().empty() && !cell_of(upper, 0).empty();
  if (remark) return false;  // nothing is measured in the first column, of names or times
  if (lower.filled() == width && has_gap(upper)) return true;
  return (spans_columns(upper) && tells_apart(upper, lower)) || stands_over_values(records, first + 1, width);
}

bool is_lower_header(const std::vector<SampleRecord>& records, std::size_t first, std::size_t width) {
  if (first == 0 || !may_be_header_of_two(records, first - 1, width)) return false;
  const SampleRecord& upper = records[first - 1];
  const SampleRecord& lower = records[first];
  return spans_columns(upper) && (tells_apart(upper, lower) || gives_years(upper, lower));
}

std::vector<std::string> headers_of_two(const SampleRecord& upper, const SampleRecord& lower) {
  std::vector<std::string> headers = lower.fields;
  const std::set<std::string_view> repeated = repeated_names(lower.fields);
  const bool spans = spans_columns(upper);
  std::string above;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    const std::string& own = cell_of(upper, i);
    if (!own.empty()) above = own;
    std::string& header = headers[i];
    if (header.empty()) {
      header = own;
    } else if (!spans && !own.empty()) {
      header = own + (header.front() == '(' ? " " + header : " (" + header + ")");
    } else if (!above.empty() && (repeated.contains(header) || lacks_year_of(header, above))) {
      header = joined(above, header);
    }
  }
  return headers;
}

}  // namespace neve::dataset
