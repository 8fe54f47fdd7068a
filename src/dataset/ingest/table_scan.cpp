#include "dataset/ingest/table_scan.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>

#include <neve/base/ascii.hpp>
#include <neve/dataset/refused_file.hpp>

#include "dataset/columns/column_names.hpp"
#include "dataset/parquet/parquet_writer.hpp"
#include "dataset/values/cell_text.hpp"

namespace neve::dataset {
namespace {

constexpr std::size_t kMostColumns = 2000;
constexpr std::size_t kLeastPeriods = 2;
constexpr std::uint64_t kCellsWithoutText = 1000;

[[noreturn]] void refuse_unpivot(const std::string& name, const std::vector<std::string>& headers) {
  const std::string unlike = unlike_measures(headers);
  const std::string why =
      unlike.empty()
          ? "it needs a column that names something, and two headers at least that are years, quarters or "
            "months, alone or with the same words, as in 'Revenue 2023' and 'Revenue 2024'"
          : "its measures must all have the same periods, but " + unlike +
                "; other words, such as another unit, are another measure, and a column without cells does for "
                "what is missing";
  throw WrongOption("unpivot", "'" + name + "' cannot be unpivoted: " + why);
}

}  // namespace

TableScan::Rows::Rows(const TableScan& scan, RejectedRows* rejected) : reader_(scan.text_, scan.layout, rejected) {
  if (scan.unpivoted) {
    unpivoted_ = std::make_unique<UnpivotedSource>(reader_, scan.periods_);
  }
}

TableScan::TableScan(const TextFile& text, const std::string& name, const AddOptions& options, IngestProgress& progress)
    : TableScan(text, find_layout(text, {options.delimiter, options.quote, options.header_row}, name), name, options,
                progress) {
  if (escaped_quote_line > 0) read_with_escapes(name, options, progress);
  find_kept(name);
}

TableScan::TableScan(const TextFile& text, TableLayout layout_found, const std::string& name, const AddOptions& options,
                     IngestProgress& progress)
    : layout(std::move(layout_found)), text_(text) {
  if (layout.headers.size() > kMostColumns) {
    throw Error(ErrorCode::too_large,
                fmt::format("'{}' has {} columns; at most {} are taken", name, layout.headers.size(), kMostColumns));
  }
  find_periods(name, options);
  names = column_names(headers);
  profiles.resize(headers.size());
  dictionaries.assign(headers.size(), TextDictionary(dictionary_limits(headers.size())));
  read_through(name, progress);
}

/// How quotes within cells are written was judged by the beginning of the text, where there may have been none. Takes
/// the reading in which backslashes escape them if it leaves fewer quotes unexplained and no more rows out.
void TableScan::read_with_escapes(const std::string& name, const AddOptions& options, IngestProgress& progress) {
  TableLayout with_escapes = layout;
  with_escapes.dialect.backslash_escapes = true;
  const std::uint64_t line = escaped_quote_line;
  std::optional<TableScan> escaped;
  try {
    escaped = TableScan(text_, std::move(with_escapes), name, options, progress);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::invalid_argument && error.code() != ErrorCode::too_large) throw;
    return;  // quotes that never close
  }
  const bool explained = escaped->odd_quotes_ == 0;
  if (escaped->odd_quotes_ < odd_quotes_ && escaped->rejected.count() <= rejected.count()) *this = *std::move(escaped);
  escaped_quote_line = explained ? 0 : line;
}

void TableScan::find_periods(const std::string& name, const AddOptions& options) {
  headers = layout.headers;
  const auto periods = periods_of_headers(headers);
  const HeaderPeriod* last = nullptr;
  for (std::size_t i = 0; layout.has_header && i < headers.size(); ++i) {
    const auto& period = periods[i];
    if (!period || (last != nullptr && period->grain != last->grain)) continue;
    last = &*period;
    period_columns.push_back(i);
    add_period(i, *period);
  }
  if (period_columns.size() < kLeastPeriods || period_columns.size() == headers.size()) {
    if (options.unpivot) refuse_unpivot(name, headers);
    period_columns.clear();
    measures.clear();
    return;
  }
  std::set<std::string> seen;
  for (const PeriodCells& period : periods_) {
    if (!seen.insert(period.period).second) repeated_periods.push_back(period.period);
  }
  if (options.unpivot) unpivot_headers(*last);
}

/// Puts one column for the periods, called by what they are, and one for each measure in the place of `period_columns`.
void TableScan::unpivot_headers(const HeaderPeriod& period) {
  unpivoted = true;
  std::vector<std::string> rest;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    if (!std::binary_search(period_columns.begin(), period_columns.end(), i)) rest.push_back(headers[i]);
  }
  rest.emplace_back(period.has_year && period.grain != Grain::year ? "period" : to_string(period.grain));
  if (measures.empty()) rest.emplace_back("value");
  rest.insert(rest.end(), measures.begin(), measures.end());
  headers = std::move(rest);
}

/// Of several measures, which have the same periods, those of one period come into one row.
void TableScan::add_period(std::size_t column, const HeaderPeriod& period) {
  if (period.measure.empty()) {
    periods_.push_back({period.text, {column}});
    return;
  }
  const auto measure = std::find(measures.begin(), measures.end(), period.measure);
  const auto place = static_cast<std::size_t>(measure - measures.begin());
  if (measure == measures.end()) measures.push_back(period.measure);
  const auto same = [&](const PeriodCells& cells) { return cells.period == period.text; };
  auto cells = std::find_if(periods_.begin(), periods_.end(), same);
  if (cells == periods_.end()) cells = periods_.insert(cells, {period.text, {}});
  cells->columns.resize(std::max(cells->columns.size(), place + 1));
  cells->columns[place] = column;
}

void TableScan::add_cells(std::size_t column, std::span<std::string_view> cells, std::span<const std::uint64_t> lines) {
  ColumnProfile& profile = profiles[column];
  if (of_sheet()) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const bool number = cells[i].ends_with(kNumberMark);
      if (number && cells[i].ends_with(kDurationMark)) ++profile.durations;
      cells[i] = trimmed(cells[i]);
      if (number) {
        profile.add_certain(cells[i], lines[i]);
        cells[i] = without_currency(cells[i]);  // where it is a text, it is called by its number
      } else {
        profile.add(cells[i], lines[i]);
      }
    }
  } else {
    for (std::string_view& cell : cells) cell = trimmed(cell);
    profile.add(cells, lines);
  }
  TextDictionary& dictionary = dictionaries[column];
  if (!dictionary.open()) return;
  // Text columns soon have a cell that is nothing else; the others need no dictionary.
  if (profile.texts == 0 && profile.cells > kCellsWithoutText) {
    dictionary.close();
  } else {
    dictionary.add(cells);
  }
}

/// Of the block's rows whose only cell is a text. A column with too many of them is one of texts.
void TableScan::note_lone_texts(RowBlock& block) {
  for (std::size_t row = 0; row < block.rows(); ++row) {
    std::size_t column = 0;
    while (column + 1 < profiles.size() && block.column(column)[row].empty()) ++column;
    std::size_t other = column + 1;
    while (other < profiles.size() && block.column(other)[row].empty()) ++other;
    const bool lone = other == profiles.size();
    if (lone && profiles[column].texts >= ColumnProfile::kSettled) continue;
    ColumnProfile cell;
    if (lone) cell.add(block.column(column)[row], block.lines()[row]);
    if (cell.texts > cell.total_labels) {
      lone_texts_[column].push_back(block.lines()[row]);
    } else {
      last_row_ = block.lines()[row];
    }
  }
}

std::span<const std::uint64_t> TableScan::remarks_in(std::size_t column) const {
  const auto found = lone_texts_.find(column);
  const ColumnProfile& profile = profiles[column];
  if (unpivoted || found == lone_texts_.end()) return {};
  const std::uint64_t remarks = found->second.size();
  const bool all = profile.texts == remarks + profile.total_labels;
  // What stands above a total may be the heading by which it is called: Total for Travel.
  const bool below = std::all_of(profiles.begin(), profiles.end(), [&](const ColumnProfile& any) {
    return any.last_total_label < found->second.front();
  });
  return all && below && profile.cells >= 2 * profile.texts ? std::span(found->second)
                                                            : std::span<const std::uint64_t>();
}

bool TableScan::remarks_end_table(std::size_t column) const {
  const std::span<const std::uint64_t> remarks = remarks_in(column);
  return !remarks.empty() && remarks.front() > last_row_;
}

TableScan TableScan::without_remarks(std::size_t column, const std::string& name, const AddOptions& options,
                                     IngestProgress& progress) const {
  TableLayout rest = layout;
  const std::span<const std::uint64_t> remarks = remarks_in(column);
  rest.remarks.insert(rest.remarks.end(), remarks.begin(), remarks.end());
  std::sort(rest.remarks.begin(), rest.remarks.end());
  TableScan scan(text_, std::move(rest), name, options, progress);
  scan.find_kept(name);
  return scan;
}

void TableScan::read_through(const std::string& name, IngestProgress& progress) {
  progress.begin("reading");
  Rows source(*this, &rejected);
  RowBlock block(profiles.size());
  const auto next = [&] {
    try {
      return source.next(block);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::too_large) throw;
      throw Error(ErrorCode::too_large, "'" + name + "': " + error.what());
    }
  };
  while (next()) {
    for (std::size_t i = 0; i < profiles.size(); ++i) add_cells(i, block.column(i), block.lines());
    if (profiles.size() > 1 && !unpivoted) note_lone_texts(block);
    for (std::size_t i = 0; rows == 0 && i < profiles.size(); ++i) {
      begins_filled.push_back(block.rows() > 0 && !block.column(i).front().empty());
    }
    rows += block.rows();
    progress.tell(source.fraction());
  }
  for (ColumnProfile& profile : profiles) profile.finish();
  for (std::size_t i = 0; i < names.size(); ++i) texts.push_back(facts_of(dictionaries[i], names[i]));
  close_dictionaries();
  empty_lines = source.reader().empty_lines();
  short_rows = source.reader().short_rows();
  rows_without_unnamed_ = source.reader().rows_without_unnamed();
  doubtful = source.reader().doubtful();
  odd_quotes_ = source.reader().odd_quotes();
  escaped_quote_line = source.reader().escaped_quote_line();
}

/// Those that do not pay in the groups in which rows are written.
void TableScan::close_dictionaries() {
  const auto close_beyond = [this](std::uint64_t count) {
    for (TextDictionary& dictionary : dictionaries) {
      if (dictionary.size() > count / kLeastRepetition) dictionary.close();
    }
  };
  close_beyond(rows);
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < profiles.size(); ++i) {
    if (profiles[i].texts > 0 && !dictionaries[i].open()) bytes += profiles[i].text_bytes;
  }
  group_rows = rows_of_group(headers.size(), rows == 0 ? 0 : bytes / rows);
  close_beyond(group_rows);
}

void TableScan::find_kept(const std::string& name) {
  if (rejected.count() > rows + 10) {
    const RejectedRows::Example& first = rejected.examples().front();
    throw Error(ErrorCode::invalid_argument,
                fmt::format("'{}' is not a table: {} of {} rows do not fit; the first is line {}: {}", name,
                            rejected.count(), rejected.count() + rows, first.line, first.reason));
  }
  for (std::size_t i = 0; i < headers.size(); ++i) {
    if (!headers[i].empty() || profiles[i].cells > 0) kept.push_back(i);
  }
  // What stands behind the last name is a column where it is not a delimiter alone.
  const bool ends_unnamed = !kept.empty() && headers[kept.back()].empty();
  if (ends_unnamed && !unpivoted) short_rows += rows_without_unnamed_;
  if (kept.empty())
    throw Error(ErrorCode::invalid_argument, "'" + name + "' is not a table: it has neither headers nor cells");
}

}  // namespace neve::dataset
