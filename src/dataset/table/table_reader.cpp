#include "dataset/table/table_reader.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "dataset/values/cell_text.hpp"

namespace neve::dataset {

TableReader::TableReader(const TextFile& text, const TableLayout& layout, RejectedRows* rejected)
    : layout_(layout),
      rejected_(rejected),
      sheet_width_(text.sheet_width),
      padded_from_(sheet_width_ > 0 ? 0 : layout.least_fields),
      padded_to_(sheet_width_ > 0          ? sheet_width_
                 : layout.least_fields > 0 ? layout.headers.size()
                                           : 0),
      input_(text.path, text.skip),
      reader_(input_, layout.dialect) {}

void TableReader::reject(const char* kind, std::uint64_t line, const std::string& reason, const Record& record) {
  if (rejected_ == nullptr) return;
  std::string text;
  for (const std::string_view field : record.fields) {
    if (text.size() > 200) break;
    if (!text.empty()) text += layout_.dialect.delimiter;
    text += field;
  }
  rejected_->add(kind, line, reason, text);
}

void TableReader::reject_remark(std::span<const std::string_view> cells, std::uint64_t line) {
  if (rejected_ == nullptr) return;
  const auto text =
      std::find_if(cells.begin(), cells.end(), [](std::string_view cell) { return !trimmed(cell).empty(); });
  rejected_->add(kRemark, line, "a remark: a text without other cells, in a column of times or numbers",
                 trimmed(*text));
}

bool TableReader::repeats_header(const Record& record) const {
  return layout_.has_header && std::equal(record.fields.begin(), record.fields.end(), layout_.headers.begin(),
                                          [](std::string_view a, const std::string& b) { return trimmed(a) == b; });
}

bool TableReader::fits(const Record& record, std::uint64_t line) {
  const std::size_t width = layout_.headers.size();
  if (record.unclosed_quote) {
    reject("unclosed_quote", line, "a quote that is never closed", record);
    return false;
  }
  if (record.fields.size() < width) {
    reject("too_few_fields", line, fmt::format("{} fields instead of {}", record.fields.size(), width), record);
    return false;
  }
  if (record.fields.size() > width &&
      !std::all_of(record.fields.begin() + static_cast<std::ptrdiff_t>(width), record.fields.end(),
                   [](std::string_view field) { return trimmed(field).empty(); })) {
    reject("too_many_fields", line, fmt::format("{} fields instead of {}", record.fields.size(), width), record);
    return false;
  }
  if (trimmed(record.fields.front()) == layout_.headers.front() &&
      repeats_header({record.fields.first(width), 0, 0, false, false})) {
    reject("repeated_header", line, "it repeats the header", record);
    return false;
  }
  return true;
}

void TableReader::pad(Record& record) {
  if (record.fields.size() < padded_from_ || record.unclosed_quote) return;
  const auto rest =
      layout_.headers.begin() + static_cast<std::ptrdiff_t>(std::min(record.fields.size(), layout_.headers.size()));
  const bool named =
      std::any_of(rest, layout_.headers.end(), [](const std::string& header) { return !header.empty(); });
  padded_.assign(record.fields.begin(), record.fields.end());
  padded_.resize(padded_to_);
  record.fields = padded_;
  ++(named ? short_rows_ : rows_without_unnamed_);
}

bool TableReader::next(TableRow& row, Reach reach) {
  Record record;
  while (reader_.next(record, reach)) {
    if (record.number < layout_.first_record) continue;
    const std::uint64_t line = sheet_width_ > 0 ? record.number : record.line;
    if (record.fields.size() < padded_to_) pad(record);
    if (!fits(record, line)) continue;
    row.cells = record.fields.first(layout_.headers.size());
    // A line of delimiters alone is an empty line of a spreadsheet.
    if (trimmed(row.cells.front()).empty() &&
        std::all_of(row.cells.begin(), row.cells.end(), [](std::string_view cell) { return trimmed(cell).empty(); })) {
      ++blank_rows_;
      continue;
    }
    if (std::binary_search(layout_.remarks.begin(), layout_.remarks.end(), line)) {
      reject_remark(row.cells, line);
      continue;
    }
    if (record.lines_like_rows && doubtful_.count++ == 0) doubtful_.first_line = line;
    row.line = line;
    return true;
  }
  return false;
}

double TableReader::fraction() const {
  return input_.size() == 0
             ? 1
             : std::min(1.0, static_cast<double>(reader_.consumed()) / static_cast<double>(input_.size()));
}

UnpivotedSource::UnpivotedSource(RowSource& wide, std::vector<PeriodCells> periods)
    : wide_(wide), periods_(std::move(periods)), at_(periods_.size()) {
  for (const PeriodCells& period : periods_) {
    period_columns_.insert(period_columns_.end(), period.columns.begin(), period.columns.end());
  }
  std::sort(period_columns_.begin(), period_columns_.end());
}

bool UnpivotedSource::next(TableRow& row, Reach reach) {
  const std::size_t measures = periods_.front().columns.size();
  while (true) {
    if (at_ == periods_.size()) {
      if (!wide_.next(current_, reach)) return false;
      at_ = 0;
      cells_.clear();
      for (std::size_t i = 0; i < current_.cells.size(); ++i) {
        if (!std::binary_search(period_columns_.begin(), period_columns_.end(), i)) cells_.push_back(current_.cells[i]);
      }
      cells_.resize(cells_.size() + 1 + measures);
    }
    const PeriodCells& period = periods_[at_++];
    const auto values = cells_.end() - static_cast<std::ptrdiff_t>(measures);
    values[-1] = period.period;
    bool filled = false;
    for (std::size_t i = 0; i < measures; ++i) {
      const std::string_view value = current_.cells[period.columns[i]];
      values[static_cast<std::ptrdiff_t>(i)] = value;
      filled = filled || !trimmed(value).empty();
    }
    if (!filled) continue;
    row.cells = cells_;
    row.line = current_.line;
    return true;
  }
}

}  // namespace neve::dataset
