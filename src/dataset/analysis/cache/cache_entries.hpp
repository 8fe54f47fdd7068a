#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <neve/codec/entry.hpp>
#include <neve/dataset/analysis/artifacts.hpp>
#include <neve/dataset/schema.hpp>

namespace neve::dataset {

/// An answer as a cache entry: a summary and the artifacts' paths in the metadata, the document as an array of bytes.
[[nodiscard]] Entry entry_of(const StoredArtifacts& artifacts);
/// What `entry_of` made; nothing for anything else.
[[nodiscard]] std::optional<StoredArtifacts> artifacts_of(const Entry& entry);

/// The schema without how the file wrote its columns and without warnings.
[[nodiscard]] Entry entry_of(const Schema& schema);
[[nodiscard]] std::optional<Schema> schema_of(const Entry& entry);

}  // namespace neve::dataset
