#pragma once

#include <filesystem>

#include <neve/codec/json.hpp>
#include <neve/dataset/add_options.hpp>

#include "dataset/ingest/ingest_progress.hpp"

namespace neve::dataset {

/// What `write_sheet_text` did.
struct SheetText {
  Json step;  ///< for lineage.json
};

/// Writes one sheet of the workbook `from` as comma-separated text in UTF-8 into the new file `to`, a record for each
/// row up to the last that has a cell. Throws as `prepare_text` does.
[[nodiscard]] SheetText write_sheet_text(const std::filesystem::path& from, const std::filesystem::path& to,
                                         const AddOptions& options, IngestProgress& progress);

}  // namespace neve::dataset
