#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include <neve/base/buffer.hpp>
#include <neve/base/error.hpp>

#include "codec/array/member_name.hpp"
#include "codec/array/npy_content.hpp"
#include "codec/deflate/crc32.hpp"
#include "codec/deflate/deflate.hpp"
#include "codec/deflate/second_thread.hpp"
#include "codec/deflate/segments.hpp"
#include "codec/deflate/shared_work.hpp"
#include "codec/npz/npz_reader.hpp"

namespace neve {
namespace {

// A block that was read or copied a moment ago is checksummed from the processor's second-level cache.
constexpr std::size_t kReadBlockBytes = std::size_t{256} << 10;
constexpr std::size_t kArrayAlignment = 64;

void require_crc(std::uint32_t actual, std::uint32_t expected, const char* what) {
  if (actual != expected) throw Error(ErrorCode::corrupt, std::string(what) + " do not match their checksum");
}

// The CRC-32 of `size` bytes of which `checksum(at, bytes)` gives the one of a piece; called from two threads if it is
// long.
template <class Checksum>
std::uint32_t checksum_pieces(std::size_t size, const Checksum& checksum) {
  if (size < kShareFrom) return checksum(0, size);
  std::vector<std::uint32_t> sums((size + kSharedPieceBytes - 1) / kSharedPieceBytes);
  const auto bytes_of = [&](std::size_t i) { return std::min(kSharedPieceBytes, size - i * kSharedPieceBytes); };
  share_work(sums.size(), true, [&](WorkQueue& queue) {
    for (std::size_t i = queue.take(); i < sums.size(); i = queue.take()) {
      sums[i] = checksum(i * kSharedPieceBytes, bytes_of(i));
    }
  });
  std::uint32_t crc = 0;
  for (std::size_t i = 0; i < sums.size(); ++i) crc = crc32_combine(crc, sums[i], bytes_of(i));
  return crc;
}

std::uint32_t checksum_of(ByteSpan bytes) {
  return checksum_pieces(bytes.size(),
                         [&](std::size_t at, std::size_t count) { return crc32(0, bytes.subspan(at, count)); });
}

// Fills `out` block by block with `fill(offset, block)` and returns the CRC-32 of it all.
template <class Fill>
std::uint32_t fill_and_checksum(std::span<std::byte> out, const Fill& fill) {
  return checksum_pieces(out.size(), [&](std::size_t start, std::size_t count) {
    std::uint32_t crc = 0;
    for (std::size_t at = start; at < start + count; at += kReadBlockBytes) {
      const std::span<std::byte> block = out.subspan(at, std::min(kReadBlockBytes, start + count - at));
      fill(at, block);
      crc = crc32(crc, block);
    }
    return crc;
  });
}

std::optional<NpyHeader> try_parse_header(const Bytes& content) {
  try {
    return parse_npy_header(content.span());
  } catch (const Error&) {
    return std::nullopt;  // the checksum will tell whether the header was damaged or came that way
  }
}

// The array in a stored member that lies in memory: a slice where its elements are aligned, else a copy.
Array slice_stored(const Bytes& content, std::uint32_t crc) {
  std::optional<NpyHeader> header = try_parse_header(content);
  if (!header || is_aligned(*header, content)) {
    require_crc(checksum_of(content.span()), crc, "its bytes");
    return header ? make_array(std::move(*header), content) : read_npy(content);
  }
  const std::size_t padding = (kArrayAlignment - header->header_bytes % kArrayAlignment) % kArrayAlignment;
  Buffer buffer(padding + content.size());
  const std::uint32_t actual =
      fill_and_checksum(buffer.span().subspan(padding), [&](std::size_t at, std::span<std::byte> block) {
        std::memcpy(block.data(), content.data() + at, block.size());
      });
  require_crc(actual, crc, "its bytes");
  return make_array(std::move(*header), std::move(buffer).freeze().slice(padding, content.size()));
}

}  // namespace

Array NpzReader::read_stored(const zip::Member& member) const {
  const auto size = static_cast<std::size_t>(member.uncompressed);
  if (file_.whole()) return slice_stored(file_.whole()->slice(member.data_offset, size), member.crc);
  Buffer buffer(size);
  const std::uint32_t crc = fill_and_checksum(
      buffer.span(), [&](std::size_t at, std::span<std::byte> block) { file_.read(member.data_offset + at, block); });
  require_crc(crc, member.crc, "its bytes");
  return read_npy(std::move(buffer).freeze());
}

void NpzReader::inflate_whole(const zip::Member& member, std::span<std::byte> out) const {
  std::optional<Buffer> owned;
  ByteSpan compressed;
  if (file_.whole()) {
    compressed = file_.whole()->span().subspan(member.data_offset, member.compressed);
  } else {
    owned.emplace(static_cast<std::size_t>(member.compressed));
    file_.read(member.data_offset, owned->span());
    compressed = owned->span();
  }
  if (member.has_note) require_crc(checksum_of(compressed), member.note.compressed_crc, "its compressed bytes");
  if (!inflate_exactly(compressed, out)) {
    throw Error(ErrorCode::corrupt, "it does not inflate to the " + std::to_string(out.size()) + " bytes it claims");
  }
  require_crc(checksum_of(out), member.crc, "its bytes");
}

void NpzReader::inflate_in_segments(const zip::Member& member, std::span<std::byte> out) const {
  const zip::DeflateNote& note = member.note;
  const SegmentChecksums sums =
      inflate_segments(note.segment_lengths, note.segment_bytes, out,
                       [&](std::uint64_t at, std::span<std::byte> to) { file_.read(member.data_offset + at, to); });
  require_crc(sums.compressed_crc, note.compressed_crc, "its compressed bytes");
  require_crc(sums.content_crc, member.crc, "its bytes");
}

Array NpzReader::read_deflated(const zip::Member& member) const {
  Buffer buffer(static_cast<std::size_t>(member.uncompressed));
  if (member.has_note && !member.note.segment_lengths.empty()) {
    inflate_in_segments(member, buffer.span());
  } else {
    inflate_whole(member, buffer.span());
  }
  return read_npy(std::move(buffer).freeze());
}

Array NpzReader::read_member(const zip::Member& member) const {
  try {
    return member.method == zip::kStored ? read_stored(member) : read_deflated(member);
  } catch (const Error& error) {
    throw Error(error.code(), "member '" + shown_name(member.name) + "': " + error.what());
  }
}

ArrayMap NpzReader::read_arrays() const {
  ArrayMap arrays;
  for (const zip::Member& member : directory_.members) {
    const auto [at, added] = arrays.emplace(array_name(member.name), read_member(member));
    if (!added)
      throw Error(ErrorCode::corrupt, "member '" + shown_name(member.name) + "': there are two arrays of this name");
  }
  return arrays;
}

namespace {

NpzContents read_contents(SourceView file, const NpzReadLimits& limits) {
  const NpzReader reader(std::move(file), limits);
  return {reader.read_arrays(), reader.comment(), to_hex(reader.structure())};
}

}  // namespace

NpzContents read_npz(const NpzSource& source, const NpzReadLimits& limits) {
  return read_contents(SourceView(source), limits);
}

NpzContents read_npz(const Bytes& file, const NpzReadLimits& limits) { return read_contents(SourceView(file), limits); }

}  // namespace neve
