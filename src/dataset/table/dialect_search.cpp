#include "dataset/table/dialect_search.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "dataset/table/header_row.hpp"
#include "dataset/table/sample_records.hpp"
#include "dataset/values/number_text.hpp"

namespace neve::dataset {
namespace {

constexpr std::array<char, 7> kDelimiters{',', ';', '\t', '|', ':', '^', '~'};

/// How good a dialect is: consistent records, several fields, words in the first of them.
double score(const std::vector<SampleRecord>& records) {
  if (records.empty()) return 0;
  const TableWidth width = width_of(records);
  if (width.fields < 2) return 0;
  const double header = is_header(records, first_wide(records, width.fields)) ? 1 : 0.5;
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
  for (const SampleRecord& record : split_sample(sample, dialect).records) {
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

/// Tries the delimiters and quotes there are, and keeps the best.
class DialectSearch {
 public:
  DialectSearch(std::string_view sample, std::optional<char> delimiter, std::optional<char> quote)
      : sample_(sample),
        delimiter_(delimiter),
        quote_(quote),
        backslashes_(sample.find("\\\"") != std::string_view::npos) {
    best_.line_end = ends_in_carriage_returns(sample, quote.value_or('"')) ? '\r' : '\n';
    if (delimiter) best_.delimiter = *delimiter;
    if (quote) best_.quote = *quote;
  }

  [[nodiscard]] Dialect best() {
    if (delimiter_) {
      try_delimiter(*delimiter_);
    } else {
      for (const char delimiter : kDelimiters) try_delimiter(delimiter);
    }
    return best_;
  }

 private:
  void try_delimiter(char delimiter) {
    Dialect dialect = best_;
    dialect.delimiter = delimiter;
    if (sample_.find(delimiter) == std::string_view::npos) return;
    const char usual = quoted_by_apostrophes(sample_, dialect) ? '\'' : '"';
    dialect.quote = quote_.value_or('"');
    try_escapes(dialect, usual == '"' ? 1 : kUnusual);
    if (quote_ || !opens_a_field(sample_, dialect, '\'')) return;
    dialect.quote = '\'';
    try_escapes(dialect, usual == '\'' ? 1 : kUnusual);
  }

  void try_escapes(Dialect dialect, double weight) {
    dialect.backslash_escapes = false;
    const SampleRecords doubled = split_sample(sample_, dialect);
    judge(dialect, doubled.records, weight);
    if (!backslashes_) return;
    dialect.backslash_escapes = true;
    const SampleRecords escaped = split_sample(sample_, dialect);
    const bool explained = doubled.odd_quotes > 0 && escaped.odd_quotes == 0;
    judge(dialect, escaped.records, weight < 1 ? weight : explained ? kExplaining : kUnusual);
  }

  void judge(const Dialect& dialect, const std::vector<SampleRecord>& records, double weight) {
    const bool seldom_by_chance = std::string_view(";\t|").find(dialect.delimiter) != std::string_view::npos;
    double value = score(records) * weight;
    if (seldom_by_chance && commas_are_decimal_marks(records)) value *= 1.001;
    if (value <= highest_) return;
    highest_ = value;
    best_ = dialect;
  }

  // An alternative must be clearly better than the usual, or explain quotes that make no sense without it.
  static constexpr double kUnusual = 0.99;
  static constexpr double kExplaining = 1.01;

  std::string_view sample_;
  std::optional<char> delimiter_;
  std::optional<char> quote_;
  bool backslashes_;  ///< some quotes may be escaped
  Dialect best_;
  double highest_ = 0;
};

}  // namespace

Dialect find_dialect(std::string_view sample, std::optional<char> delimiter, std::optional<char> quote) {
  return DialectSearch(sample, delimiter, quote).best();
}

}  // namespace neve::dataset
