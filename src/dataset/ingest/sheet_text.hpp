#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <neve/codec/json.hpp>
#include <neve/dataset/add_options.hpp>

#include "dataset/ingest/ingest_progress.hpp"
#include "dataset/xlsx/sheet_reader.hpp"

namespace neve::dataset {

/// What `write_sheet_text` did.
struct SheetText {
  Json step;                   ///< for lineage.json
  std::size_t width = 0;       ///< cells of the widest row
  std::int32_t day_zero = 0;   ///< from which the workbook counts days, in days since 1970
  std::string missing_values;  ///< for a person: some formulas have none; or empty
  std::string other_sheets;    ///< for a person: visible ones with cells, if none was asked for; or empty
  std::vector<MergedCells> merged;
  std::vector<std::uint32_t> hidden;  ///< rows
};

/// Writes one sheet of the workbook `from` as comma-separated text in UTF-8 into the new file `to`, a record for each
/// row; records end with their last cell. `name` is for messages. Throws as `prepare_text` does.
[[nodiscard]] SheetText write_sheet_text(const std::filesystem::path& from, const std::string& name,
                                         const std::filesystem::path& to, const AddOptions& options,
                                         IngestProgress& progress);

}  // namespace neve::dataset
