// A file from anywhere read as a workbook: either refused with an Error, or its first sheet's rows come in ascending
// order, within the limits.

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include <neve/base/error.hpp>
#include <neve/base/file.hpp>

#include "dataset/xlsx/archive.hpp"
#include "dataset/xlsx/sheet_reader.hpp"
#include "dataset/xlsx/workbook_parts.hpp"
#include "require.hpp"
#include "zip_repair.hpp"

namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{4} << 20;

void read_workbook(const std::string& path) {
  using namespace neve::dataset;
  XlsxArchive archive(path, "input", kMostBytes);
  const WorkbookParts workbook = read_workbook_parts(archive);
  const std::vector<NumberFormat> formats = read_number_formats(archive, workbook.styles);
  const SharedStrings strings(archive, workbook.shared_strings, kMostBytes);
  std::uint32_t last = 0;
  read_sheet(archive, workbook.sheet("").part, {strings, formats, workbook.from_1904},
             [&](const SheetRow& row, double) {
               neve::fuzz::require(row.number > last && row.number <= 1'048'576, "rows ascend");
               neve::fuzz::require(row.width > 0 && row.width <= row.cells.size() && !row.cells[row.width - 1].empty(),
                                   "rows end with a cell");
               last = row.number;
             });
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int seed) {
  return neve::fuzz::mutate_zip(data, size, max_size, seed);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const neve::FileDescriptor file(::memfd_create("input", MFD_CLOEXEC));  // the archive is read by path
  neve::fuzz::require(::ftruncate(file.get(), 0) == 0, "the file is emptied");
  neve::write_all_at(file.get(), 0, std::as_bytes(std::span(data, size)), "input");
  try {
    read_workbook("/proc/self/fd/" + std::to_string(file.get()));
  } catch (const neve::Error& error) {
    neve::fuzz::require(error.code() != neve::ErrorCode::internal && error.code() != neve::ErrorCode::io, error.what());
  }
  return 0;
}
