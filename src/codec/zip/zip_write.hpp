#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "codec/zip/zip_format.hpp"

namespace neve::zip {

/// Whether a member's local header carries zip64 sizes, decided before its compressed size is known.
enum class LocalSizes { plain, zip64 };

/// The local header of `member` with its name and extra fields.
///
/// A stored member is padded so that its data, after an NPY header of `npy_header_bytes`, start at a multiple of
/// `alignment`; `alignment` 0 asks for no padding. The length does not depend on checksum and sizes, so the header can
/// be written first and again, over itself, once they are known.
[[nodiscard]] std::string make_local_header(const Member& member, LocalSizes sizes, std::uint32_t alignment,
                                            std::size_t npy_header_bytes);

/// Appends the central directory's record of `member`. Values from `zip64_from` on go into the zip64 field; that is
/// 0xFFFFFFFF outside tests.
void append_central_header(std::string& directory, const Member& member, std::uint64_t zip64_from);

/// Where the central directory lies in the file. A plain value.
struct DirectoryExtent {
  std::uint64_t members = 0;
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
};

/// Appends the zip64 end records where they are needed, and the end record up to its comment.
void append_end_records(std::string& directory, const DirectoryExtent& extent, std::uint64_t zip64_from,
                        std::size_t comment_bytes);

}  // namespace neve::zip
