#include "codec/zip/zip_write.hpp"

#include <algorithm>

#include "codec/zip/little_endian.hpp"

namespace neve::zip {
namespace {

constexpr std::uint16_t kVersionPlain = 20;
constexpr std::uint16_t kVersionZip64 = 45;
constexpr std::uint16_t kMadeByUnix = 3U << 8;
constexpr std::uint16_t kDosTime = 0;
constexpr std::uint16_t kDosDate = 0x0021;                            // 1980-01-01
constexpr std::uint32_t kRegularFile = std::uint32_t{0100644} << 16;  // else unzip makes files nobody may read
constexpr std::size_t kLeastPadding = 6;                              // id, length and the alignment itself

std::uint32_t saturated(std::uint64_t value, std::uint64_t from) {
  return value >= from ? kSaturated32 : static_cast<std::uint32_t>(value);
}

void append_alignment(std::string& text, std::uint32_t alignment, std::size_t npy_header_bytes,
                      std::uint64_t header_offset) {
  const std::uint64_t unpadded = header_offset + text.size() + npy_header_bytes;
  std::size_t padding = (alignment - unpadded % alignment) % alignment;
  if (padding == 0) return;
  if (padding < kLeastPadding) padding += alignment;
  append_little<std::uint16_t>(text, kExtraAlignment);
  append_little(text, static_cast<std::uint16_t>(padding - 4));
  append_little(text, static_cast<std::uint16_t>(alignment));
  text.append(padding - kLeastPadding, '\0');
}

void append_note(std::string& text, const DeflateNote& note) {
  append_little<std::uint16_t>(text, kExtraNeve);
  append_little(text, static_cast<std::uint16_t>(12 + 4 * note.segment_lengths.size()));
  append_little<std::uint32_t>(text, 1);  // version 1 and three zeros
  append_little(text, note.compressed_crc);
  append_little(text, note.segment_bytes);
  for (const std::uint32_t length : note.segment_lengths) append_little(text, length);
}

std::string make_central_extra(const Member& member, std::uint64_t zip64_from) {
  std::string values;
  for (const std::uint64_t value : {member.uncompressed, member.compressed, member.header_offset}) {
    if (value >= zip64_from) append_little(values, value);
  }
  std::string extra;
  if (!values.empty()) {
    append_little<std::uint16_t>(extra, kExtraZip64);
    append_little(extra, static_cast<std::uint16_t>(values.size()));
    extra += values;
  }
  if (member.has_note) append_note(extra, member.note);
  return extra;
}

void append_common(std::string& text, const Member& member, std::uint16_t version, std::uint64_t zip64_from) {
  append_little(text, version);
  append_little(text, member.flags);
  append_little(text, member.method);
  append_little(text, kDosTime);
  append_little(text, kDosDate);
  append_little(text, member.crc);
  append_little(text, saturated(member.compressed, zip64_from));
  append_little(text, saturated(member.uncompressed, zip64_from));
  append_little(text, static_cast<std::uint16_t>(member.name.size()));
}

}  // namespace

std::string make_local_header(const Member& member, LocalSizes sizes, std::uint32_t alignment,
                              std::size_t npy_header_bytes) {
  const bool zip64 = sizes == LocalSizes::zip64;
  std::string text;
  text.reserve(kLocalBytes + member.name.size() + 20 + alignment + kLeastPadding);
  append_little(text, kLocalSignature);
  append_common(text, member, zip64 ? kVersionZip64 : kVersionPlain, zip64 ? 0 : UINT64_MAX);
  append_little<std::uint16_t>(text, 0);
  text += member.name;
  const std::size_t extra_start = text.size();
  if (zip64) {
    append_little<std::uint16_t>(text, kExtraZip64);
    append_little<std::uint16_t>(text, 16);
    append_little(text, member.uncompressed);
    append_little(text, member.compressed);
  }
  if (alignment != 0) append_alignment(text, alignment, npy_header_bytes, member.header_offset);
  const auto extra_bytes = static_cast<std::uint16_t>(text.size() - extra_start);
  text[kLocalBytes - 2] = static_cast<char>(extra_bytes & 0xFF);
  text[kLocalBytes - 1] = static_cast<char>(extra_bytes >> 8);
  return text;
}

void append_central_header(std::string& directory, const Member& member, std::uint64_t zip64_from) {
  const std::string extra = make_central_extra(member, zip64_from);
  const bool zip64 = std::max({member.uncompressed, member.compressed, member.header_offset}) >= zip64_from;
  const std::uint16_t version = zip64 ? kVersionZip64 : kVersionPlain;
  append_little(directory, kCentralSignature);
  append_little(directory, static_cast<std::uint16_t>(kMadeByUnix | version));
  append_common(directory, member, version, zip64_from);
  append_little(directory, static_cast<std::uint16_t>(extra.size()));
  append_little<std::uint16_t>(directory, 0);  // comment length
  append_little<std::uint16_t>(directory, 0);  // disk
  append_little<std::uint16_t>(directory, 0);  // internal attributes
  append_little(directory, kRegularFile);
  append_little(directory, saturated(member.header_offset, zip64_from));
  directory += member.name;
  directory += extra;
}

void append_end_records(std::string& directory, const DirectoryExtent& extent, std::uint64_t zip64_from,
                        std::size_t comment_bytes) {
  const std::uint64_t members_from = std::min<std::uint64_t>(zip64_from, kSaturated16);
  if (extent.members >= members_from || extent.offset >= zip64_from || extent.bytes >= zip64_from) {
    append_little(directory, kZip64EndSignature);
    append_little<std::uint64_t>(directory, kZip64EndBytes - 12);
    append_little(directory, static_cast<std::uint16_t>(kMadeByUnix | kVersionZip64));
    append_little(directory, kVersionZip64);
    append_little<std::uint64_t>(directory, 0);  // this disk, the directory's disk
    append_little(directory, extent.members);
    append_little(directory, extent.members);
    append_little(directory, extent.bytes);
    append_little(directory, extent.offset);
    append_little(directory, kZip64LocatorSignature);
    append_little<std::uint32_t>(directory, 0);
    append_little(directory, extent.offset + extent.bytes);
    append_little<std::uint32_t>(directory, 1);  // disks in all
  }
  const auto members = static_cast<std::uint16_t>(extent.members >= members_from ? kSaturated16 : extent.members);
  append_little(directory, kEndSignature);
  append_little<std::uint32_t>(directory, 0);  // this disk, the directory's disk
  append_little(directory, members);
  append_little(directory, members);
  append_little(directory, saturated(extent.bytes, zip64_from));
  append_little(directory, saturated(extent.offset, zip64_from));
  append_little(directory, static_cast<std::uint16_t>(comment_bytes));
}

}  // namespace neve::zip
