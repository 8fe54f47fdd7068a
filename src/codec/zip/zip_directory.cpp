#include "codec/zip/zip_directory.hpp"

#include <algorithm>
#include <array>
#include <string>

#include <neve/base/ascii.hpp>
#include <neve/base/error.hpp>

#include "codec/array/member_name.hpp"
#include "codec/deflate/deflate.hpp"
#include "codec/zip/little_endian.hpp"

namespace neve::zip {
namespace {

constexpr std::uint64_t kDeflateExpands = 1032;
constexpr std::uint64_t kLongestDirectory = std::uint64_t{1} << 30;
// A first read of a local header takes this many bytes beyond its name, which covers the padding neve writes.
constexpr std::uint64_t kUsualExtra = 128;

[[noreturn]] void corrupt(const std::string& what) { throw Error(ErrorCode::corrupt, "zip archive: " + what); }
[[noreturn]] void corrupt(const Member& member, const std::string& what) {
  throw Error(ErrorCode::corrupt, "member '" + shown_name(member.name) + "': " + what);
}
[[noreturn]] void unsupported(const Member& member, const std::string& what) {
  throw Error(ErrorCode::unsupported, "member '" + shown_name(member.name) + "' " + what);
}

// Calls `found(id, content)` for each extra field. Python's zipfile, too, lets fewer than four bytes stand at the end.
template <class Found>
void for_each_extra(const Member& member, ByteSpan extra, const Found& found) {
  while (extra.size() >= 4) {
    const auto id = read_little<std::uint16_t>(extra, 0);
    const auto length = read_little<std::uint16_t>(extra, 2);
    if (length > extra.size() - 4) corrupt(member, "an extra field is longer than its header");
    found(id, extra.subspan(4, length));
    extra = extra.subspan(4 + std::size_t{length});
  }
}

// Replaces those of `values` that are saturated by what the zip64 field holds, in order.
template <std::size_t N>
void widen(const Member& member, ByteSpan extra, const std::array<std::uint64_t*, N>& values) {
  for_each_extra(member, extra, [&](std::uint16_t id, ByteSpan content) {
    if (id != kExtraZip64) return;
    std::size_t at = 0;
    for (std::uint64_t* value : values) {
      if (*value != kSaturated32) continue;
      if (content.size() - at < 8) corrupt(member, "its zip64 field is too short");
      *value = read_little<std::uint64_t>(content, at);
      at += 8;
    }
  });
}

void parse_note(Member& member, ByteSpan content) {
  if (content.size() < 12 || read_little<std::uint32_t>(content, 0) != 1) return;  // of a later version
  DeflateNote& note = member.note;
  note.compressed_crc = read_little<std::uint32_t>(content, 4);
  note.segment_bytes = read_little<std::uint32_t>(content, 8);
  const std::size_t count = (content.size() - 12) / 4;
  const std::uint64_t expected =
      note.segment_bytes == 0 ? 0 : (member.uncompressed + note.segment_bytes - 1) / note.segment_bytes;
  if (member.method != kDeflated || member.has_note || content.size() % 4 != 0 || count != expected) {
    corrupt(member, "its segment field does not fit it");
  }
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto length = read_little<std::uint32_t>(content, 12 + 4 * i);
    if (length < kSegmentEndBytes || length > segment_bound(note.segment_bytes)) {
      corrupt(member, "a segment has an impossible length");
    }
    note.segment_lengths.push_back(length);
    total += length;
  }
  if (count != 0 && total != member.compressed) corrupt(member, "its segments do not add up to its length");
  member.has_note = true;
}

void refuse_unsupported(const Member& member) {
  if ((member.flags & (kFlagEncrypted | kFlagStrongEncryption | kFlagMaskedHeaders)) != 0) {
    unsupported(member, "is encrypted");
  }
  if ((member.flags & kFlagPatched) != 0) unsupported(member, "is a patch");
  if (member.method != kStored && member.method != kDeflated) {
    unsupported(member, "is compressed by method " + std::to_string(member.method) +
                            "; neve reads stored (0) and deflated (8)");
  }
}

void check_sizes(const Member& member) {
  const bool possible = member.method == kStored ? member.compressed == member.uncompressed
                                                 : member.uncompressed / kDeflateExpands <= member.compressed;
  if (!possible) {
    corrupt(member, "it claims " + std::to_string(member.uncompressed) + " bytes, which its " +
                        std::to_string(member.compressed) + " cannot hold");
  }
}

// Reads the central header at the start of `rest` and moves past it. The name stays as in the file.
Member parse_central(ByteSpan& rest) {
  if (rest.size() < kCentralBytes || read_little<std::uint32_t>(rest, 0) != kCentralSignature) {
    corrupt("the central directory is damaged");
  }
  Member member;
  member.flags = read_little<std::uint16_t>(rest, 8);
  member.method = read_little<std::uint16_t>(rest, 10);
  member.crc = read_little<std::uint32_t>(rest, 16);
  member.compressed = read_little<std::uint32_t>(rest, 20);
  member.uncompressed = read_little<std::uint32_t>(rest, 24);
  const std::size_t name_bytes = read_little<std::uint16_t>(rest, 28);
  const std::size_t extra_bytes = read_little<std::uint16_t>(rest, 30);
  const std::size_t comment_bytes = read_little<std::uint16_t>(rest, 32);
  const auto disk = read_little<std::uint16_t>(rest, 34);
  member.header_offset = read_little<std::uint32_t>(rest, 42);
  if (rest.size() - kCentralBytes < name_bytes + extra_bytes + comment_bytes)
    corrupt("the central directory is cut short");
  member.name = as_text(rest.subspan(kCentralBytes, name_bytes));
  const ByteSpan extra = rest.subspan(kCentralBytes + name_bytes, extra_bytes);
  rest = rest.subspan(kCentralBytes + name_bytes + extra_bytes + comment_bytes);
  if (disk != 0) unsupported(member, "is in another part of a divided archive");
  widen<3>(member, extra, {&member.uncompressed, &member.compressed, &member.header_offset});
  refuse_unsupported(member);
  check_sizes(member);
  for_each_extra(member, extra, [&](std::uint16_t id, ByteSpan content) {
    if (id == kExtraNeve) parse_note(member, content);
  });
  return member;
}

std::vector<Member> parse_directory(ByteSpan directory, const EndRecords& end, const NpzReadLimits& limits) {
  if (end.members > limits.members) {
    throw Error(ErrorCode::too_large, "zip archive of " + std::to_string(end.members) + " members; the limit is " +
                                          std::to_string(limits.members));
  }
  if (end.members > directory.size() / kCentralBytes) corrupt("more members than its directory holds");
  std::vector<Member> members;
  members.reserve(end.members);
  std::uint64_t total = 0;
  for (std::uint64_t i = 0; i < end.members; ++i) {
    const Member& member = members.emplace_back(parse_central(directory));
    if (member.uncompressed > limits.array_bytes - total) {
      throw Error(ErrorCode::too_large, "zip archive: its members hold more than the limit of " +
                                            std::to_string(limits.array_bytes) + " bytes");
    }
    total += member.uncompressed;
  }
  if (!directory.empty()) corrupt("its directory holds more than its members");
  std::sort(members.begin(), members.end(),
            [](const Member& a, const Member& b) { return a.header_offset < b.header_offset; });
  return members;
}

// Walks the file from member to member, checking each local header and feeding the structure digest.
class LocalHeaders {
 public:
  LocalHeaders(const SourceView& file, Xxh128& structure) : file_(file), structure_(structure) {}

  // Checks the member whose bytes end where the next header or the directory begins.
  void check(Member& member, std::uint64_t end) {
    const ByteSpan header = read_header(member, end);
    compare(member, header);
    structure_.update(header);
    member.data_offset = member.header_offset + header.size();
    const std::uint64_t room = end - member.data_offset;
    if (member.compressed > room) corrupt(member, "it overlaps what follows it");
    if (const std::uint64_t gap = room - member.compressed; gap != 0) check_descriptor(member, gap);
  }

 private:
  ByteSpan read_header(const Member& member, std::uint64_t end) {
    const std::uint64_t room = end - member.header_offset;
    const std::uint64_t least = kLocalBytes + member.name.size();
    if (room < least) corrupt(member, "it overlaps what follows it");
    ByteSpan header = file_.view(member.header_offset, std::min(room, least + kUsualExtra), scratch_);
    if (read_little<std::uint32_t>(header, 0) != kLocalSignature) corrupt(member, "there is no local header");
    const std::uint64_t bytes =
        kLocalBytes + read_little<std::uint16_t>(header, 26) + read_little<std::uint16_t>(header, 28);
    if (bytes > room) corrupt(member, "its local header overlaps what follows it");
    if (bytes > header.size()) header = file_.view(member.header_offset, bytes, scratch_);
    return header.first(bytes);
  }

  static void compare(const Member& member, ByteSpan header) {
    const bool same = read_little<std::uint16_t>(header, 6) == member.flags &&
                      read_little<std::uint16_t>(header, 8) == member.method &&
                      read_little<std::uint16_t>(header, 26) == member.name.size() &&
                      as_text(header.subspan(kLocalBytes, member.name.size())) == member.name;
    if (!same) corrupt(member, "its local header contradicts the directory");
    if ((member.flags & kFlagDescriptor) != 0) return;  // sizes follow the data
    std::uint64_t compressed = read_little<std::uint32_t>(header, 18);
    std::uint64_t uncompressed = read_little<std::uint32_t>(header, 22);
    widen<2>(member, header.subspan(kLocalBytes + member.name.size()), {&uncompressed, &compressed});
    if (read_little<std::uint32_t>(header, 14) != member.crc || compressed != member.compressed ||
        uncompressed != member.uncompressed) {
      corrupt(member, "its local header contradicts the directory");
    }
  }

  // A data descriptor: with or without its signature, with 32- or 64-bit sizes.
  void check_descriptor(const Member& member, std::uint64_t gap) {
    const bool possible = gap == 12 || gap == 16 || gap == 20 || gap == 24;
    if ((member.flags & kFlagDescriptor) == 0 || !possible) {
      corrupt(member, std::to_string(gap) + " bytes after it belong to nothing");
    }
    const ByteSpan descriptor = file_.view(member.data_offset + member.compressed, gap, scratch_);
    const bool is_signed = gap == 16 || gap == 24;
    const std::size_t at = is_signed ? 4 : 0;
    const bool wide = gap >= 20;
    const std::uint64_t compressed =
        wide ? read_little<std::uint64_t>(descriptor, at + 4) : read_little<std::uint32_t>(descriptor, at + 4);
    const std::uint64_t uncompressed =
        wide ? read_little<std::uint64_t>(descriptor, at + 12) : read_little<std::uint32_t>(descriptor, at + 8);
    if ((is_signed && read_little<std::uint32_t>(descriptor, 0) != kDescriptorSignature) ||
        read_little<std::uint32_t>(descriptor, at) != member.crc || compressed != member.compressed ||
        uncompressed != member.uncompressed) {
      corrupt(member, "its data descriptor contradicts the directory");
    }
    structure_.update(descriptor);
  }

  const SourceView& file_;
  Xxh128& structure_;
  std::vector<std::byte> scratch_;
};

void decode_name(Member& member) {
  const bool utf8 = (member.flags & kFlagUtf8) != 0;
  if (!utf8 && !is_ascii(member.name)) member.name = utf8_from_cp437(member.name);
  if (member.name.ends_with('/')) unsupported(member, "is a folder, not an array");
  // The member's name has no other faults: its `.npy` makes no component `..`, and no name too long.
  if (const char* fault = name_fault(array_name(member.name))) unsupported(member, fault);
}

}  // namespace

Directory read_directory(const SourceView& file, const NpzReadLimits& limits) {
  const EndRecords end = find_end_records(file);
  if (end.directory_bytes > kLongestDirectory) {
    throw Error(ErrorCode::too_large, "zip archive: a directory of " + std::to_string(end.directory_bytes) + " bytes");
  }
  std::vector<std::byte> scratch;
  const ByteSpan trailer = file.view(end.directory_offset, file.size() - end.directory_offset, scratch);
  Directory result{parse_directory(trailer.first(end.directory_bytes), end, limits), {}, {}};

  Xxh128 structure;
  LocalHeaders headers(file, structure);
  for (std::size_t i = 0; i < result.members.size(); ++i) {
    Member& member = result.members[i];
    const bool is_last = i + 1 == result.members.size();
    const std::uint64_t next = is_last ? end.directory_offset : result.members[i + 1].header_offset;
    if (next > end.directory_offset || next <= member.header_offset) corrupt(member, "it overlaps another member");
    headers.check(member, next);
    decode_name(member);
  }
  const std::uint64_t first = result.members.empty() ? end.directory_offset : result.members.front().header_offset;
  if (first != 0) corrupt(std::to_string(first) + " bytes before it belong to nothing");

  const std::size_t comment_at = end.comment_offset - end.directory_offset;
  structure.update(trailer.first(comment_at));
  result.structure = structure.finish();
  result.comment = file.whole() ? file.whole()->slice(end.comment_offset, trailer.size() - comment_at)
                                : Bytes::copy_of(trailer.subspan(comment_at));
  return result;
}

}  // namespace neve::zip
