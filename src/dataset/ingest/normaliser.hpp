#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <neve/codec/json.hpp>
#include <neve/dataset/add_options.hpp>
#include <neve/dataset/schema.hpp>

#include "dataset/ingest/ingest_progress.hpp"
#include "dataset/ingest/prepared_text.hpp"

namespace neve::dataset {

/// What the normaliser made of a text.
struct Normalised {
  Schema schema;
  Json steps = Json::array();  ///< for lineage.json
  std::uint64_t rejected_rows = 0;
};

/// Reads the prepared text twice: once to decide about each column from all of its cells, once to write them as values
/// into the new Parquet file `to`. `name` is for messages. The same text and options give the same bytes.
[[nodiscard]] Normalised normalise(const PreparedText& prepared, const std::string& name,
                                   const std::filesystem::path& to, const AddOptions& options,
                                   IngestProgress& progress);

}  // namespace neve::dataset
