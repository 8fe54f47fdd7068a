#include "dataset/table/table_layout.hpp"

#include <algorithm>

#include <neve/dataset/refused_file.hpp>

#include "dataset/csv/record_reader.hpp"
#include "dataset/table/dialect_search.hpp"
#include "dataset/table/header_row.hpp"
#include "dataset/table/sample_records.hpp"
#include "dataset/text/file_input.hpp"
#include "dataset/values/cell_text.hpp"

namespace neve::dataset {
namespace {

constexpr std::size_t kSampleBytes = std::size_t{256} << 10;
constexpr double kLeastConsistent = 0.5;
constexpr std::size_t kLongestLine = 1000;  // of a table with one column

/// The beginning of the text, cut behind a line unless it is all of it. Longer where a first line is: one that is cut
/// would be a header that lacks its last columns.
std::string read_sample(const TextFile& text) {
  FileInput input(text.path, text.skip);
  std::string sample;
  std::size_t end = std::string::npos;
  for (std::size_t most = kSampleBytes; most <= RecordReader::kLongestRecord && end == std::string::npos; most *= 2) {
    std::size_t size = sample.size();
    sample.resize(most);
    while (size < most) {
      const std::size_t count = input.read({sample.data() + size, most - size});
      if (count == 0) break;
      size += count;
    }
    sample.resize(size);
    if (size < most) return sample;
    end = sample.find_last_of("\r\n");
  }
  if (end != std::string::npos) sample.resize(end + 1);
  return sample;
}

[[noreturn]] void no_table(const std::string& name, const std::string& why) {
  throw Error(ErrorCode::invalid_argument, "'" + name + "' is not a table: " + why);
}

std::vector<std::string> numbered_headers(std::size_t width) {
  std::vector<std::string> headers;
  for (std::size_t i = 1; i <= width; ++i) headers.push_back("column " + std::to_string(i));
  return headers;
}

TableLayout layout_at(std::uint64_t header_row, const std::vector<SampleRecord>& records, const std::string& name) {
  TableLayout layout;
  const auto found =
      std::find_if(records.begin(), records.end(), [&](const SampleRecord& r) { return r.number >= header_row; });
  if (found == records.end() || (header_row > 0 && found->number != header_row)) {
    throw WrongOption("header_row", "'" + name + "' has no row in line " + std::to_string(header_row) +
                                        ", where its header is said to be");
  }
  layout.has_header = header_row > 0;
  layout.headers = layout.has_header ? found->fields : numbered_headers(width_of(records).fields);
  layout.first_record = layout.has_header ? found->number + 1 : 1;
  layout.preface_records = layout.has_header ? static_cast<std::uint64_t>(found - records.begin()) : 0;
  return layout;
}

/// Refuses what has no columns, or rows of any length.
void check_width(const TableWidth& width, const std::vector<SampleRecord>& records, bool sheet,
                 const std::string& name) {
  if (width.share < kLeastConsistent) {
    no_table(
        name,
        "its lines have different numbers of fields, whatever separates them; name the delimiter, or the line of its "
        "header, below which rows with fewer fields are told of and left out (--delimiter, --header-row)");
  }
  if (width.fields > 1) return;
  if (sheet && records.size() < 2) {
    no_table(name, "the sheet has one cell; a table has a header and rows below it (--sheet names another sheet)");
  }
  const auto long_line = [](const SampleRecord& r) { return r.fields.front().size() > kLongestLine; };
  if (!sheet && (records.size() < 2 || std::any_of(records.begin(), records.end(), long_line))) {
    no_table(name, "no character separates its lines into columns");
  }
}

/// Without the columns at the end that have no name, as a delimiter behind the last name makes one.
std::size_t named_width(const std::vector<std::string>& headers) {
  const auto last = std::find_if(headers.rbegin(), headers.rend(), [](const std::string& h) { return !h.empty(); });
  return static_cast<std::size_t>(headers.rend() - last);
}

/// With the header where it seems to be, if there is one.
TableLayout layout_found(std::vector<SampleRecord>& records, std::size_t width) {
  TableLayout layout;
  std::size_t first = first_wide(records, width);
  // Rows that have all cells of a wide header may be the first ones below it.
  for (std::size_t above = first; above > 0 && records[above].fields.size() >= width; --above) {
    if (is_wide_header(records, above, width)) first = above;
  }
  if (is_wide_header(records, first, width)) {
    --first;
    records[first].fields.resize(records[first].filled_width());
    if (records[first].fields.size() > width) layout.least_fields = width;
  }
  layout.has_header = is_header(records, first) && !is_row_of_months(records, first);
  layout.headers = layout.has_header ? records[first].fields : numbered_headers(width);
  if (layout.has_header && layout.least_fields == 0) {
    const bool goes_on = is_header_of_two(records, first, width);
    if (goes_on) ++first;
    if (goes_on || is_lower_header(records, first, width))
      layout.headers = headers_of_two(records[first - 1], records[first]);
  }
  layout.first_record = records[first].number + (layout.has_header ? 1 : 0);
  layout.preface_records = first;
  if (!layout.has_header && first > 0 && records[first - 1].filled() > 1 && is_header(records, first - 1)) {
    layout.narrow_header = "line " + std::to_string(records[first - 1].number) + " has " +
                           std::to_string(records[first - 1].fields.size()) + " cells where the rows have " +
                           std::to_string(width);
  }
  return layout;
}

}  // namespace

TableLayout find_layout(const TextFile& text, const LayoutOptions& options, const std::string& name) {
  const std::string sample = read_sample(text);
  if (trimmed(sample).empty()) no_table(name, "it is empty");
  const Dialect dialect = text.dialect ? *text.dialect : find_dialect(sample, options.delimiter, options.quote);
  std::vector<SampleRecord> records = split_sample(sample, dialect, text.sheet_width).records;
  drop_empty_end(records);
  if (records.empty()) no_table(name, "it is empty");
  TableLayout layout;
  if (options.header_row) {
    layout = layout_at(*options.header_row, records, name);
  } else {
    const TableWidth width = width_of(records);
    check_width(width, records, text.sheet_width > 0, name);
    layout = layout_found(records, width.fields);
  }
  layout.dialect = dialect;
  if (text.sheet_width > 0) return layout;  // whose rows may end anywhere
  const std::size_t named = named_width(layout.headers);
  if (layout.least_fields == 0 && named > 1 && named < layout.headers.size()) layout.least_fields = named;
  return layout;
}

}  // namespace neve::dataset
