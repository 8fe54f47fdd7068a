#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include <neve/base/digest.hpp>
#include <neve/codec/npz.hpp>

#include "codec/deflate/segments.hpp"
#include "codec/zip/archive_output.hpp"
#include "codec/zip/zip_format.hpp"

namespace neve {

/// Sizes at which the format changes its ways; tests make them small.
struct ArchiveTuning {
  std::uint64_t segments_from = kSegmentsFrom;
  std::uint32_t segment_bytes = kSegmentBytes;
  std::uint64_t zip64_from = zip::kSaturated32;
};

/// The zip comment: its length is part of the structure, its bytes may depend on the structure's digest.
struct ArchiveComment {
  std::size_t bytes = 0;
  std::function<std::string(const Xxh128Value& structure)> make;
};

struct ArchiveOptions {
  Compression compression = Compression::adaptive;
  std::uint32_t alignment = 64;
  ArchiveTuning tuning;
};

/// What write_npz, gather_npz and the entry codec share.
void write_archive(const ArrayMap& arrays, const ArchiveOptions& options, const ArchiveComment& comment,
                   ArchiveOutput& output);

}  // namespace neve
