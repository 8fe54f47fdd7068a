#include "dataset/table/header_row.hpp"

#include <algorithm>
#include <string>

#include <neve/base/ascii.hpp>

#include "dataset/table/period_header.hpp"
#include "dataset/values/blank_words.hpp"
#include "dataset/values/date_text.hpp"
#include "dataset/values/number_text.hpp"

namespace neve::dataset {
namespace {

bool looks_like_value(const std::string& cell) {
  return !cell.empty() && !period_of_header(cell) &&
         (parse_number(cell, '.') || parse_number(cell, ',') || parse_date(cell));
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
    return apart && i > first && record.filled() == width && is_header(record) ? i : first;
  }
  return first;
}

}  // namespace

bool is_header(const SampleRecord& record) {
  const bool months = are_year_months(record.fields);
  const auto is_value = [months](const std::string& cell) {
    return looks_like_value(cell) && !(months && only_digits(cell));
  };
  return record.filled() > 0 && std::none_of(record.fields.begin(), record.fields.end(), is_value);
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
    if (comment && i + 1 < records.size() && records[i + 1].fields.size() == width && is_header(records[i + 1]))
      continue;
    return header_behind_notes(records, i, width);
  }
  return 0;
}

bool is_wide_header(const std::vector<SampleRecord>& records, std::size_t first, std::size_t width) {
  if (first == 0) return false;
  const SampleRecord& before = records[first - 1];
  const std::size_t names = before.filled_width();
  if (before.fields.size() <= width || names < width || !is_header(before)) return false;
  if (before.number + 1 != records[first].number || before.filled() != names) return false;
  return names == width || !is_header(records[first]);
}

bool is_header_of_two(const std::vector<SampleRecord>& records, std::size_t first, std::size_t width) {
  if (first + 2 >= records.size()) return false;
  const SampleRecord& upper = records[first];
  const SampleRecord& lower = records[first + 1];
  const auto filled_cell = [](const std::string& cell) { return !cell.empty(); };
  const auto gap =
      std::find(std::find_if(upper.fields.begin(), upper.fields.end(), filled_cell), upper.fields.end(), std::string());
  if (gap == upper.fields.end() || upper.number + 1 != lower.number || lower.fields.size() != width) return false;
  if (lower.filled() != width || !is_header(upper) || !is_header(lower)) return false;
  for (std::size_t i = 0; i < width; ++i) {
    if (stands_for_blank(lower.fields[i])) return false;
  }
  for (std::size_t i = 0; i < width; ++i) {
    std::size_t values = 0;
    const auto fits = [&](const SampleRecord& record) {
      if (record.fields.size() <= i || record.fields[i].empty()) return true;
      values += looks_like_value(record.fields[i]) ? 1 : 0;
      return looks_like_value(record.fields[i]) || stands_for_blank(record.fields[i]);
    };
    const auto behind = records.begin() + static_cast<std::ptrdiff_t>(first) + 2;
    if (std::all_of(behind, records.end(), fits) && values > 0) return true;
  }
  return false;
}

std::vector<std::string> headers_of_two(const SampleRecord& upper, const SampleRecord& lower) {
  std::vector<std::string> headers = lower.fields;
  std::string above;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    if (i < upper.fields.size() && !upper.fields[i].empty()) above = upper.fields[i];
    const bool again = std::count(lower.fields.begin(), lower.fields.end(), lower.fields[i]) > 1;
    if (again && !above.empty()) headers[i] = above + ' ' + lower.fields[i];
  }
  return headers;
}

}  // namespace neve::dataset
