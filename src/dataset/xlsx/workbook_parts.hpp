#pragma once

#include <string>
#include <vector>

#include "dataset/xlsx/archive.hpp"

namespace neve::dataset {

/// A sheet of a workbook and where it is.
struct WorkbookSheet {
  std::string name;
  std::string part;
  bool visible = true;
};

/// What a workbook is made of, found by its relationships: parts may be called anything. A plain value.
struct WorkbookParts {
  std::vector<WorkbookSheet> sheets;
  std::string shared_strings;  ///< part; empty: there is none
  std::string styles;          ///< part; empty: there is none
  bool from_1904 = false;      ///< days are counted from 1904-01-01 instead of 1900-01-01

  /// The sheet of that name or number; the first visible one for an empty text. Throws `invalid_argument` with the
  /// list.
  [[nodiscard]] const WorkbookSheet& sheet(const std::string& asked) const;
};

/// Throws `corrupt`, and `unsupported` for other formats that are zip archives.
[[nodiscard]] WorkbookParts read_workbook_parts(XlsxArchive& archive);

}  // namespace neve::dataset
