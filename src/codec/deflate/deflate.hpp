#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <neve/base/bytes.hpp>

// Raw deflate streams. Every function here keeps its compressor in the calling thread and is safe from any.
namespace neve {

/// Fast is ISA-L level 1 from 12 KB on, from 512 KiB on with a second thread, and libdeflate level 1 below; small is
/// level 6, of libdeflate for whole streams and of zlib for segments, which libdeflate cannot leave open.
enum class Deflater { fast, small };

/// Writes into `out` a complete stream: `head` (at most 65,535 bytes) in a stored block of its own, then `body`
/// deflated. Returns its length, or 0 if it does not fit `out`.
[[nodiscard]] std::size_t deflate_stream(Deflater deflater, ByteSpan head, ByteSpan body, std::span<std::byte> out);

/// The most bytes a segment with `content_bytes` of content can take.
[[nodiscard]] std::size_t segment_bound(std::size_t content_bytes) noexcept;

/// The last bytes of a segment: an empty stored block. The first byte is 01 in the last segment of a member.
inline constexpr std::size_t kSegmentEndBytes = 5;

enum class SegmentPlace { inner, last };

/// Writes into `out`, which holds at least `segment_bound`, one segment as docs/formats/entry.md describes it; returns
/// its length.
[[nodiscard]] std::size_t deflate_segment(Deflater deflater, ByteSpan head, ByteSpan body, SegmentPlace place,
                                          std::span<std::byte> out);

/// How many bytes libdeflate level 1 makes of `sample`, or sample.size() if it does not shrink.
[[nodiscard]] std::size_t probe_deflate(ByteSpan sample);

/// Inflates `in`; true if it is one complete stream that fills `out` exactly and ends where `in` does.
[[nodiscard]] bool inflate_exactly(ByteSpan in, std::span<std::byte> out);

/// The same for a segment, whose end it changes: `in` is the caller's own copy.
[[nodiscard]] bool inflate_segment(std::span<std::byte> in, SegmentPlace place, std::span<std::byte> out);

}  // namespace neve
