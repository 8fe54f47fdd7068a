#include <algorithm>
#include <string>

#include <neve/base/error.hpp>

#include "codec/zip/little_endian.hpp"
#include "codec/zip/zip_directory.hpp"

namespace neve::zip {
namespace {

// Enough for the directory, end record and seal of an ordinary entry, so that one read finds them all.
constexpr std::uint64_t kFirstTail = 4096;
constexpr std::uint64_t kLongestTail = kEndBytes + 0xFFFF;

[[noreturn]] void corrupt(const std::string& what) { throw Error(ErrorCode::corrupt, "zip archive: " + what); }

// The offset in `tail` of an end record whose comment reaches exactly to the end of the file; tail.size() if none does.
std::size_t find_end(ByteSpan tail) {
  if (tail.size() < kEndBytes) return tail.size();
  for (std::size_t at = tail.size() - kEndBytes + 1; at-- > 0;) {
    if (read_little<std::uint32_t>(tail, at) != kEndSignature) continue;
    if (read_little<std::uint16_t>(tail, at + 20) == tail.size() - at - kEndBytes) return at;
  }
  return tail.size();
}

EndRecords parse_end(ByteSpan record, std::uint64_t offset) {
  const auto members_here = read_little<std::uint16_t>(record, 8);
  EndRecords end;
  end.members = read_little<std::uint16_t>(record, 10);
  end.directory_bytes = read_little<std::uint32_t>(record, 12);
  end.directory_offset = read_little<std::uint32_t>(record, 16);
  end.comment_offset = offset + kEndBytes;
  if (read_little<std::uint32_t>(record, 4) != 0 || members_here != end.members) {
    throw Error(ErrorCode::unsupported, "zip archive in several parts");
  }
  return end;
}

// Whether the directory given by `end` ends where the records at `records` begin.
bool touches(const EndRecords& end, std::uint64_t records) {
  return end.directory_offset <= records && records - end.directory_offset == end.directory_bytes;
}

void read_zip64(const SourceView& file, std::uint64_t end_offset, EndRecords& end) {
  std::vector<std::byte> scratch;
  const std::uint64_t both = kZip64EndBytes + kZip64LocatorBytes;
  if (end_offset < both) corrupt("the directory does not end at the end record");
  const std::uint64_t locator_offset = end_offset - kZip64LocatorBytes;
  const ByteSpan locator = file.view(locator_offset, kZip64LocatorBytes, scratch);
  const auto record_offset = read_little<std::uint64_t>(locator, 8);
  const bool is_locator = read_little<std::uint32_t>(locator, 0) == kZip64LocatorSignature &&
                          read_little<std::uint32_t>(locator, 4) == 0 && read_little<std::uint32_t>(locator, 16) <= 1;
  if (!is_locator || record_offset != end_offset - both) corrupt("the directory does not end at the end record");

  const ByteSpan record = file.view(record_offset, kZip64EndBytes, scratch);
  if (read_little<std::uint32_t>(record, 0) != kZip64EndSignature ||
      read_little<std::uint64_t>(record, 4) != kZip64EndBytes - 12 || read_little<std::uint64_t>(record, 16) != 0) {
    corrupt("bad zip64 end record");
  }
  EndRecords large = end;
  large.members = read_little<std::uint64_t>(record, 32);
  large.directory_bytes = read_little<std::uint64_t>(record, 40);
  large.directory_offset = read_little<std::uint64_t>(record, 48);
  const auto agrees = [](std::uint64_t plain, std::uint64_t wide, std::uint64_t limit) {
    return plain == wide || plain == limit;
  };
  if (read_little<std::uint64_t>(record, 24) != large.members || !agrees(end.members, large.members, kSaturated16) ||
      !agrees(end.directory_bytes, large.directory_bytes, kSaturated32) ||
      !agrees(end.directory_offset, large.directory_offset, kSaturated32) || !touches(large, record_offset)) {
    corrupt("the two end records contradict each other");
  }
  end = large;
}

}  // namespace

EndRecords find_end_records(const SourceView& file) {
  std::vector<std::byte> scratch;
  std::uint64_t tail_bytes = std::min(file.size(), kFirstTail);
  ByteSpan tail = file.view(file.size() - tail_bytes, tail_bytes, scratch);
  std::size_t at = find_end(tail);
  if (at == tail.size() && file.size() > tail_bytes) {
    tail_bytes = std::min(file.size(), kLongestTail);
    tail = file.view(file.size() - tail_bytes, tail_bytes, scratch);
    at = find_end(tail);
  }
  if (at == tail.size())
    corrupt("no end record whose comment ends with the file; it is cut short or not a zip archive");
  const std::uint64_t end_offset = file.size() - tail_bytes + at;
  EndRecords end = parse_end(tail.subspan(at, kEndBytes), end_offset);
  if (!touches(end, end_offset)) read_zip64(file, end_offset, end);
  return end;
}

}  // namespace neve::zip
