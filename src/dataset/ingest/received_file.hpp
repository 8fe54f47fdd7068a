#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "dataset/ingest/ingest_progress.hpp"
#include "dataset/text/text_inspector.hpp"

namespace neve::dataset {

/// What a file is, from its first bytes.
enum class FileKind { text, gzip, zip, ole };

/// A file that was copied into a dataset, and what was learnt while it passed.
struct ReceivedFile {
  std::filesystem::path path;
  std::string name;  ///< for messages
  std::string sha256;
  std::uint64_t bytes = 0;
  FileKind kind = FileKind::text;
  TextInspector::Finding finding;  ///< of a text
};

/// Copies `from`, called `name`, to the new file `to`. Throws `invalid_argument` if there is no such file, it is empty
/// or obviously no table (a picture, a PDF, JSON, ...), `too_large` beyond the limit of the options, `cancelled` and
/// `io`.
[[nodiscard]] ReceivedFile receive_file(const std::filesystem::path& from, const std::string& name,
                                        const std::filesystem::path& to, const AddOptions& options,
                                        IngestProgress& progress);

/// The kind that a file beginning with `head` has. Throws `invalid_argument` if that is none that can hold a table.
[[nodiscard]] FileKind kind_of(std::string_view head, const std::string& name);

}  // namespace neve::dataset
