#pragma once

#include <cstdint>
#include <vector>

#include <neve/base/bytes.hpp>
#include <neve/base/digest.hpp>

#include "codec/zip/source_view.hpp"
#include "codec/zip/zip_format.hpp"

namespace neve::zip {

/// Everything about an archive but its members' data.
struct Directory {
  std::vector<Member> members;  ///< in file order
  Bytes comment;
  Xxh128Value structure;  ///< digest of every byte outside the members' data and before the comment
};

/// Reads end record, central directory and local headers, and checks that they agree and tile the file without a gap or
/// an overlap, that sizes are ones the file could hold, and that `limits` allow them. Throws `corrupt`, `unsupported`
/// and `too_large`.
[[nodiscard]] Directory read_directory(const SourceView& file, const NpzReadLimits& limits);

/// Where the central directory lies and ends.
struct EndRecords {
  std::uint64_t members = 0;
  std::uint64_t directory_offset = 0;
  std::uint64_t directory_bytes = 0;
  std::uint64_t comment_offset = 0;
};

/// Finds and checks the end records. Throws `corrupt` and `unsupported`.
[[nodiscard]] EndRecords find_end_records(const SourceView& file);

}  // namespace neve::zip
