// A text from anywhere read as a table: dialect and header are found or it is refused with an Error; reading it piece
// by piece gives the same records; every cell is classified, and converted by the plan that its column got.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <neve/base/error.hpp>

#include "dataset/columns/cell_converter.hpp"
#include "dataset/columns/column_names.hpp"
#include "dataset/columns/column_plan.hpp"
#include "dataset/csv/piece_input.hpp"
#include "dataset/csv/record_reader.hpp"
#include "dataset/text/text_inspector.hpp"
#include "dataset/text/transcode.hpp"
#include "dataset/values/cell_text.hpp"
#include "require.hpp"

namespace {

using namespace neve::dataset;

using Records = std::vector<std::vector<std::string>>;

Records read_all(std::string_view text, const Dialect& dialect, std::size_t piece) {
  PieceInput input(text, piece);
  RecordReader reader(input, dialect);
  Records records;
  Record record;
  std::uint64_t line = 0;
  while (reader.next(record)) {
    neve::fuzz::require(record.line > line, "lines ascend");
    line = record.line;
    records.emplace_back(record.fields.begin(), record.fields.end());
  }
  return records;
}

/// UTF-8, as everything behind the decoder is.
std::string decoded(std::string_view bytes) {
  TextInspector inspector;
  inspector.update(bytes);
  Transcoder transcoder(inspector.finding().encoding);
  std::string text;
  transcoder.append(bytes, text);
  transcoder.finish(text);
  TextInspector again;
  again.update(text);
  neve::fuzz::require(text.find('\0') != std::string::npos || again.finding().encoding == Encoding::utf8 ||
                          text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"),
                      "decoded text is UTF-8");
  return text;
}

void convert_columns(const Records& records) {
  std::size_t width = 0;
  for (const auto& record : records) width = std::max(width, record.size());
  width = std::min<std::size_t>(width, 8);
  for (std::size_t column = 0; column < width; ++column) {
    ColumnProfile profile;
    std::uint64_t line = 0;
    for (const auto& record : records) {
      if (column < record.size()) profile.add(trimmed(record[column]), ++line);
    }
    std::vector<SchemaWarning> warnings;
    const std::string header = records.front().size() > column ? records.front()[column] : "";
    const std::string name = column_names(std::vector<std::string>{header}).front();
    CellConverter converter(plan_column(profile, name, {}, warnings));
    line = 0;
    for (const auto& record : records) {
      if (column < record.size()) converter.convert(record[column], ++line);  // throws if it contradicts the profile
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const Dialect dialect{",;\t|"[data[0] & 3U], (data[0] & 4U) != 0 ? '\'' : '"', (data[0] & 8U) != 0,
                        (data[0] & 16U) != 0 ? '\r' : '\n'};
  const std::string text = decoded({reinterpret_cast<const char*>(data) + 1, size - 1});
  try {
    const Records records = read_all(text, dialect, text.size() + 1);
    neve::fuzz::require(records == read_all(text, dialect, 7), "pieces make no difference");
    if (!records.empty()) convert_columns(records);
  } catch (const neve::Error& error) {
    neve::fuzz::require(error.code() == neve::ErrorCode::invalid_argument || error.code() == neve::ErrorCode::too_large,
                        error.what());
  }
  return 0;
}
