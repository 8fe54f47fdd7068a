#include "dataset/ingest/sheet_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <neve/base/error.hpp>

#include "dataset/text/file_input.hpp"
#include "dataset/xlsx/serial_date.hpp"
#include "dataset/xlsx/workbook_parts.hpp"

namespace neve::dataset {
namespace {

void append_field(std::string_view cell, std::string& line) {
  if (cell.find_first_of(",\"\r\n") == std::string_view::npos && !cell.starts_with(' ')) {
    line += cell;
    return;
  }
  line += '"';
  for (const char c : cell) {
    if (c == '"') line += '"';
    line += c;
  }
  line += '"';
}

/// The visible sheets with cells beside this one, as a list with quotes; empty if there are none.
std::string others_with_cells(XlsxArchive& archive, const WorkbookParts& workbook, const WorkbookSheet& chosen) {
  constexpr std::size_t kMostNamed = 8;
  const auto has = [&archive](const std::string& part) {
    try {
      return has_cells(archive, part);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::corrupt) throw;
      return false;  // the sheet that is read is whole
    }
  };
  std::string list;
  std::size_t count = 0;
  for (const WorkbookSheet& sheet : workbook.sheets) {
    if (sheet.part == chosen.part || !sheet.visible || !has(sheet.part)) continue;
    if (++count > kMostNamed) return list + " and others";
    list += (list.empty() ? "'" : ", '") + sheet.name + "'";
  }
  return list;
}

}  // namespace

SheetText write_sheet_text(const std::filesystem::path& from, const std::string& name, const std::filesystem::path& to,
                           const AddOptions& options, IngestProgress& progress) {
  XlsxArchive archive(from, name, options.max_unpacked_bytes);
  const WorkbookParts workbook = read_workbook_parts(archive);
  const WorkbookSheet& sheet = workbook.sheet(options.sheet);
  const std::vector<NumberFormat> formats = read_number_formats(archive, workbook.styles);
  const SharedStrings strings(archive, workbook.shared_strings, options.memory_bytes);
  FileOutput output(to);
  SheetText result;
  result.day_zero = day_zero(workbook.from_1904);
  std::uint32_t last = 0;
  std::string line;
  const SheetContext context{strings, formats, workbook.from_1904};
  SheetFindings findings = read_sheet(archive, sheet.part, context, [&](const SheetRow& row, double fraction) {
    line.assign(row.number - last - 1, '\n');
    last = row.number;
    for (std::size_t i = 0; i < row.width; ++i) {
      if (i > 0) line += ',';
      append_field(row.cells[i], line);
    }
    line += '\n';
    output.write(line);
    result.width = std::max(result.width, row.width);
    progress.step([fraction] { return fraction; });
  });
  output.flush();
  const MissingValues& missing = findings.missing;
  result.merged = std::move(findings.merged);
  result.hidden = std::move(findings.hidden);
  const std::string others = options.sheet.empty() ? others_with_cells(archive, workbook, sheet) : std::string();
  if (result.width == 0) {
    throw Error(ErrorCode::invalid_argument,
                "the sheet '" + sheet.name + "' of '" + name + "' is empty" +
                    (others.empty() ? "" : "; there are cells in " + others + " (--sheet names one)"));
  }
  if (!others.empty()) {
    result.other_sheets = "only the sheet '" + sheet.name + "' was read, the first one; there are cells in " + others +
                          ", too (--sheet names another)";
  }
  Json names = Json::array();
  for (const WorkbookSheet& known : workbook.sheets) names.push_back(known.name);
  result.step = {{"step", "sheet"},
                 {"format", "xlsx"},
                 {"sheet", sheet.name},
                 {"sheets", std::move(names)},
                 {"date_origin", workbook.from_1904 ? 1904 : 1900},
                 {"rows", last},
                 {"formulas_without_values", missing.count}};
  if (missing.count > 0) {
    result.missing_values = fmt::format(
        "{} {} a formula without its value, the first is {}, and {} blank; open the workbook in a spreadsheet and save "
        "it: that computes them",
        missing.count, missing.count == 1 ? "cell has" : "cells have", missing.first,
        missing.count == 1 ? "is" : "are");
  }
  return result;
}

}  // namespace neve::dataset
