#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <neve/codec/json.hpp>
#include <neve/dataset/add_options.hpp>

#include "dataset/ingest/received_file.hpp"
#include "dataset/table/table_layout.hpp"
#include "dataset/xlsx/sheet_reader.hpp"

namespace neve::dataset {

/// The received file as text in UTF-8, and what had to be done for that.
struct PreparedText {
  TextFile text;
  Json steps = Json::array();  ///< for lineage.json
  std::uint64_t replaced_characters = 0;
  std::string
      mixed_encodings;  ///< for a person: some bytes are UTF-8, some are not, and what was made of them; or empty
  std::string doubtful_encoding;      ///< for a person: it may be in a code page of DOS; or empty
  std::string missing_values;         ///< for a person: formulas of a sheet have none; or empty
  std::string other_sheets;           ///< for a person: sheets that were not read; or empty
  std::vector<MergedCells> merged;    ///< of a sheet
  std::vector<std::uint32_t> hidden;  ///< rows of a sheet that are not shown
};

/// Unpacks, reads the sheet, transcodes: whatever the file needs. What is written on the way goes into `work`.
/// Throws `corrupt` for damage, `too_large` beyond `options.max_unpacked_bytes`, `unsupported` for an encrypted or old
/// workbook, `invalid_argument` for what is no table.
[[nodiscard]] PreparedText prepare_text(const ReceivedFile& file, const std::filesystem::path& work,
                                        const AddOptions& options, IngestProgress& progress);

}  // namespace neve::dataset
