#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include <neve/base/bytes.hpp>

#include "codec/deflate/deflate.hpp"

// Members whose deflated stream is a chain of independent segments, which two threads write and read at once.
// docs/formats/entry.md describes the bytes.
namespace neve {

inline constexpr std::uint64_t kSegmentsFrom = std::uint64_t{4} << 20;
inline constexpr std::uint32_t kSegmentBytes = std::uint32_t{1} << 20;
inline constexpr std::uint64_t kHelpFrom = std::uint64_t{2} << 20;  // starting a thread for less takes longer
inline constexpr std::size_t kMostSegments = 8192;  // their lengths must fit an extra field of 65,535 bytes

/// `least` bytes, doubled until a member of `content_bytes` has at most `kMostSegments` segments. The result fits 32
/// bits for anything below 2^44 bytes; 0 means that the content is too long for segments.
[[nodiscard]] std::uint32_t segment_bytes_for(std::uint64_t content_bytes, std::uint32_t least) noexcept;

struct SegmentedStream {
  std::uint64_t compressed = 0;
  std::uint32_t content_crc = 0;
  std::uint32_t compressed_crc = 0;
  std::vector<std::uint32_t> lengths;  ///< compressed length of each segment
};

/// Deflates `head` followed by `body`, `segment_bytes` of content at a time, and hands the segments to `emit` in order,
/// in the calling thread. `head` is shorter than a segment. Memory: eight segments. Rethrows what `emit` throws.
[[nodiscard]] SegmentedStream deflate_segments(Deflater deflater, ByteSpan head, ByteSpan body,
                                               std::uint32_t segment_bytes, const std::function<void(ByteSpan)>& emit);

struct SegmentChecksums {
  std::uint32_t content_crc = 0;
  std::uint32_t compressed_crc = 0;
};

/// Inflates into `out` the segments of the given compressed lengths, each but the last of `segment_bytes` of content.
/// `read(offset, to)` fills `to` from that offset of the compressed data and may be called from two threads at once.
/// The caller has checked that the number of segments fits `out`. Throws `corrupt`, naming the segment, and what `read`
/// throws.
[[nodiscard]] SegmentChecksums inflate_segments(std::span<const std::uint32_t> lengths, std::uint32_t segment_bytes,
                                                std::span<std::byte> out,
                                                const std::function<void(std::uint64_t, std::span<std::byte>)>& read);

}  // namespace neve
