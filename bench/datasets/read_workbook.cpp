// Reads the first visible sheet of a workbook to its end and says how many cells it has: what bench/datasets/compare.py
// sets against openpyxl, which does no more either. usage: read_workbook FILE

#include <cstdint>
#include <cstdio>
#include <exception>

#include "dataset/xlsx/sheet_reader.hpp"
#include "dataset/xlsx/workbook_parts.hpp"

int main(int count, char** words) {
  using namespace neve::dataset;
  if (count != 2) return 2;
  constexpr std::uint64_t kMost = std::uint64_t{16} << 30;
  try {
    XlsxArchive archive(words[1], words[1], kMost);
    const WorkbookParts parts = read_workbook_parts(archive);
    const SharedStrings strings =
        parts.shared_strings.empty() ? SharedStrings() : SharedStrings(archive, parts.shared_strings, kMost);
    const std::vector<NumberFormat> formats = read_number_formats(archive, parts.styles);
    std::uint64_t cells = 0;
    read_sheet(archive, parts.sheet("").part, {strings, formats, parts.from_1904},
               [&](const SheetRow& row, double) { cells += row.width; });
    std::printf("%llu cells\n", static_cast<unsigned long long>(cells));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
