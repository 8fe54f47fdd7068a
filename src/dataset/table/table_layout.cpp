#include "dataset/table/table_layout.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <set>

#include <neve/dataset/refused_file.hpp>

#include "dataset/csv/record_reader.hpp"
#include "dataset/table/period_header.hpp"
#include "dataset/text/file_input.hpp"
#include "dataset/values/blank_words.hpp"
#include "dataset/values/cell_text.hpp"
#include "dataset/values/date_text.hpp"
#include "dataset/values/number_text.hpp"

namespace neve::dataset {
namespace {

constexpr std::size_t kSampleBytes = std::size_t{256} << 10;
constexpr std::size_t kSampleRecords = 1000;
constexpr std::array<char, 7> kDelimiters{',', ';', '\t', '|', ':', '^', '~'};
constexpr double kLeastConsistent = 0.5;
constexpr std::size_t kLongestLine = 1000;  // of a table with one column

class MemoryInput final : public TextInput {
 public:
  explicit MemoryInput(std::string_view text) : text_(text) {}
  std::size_t read(std::span<char> out) override {
    const std::size_t count = std::min(out.size(), text_.size());
    std::memcpy(out.data(), text_.data(), count);
    text_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view text_;
};

struct SampleRecord {
  std::vector<std::string> fields;  // trimmed
  std::uint64_t number;
};

struct Sample {
  std::vector<SampleRecord> records;
  std::uint64_t odd_quotes = 0;
};

Sample split(std::string_view text, const Dialect& dialect, std::size_t sheet_width = 0) {
  MemoryInput input(text);
  RecordReader reader(input, dialect);
  Sample sample;
  Record record;
  while (sample.records.size() < kSampleRecords && reader.next(record)) {
    SampleRecord kept{{}, record.number};
    for (const std::string_view field : record.fields) kept.fields.emplace_back(trimmed(field));
    if (kept.fields.size() < sheet_width) kept.fields.resize(sheet_width);
    sample.records.push_back(std::move(kept));
  }
  sample.odd_quotes = reader.odd_quotes();
  return sample;
}

/// The most frequent number of fields, larger ones first among equals, and how many of the records have it.
struct Width {
  std::size_t fields = 0;
  double share = 0;
};

Width width_of(const std::vector<SampleRecord>& records) {
  std::map<std::size_t, std::size_t> counts;
  for (const SampleRecord& record : records) ++counts[record.fields.size()];
  Width width;
  std::size_t most = 0;
  for (const auto& [fields, count] : counts) {
    if (count < most) continue;
    most = count;
    width = {fields, static_cast<double>(count) / static_cast<double>(records.size())};
  }
  return width;
}

/// Rows that end in a delimiter more than their header have an empty field more: the table ends before it.
void drop_empty_end(std::vector<SampleRecord>& records) {
  const auto header = std::find_if(records.begin(), records.end(), [](const auto& r) { return r.fields.size() > 1; });
  if (header == records.end()) return;
  const std::size_t needed = header->fields.size();
  std::size_t widest = 0;
  for (const SampleRecord& record : records) widest = std::max(widest, record.fields.size());
  const auto empty_at = [](std::size_t i) {
    return [i](const SampleRecord& record) { return record.fields.size() <= i || record.fields[i].empty(); };
  };
  while (widest > needed && std::all_of(records.begin(), records.end(), empty_at(widest - 1))) --widest;
  for (SampleRecord& record : records) record.fields.resize(std::min(record.fields.size(), widest));
}

bool looks_like_value(const std::string& cell) {
  return !cell.empty() && !period_of_header(cell) &&
         (parse_number(cell, '.') || parse_number(cell, ',') || parse_date(cell));
}

std::size_t filled(const SampleRecord& record) {
  return static_cast<std::size_t>(
      std::count_if(record.fields.begin(), record.fields.end(), [](const std::string& cell) { return !cell.empty(); }));
}

bool is_header(const SampleRecord& record) {
  return filled(record) > 0 && std::none_of(record.fields.begin(), record.fields.end(), looks_like_value);
}

/// Index of the header behind lines such as `Report,Sales,` and `Printed,2024-01-05,`, which leave their last cells
/// empty and are set apart from it by an empty line; `first` if they are none such.
std::size_t header_behind_notes(const std::vector<SampleRecord>& records, std::size_t first, std::size_t width) {
  constexpr std::size_t kMostNotes = 20;
  bool apart = false;
  for (std::size_t i = first; i < records.size() && i < first + kMostNotes; ++i) {
    const SampleRecord& record = records[i];
    apart = apart || filled(record) == 0 || (i > first && record.number != records[i - 1].number + 1);
    if (record.fields.size() != width || record.fields.back().empty()) continue;
    return apart && i > first && filled(record) == width && is_header(record) ? i : first;
  }
  return first;
}

/// Index of the first record wide enough to be the header: titles and notes before it fill few cells, and a comment
/// ("# exported, 2024") may have as many as the header that follows it.
std::size_t first_wide(const std::vector<SampleRecord>& records, std::size_t width) {
  const std::size_t needed = width == 1 ? 1 : std::max<std::size_t>(2, (width + 1) / 2);
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (records[i].fields.size() != width || filled(records[i]) < needed) continue;
    const bool comment = records[i].fields.front().starts_with("# ");
    if (comment && i + 1 < records.size() && records[i + 1].fields.size() == width && is_header(records[i + 1]))
      continue;
    return header_behind_notes(records, i, width);
  }
  return 0;
}

/// Whether the header goes on in the record behind `first`: names over several columns leave cells empty behind them,
/// where the next record has a name over each column, and what follows has numbers or dates below some of these.
bool is_header_of_two(const std::vector<SampleRecord>& records, std::size_t first, std::size_t width) {
  if (first + 2 >= records.size()) return false;
  const SampleRecord& upper = records[first];
  const SampleRecord& lower = records[first + 1];
  const auto filled_cell = [](const std::string& cell) { return !cell.empty(); };
  const auto gap =
      std::find(std::find_if(upper.fields.begin(), upper.fields.end(), filled_cell), upper.fields.end(), std::string());
  if (gap == upper.fields.end() || upper.number + 1 != lower.number || lower.fields.size() != width) return false;
  if (filled(lower) != width || !is_header(upper) || !is_header(lower)) return false;
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

/// The names of the lower record; those that stand there more than once with what is above them.
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

/// The fields of a record without the empty ones at its end.
std::size_t filled_width(const SampleRecord& record) {
  const auto last =
      std::find_if(record.fields.rbegin(), record.fields.rend(), [](const auto& f) { return !f.empty(); });
  return static_cast<std::size_t>(record.fields.rend() - last);
}

/// Whether the record before `first`, wider than the rows, is the header: of words, one over each of their cells, and
/// either nothing more than delimiters behind them, or names of cells that rows have only if they are filled. Titles
/// are told by what follows them, which is then the header.
bool is_wide_header(const std::vector<SampleRecord>& records, std::size_t first, std::size_t width) {
  if (first == 0) return false;
  const SampleRecord& before = records[first - 1];
  const std::size_t names = filled_width(before);
  if (before.fields.size() <= width || names < width || !is_header(before)) return false;
  if (before.number + 1 != records[first].number || filled(before) != names) return false;
  return names == width || !is_header(records[first]);
}

/// How good a dialect is: consistent records, several fields, words in the first of them.
double score(const std::vector<SampleRecord>& records) {
  if (records.empty()) return 0;
  const Width width = width_of(records);
  if (width.fields < 2) return 0;
  const double header = is_header(records[first_wide(records, width.fields)]) ? 1 : 0.5;
  return width.share * width.share * header * static_cast<double>(std::min<std::size_t>(width.fields, 8));
}

/// Whether commas stand in numbers only, as decimal marks, but for names in the first record: then they separate
/// nothing, though they be as many as what does.
bool commas_are_decimal_marks(const std::vector<SampleRecord>& records) {
  bool any = false;
  for (std::size_t i = 1; i < records.size(); ++i) {
    for (const std::string& field : records[i].fields) {
      if (field.find(',') == std::string::npos) continue;
      if (!parse_number(field, ',')) return false;
      any = true;
    }
  }
  return any;
}

bool opens_a_field(std::string_view sample, const Dialect& dialect, char quote) {
  return sample.find(std::string{dialect.delimiter, quote}) != std::string_view::npos ||
         sample.find(std::string{dialect.line_end, quote}) != std::string_view::npos;
}

/// Whether apostrophes are the quotes, also where no quoted field holds a delimiter that would tell: several fields
/// begin with one, each of these ends with one, and no field begins with a quotation mark.
bool quoted_by_apostrophes(std::string_view sample, Dialect dialect) {
  if (opens_a_field(sample, dialect, '"') || !opens_a_field(sample, dialect, '\'')) return false;
  dialect.quote = '"';
  std::size_t enclosed = 0;
  for (const SampleRecord& record : split(sample, dialect).records) {
    for (const std::string& field : record.fields) {
      if (!field.starts_with('\'')) continue;
      if (field.size() < 2 || !field.ends_with('\'')) return false;
      ++enclosed;
    }
  }
  return enclosed > 1;
}

/// Whether records end in CR alone: some stands outside quotes and no LF does. Excel for Mac writes such files, with LF
/// for a break within a cell.
bool ends_in_carriage_returns(std::string_view sample, char quote) {
  const auto separates = [](char c) {
    return c == '\r' || c == '\n' || std::find(kDelimiters.begin(), kDelimiters.end(), c) != kDelimiters.end();
  };
  bool quoted = false;
  bool found = false;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const char c = sample[i];
    if (c == quote && quote != '\0') {
      if (!quoted) {
        quoted = i == 0 || separates(sample[i - 1]);
      } else if (i + 1 < sample.size() && sample[i + 1] == quote) {
        ++i;
      } else {
        quoted = i + 1 < sample.size() && !separates(sample[i + 1]);
      }
    } else if (!quoted) {
      if (c == '\n') return false;
      found = found || c == '\r';
    }
  }
  return found;
}

Dialect find_dialect(std::string_view sample, const LayoutOptions& options) {
  const bool backslashes = sample.find("\\\"") != std::string_view::npos;
  Dialect best;
  best.line_end = ends_in_carriage_returns(sample, options.quote.value_or('"')) ? '\r' : '\n';
  if (options.delimiter) best.delimiter = *options.delimiter;
  if (options.quote) best.quote = *options.quote;
  double highest = 0;
  for (const char delimiter : kDelimiters) {
    if (options.delimiter && delimiter != kDelimiters.front()) break;
    Dialect dialect = best;
    dialect.delimiter = options.delimiter.value_or(delimiter);
    if (sample.find(dialect.delimiter) == std::string_view::npos) continue;
    const char usual = quoted_by_apostrophes(sample, dialect) ? '\'' : '"';
    for (const char quote : {'"', '\''}) {
      if (options.quote && quote != '"') break;
      dialect.quote = options.quote.value_or(quote);
      if (quote == '\'' && !opens_a_field(sample, dialect, quote)) continue;
      bool odd = false;  // quotes that make no sense as long as backslashes mean nothing
      for (const bool escapes : {false, true}) {
        if (escapes && !backslashes) continue;
        dialect.backslash_escapes = escapes;
        const Sample found = split(sample, dialect);
        const std::vector<SampleRecord>& records = found.records;
        // An alternative must be clearly better than the usual, or explain what that does not.
        const bool explained = escapes && odd && found.odd_quotes == 0;
        odd = found.odd_quotes > 0;
        double value = score(records) * (quote != usual ? 0.99 : explained ? 1.01 : escapes ? 0.99 : 1);
        const bool seldom_by_chance = std::string_view(";\t|").find(dialect.delimiter) != std::string_view::npos;
        if (seldom_by_chance && commas_are_decimal_marks(records)) value *= 1.001;
        if (value > highest) {
          highest = value;
          best = dialect;
        }
      }
    }
  }
  return best;
}

/// The beginning of the text, cut behind a line unless it is all of it.
std::string read_sample(const TextFile& text) {
  FileInput input(text.path, text.skip);
  std::string sample(kSampleBytes, '\0');
  std::size_t size = 0;
  while (size < sample.size()) {
    const std::size_t count = input.read({sample.data() + size, sample.size() - size});
    if (count == 0) break;
    size += count;
  }
  sample.resize(size);
  if (size == kSampleBytes) {
    const std::size_t end = sample.find_last_of("\r\n");
    if (end != std::string::npos) sample.resize(end + 1);
  }
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

}  // namespace

TableLayout find_layout(const TextFile& text, const LayoutOptions& options, const std::string& name) {
  const std::string sample = read_sample(text);
  if (trimmed(sample).empty()) no_table(name, "it is empty");
  const Dialect dialect = text.dialect ? *text.dialect : find_dialect(sample, options);
  std::vector<SampleRecord> records = split(sample, dialect, text.sheet_width).records;
  drop_empty_end(records);
  if (records.empty()) no_table(name, "it is empty");
  TableLayout layout;
  if (options.header_row) {
    layout = layout_at(*options.header_row, records, name);
  } else {
    const Width width = width_of(records);
    if (width.share < kLeastConsistent) {
      no_table(name, "its lines have different numbers of fields, whatever separates them; name the delimiter");
    }
    const bool sheet = text.sheet_width > 0;
    if (sheet && width.fields == 1 && records.size() < 2) {
      no_table(name, "the sheet has one cell; a table has a header and rows below it (--sheet names another sheet)");
    }
    const auto long_line = [](const SampleRecord& r) { return r.fields.front().size() > kLongestLine; };
    if (!sheet && width.fields == 1 && (records.size() < 2 || std::any_of(records.begin(), records.end(), long_line))) {
      no_table(name, "no character separates its lines into columns");
    }
    std::size_t first = first_wide(records, width.fields);
    if (is_wide_header(records, first, width.fields)) {
      --first;
      records[first].fields.resize(filled_width(records[first]));
      if (records[first].fields.size() > width.fields) layout.least_fields = width.fields;
    }
    layout.has_header = is_header(records[first]);
    layout.headers = layout.has_header ? records[first].fields : numbered_headers(width.fields);
    if (layout.has_header && layout.least_fields == 0 && is_header_of_two(records, first, width.fields)) {
      layout.headers = headers_of_two(records[first], records[first + 1]);
      ++first;
    }
    layout.first_record = records[first].number + (layout.has_header ? 1 : 0);
    layout.preface_records = first;
    if (!layout.has_header && first > 0 && filled(records[first - 1]) > 1 && is_header(records[first - 1])) {
      layout.narrow_header = "line " + std::to_string(records[first - 1].number) + " has " +
                             std::to_string(records[first - 1].fields.size()) + " cells where the rows have " +
                             std::to_string(width.fields);
    }
  }
  layout.dialect = dialect;
  return layout;
}

}  // namespace neve::dataset
