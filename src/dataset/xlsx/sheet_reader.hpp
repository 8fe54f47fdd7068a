#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "dataset/xlsx/archive.hpp"
#include "dataset/xlsx/number_formats.hpp"
#include "dataset/xlsx/shared_strings.hpp"

namespace neve::dataset {

/// One row of a sheet: its number, from 1, and its cells as text up to the last that is not empty. Borrowed.
struct SheetRow {
  std::uint32_t number = 0;
  const std::vector<std::string>& cells;
  std::size_t width = 0;
};

/// What cells need to be understood.
struct SheetContext {
  const SharedStrings& strings;
  const std::vector<NumberFormat>& formats;
  bool from_1904 = false;
};

/// Cells with a formula whose value the program that wrote them did not keep: they read as blank. A plain value.
struct MissingValues {
  std::uint64_t count = 0;
  std::string first;  ///< such as B3
};

/// Cells that are shown as one, whose value is in the first of them: the others are blank. A plain value.
struct MergedCells {
  std::uint32_t top = 0;  ///< the first row, from 1
  std::uint32_t left = 0;
  std::uint32_t bottom = 0;
  std::uint32_t right = 0;

  /// Such as A2:A4.
  [[nodiscard]] std::string reference() const;
};

/// What a sheet holds beside its rows. A plain value.
struct SheetFindings {
  MissingValues missing;
  std::vector<MergedCells> merged;    ///< as they stand in the file; those beyond `kMostMerged` are left out
  std::vector<std::uint32_t> hidden;  ///< rows with cells that are not shown, but for those of an outline; ascending

  static constexpr std::size_t kMostMerged = 1'000'000;
};

/// Reads the rows of a sheet that have cells, in order. `consume` gets also how much of the sheet is behind it. Throws
/// `corrupt` for a sheet that contradicts itself.
SheetFindings read_sheet(XlsxArchive& archive, const std::string& part, const SheetContext& context,
                         const std::function<void(const SheetRow&, double fraction)>& consume);

/// Whether any cell of the sheet has a value; reads no further than to the first. Throws as `read_sheet` does.
[[nodiscard]] bool has_cells(XlsxArchive& archive, const std::string& part);

}  // namespace neve::dataset
