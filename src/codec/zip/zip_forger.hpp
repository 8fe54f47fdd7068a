#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <neve/codec/npy.hpp>

#include "codec/deflate/crc32.hpp"
#include "codec/zip/little_endian.hpp"
#include "codec/zip/zip_format.hpp"

namespace neve {

/// One header of a forged archive, every field free to lie.
struct ForgedHeader {
  std::uint16_t flags = 0;
  std::uint16_t method = zip::kStored;
  std::uint32_t crc = 0;
  std::uint32_t compressed = 0;
  std::uint32_t uncompressed = 0;
  std::string name;
  std::string extra;
  std::uint32_t offset = 0;  ///< of the local header; in the directory only
  std::uint16_t disk = 0;    ///< in the directory only
};

struct ForgedMember {
  ForgedHeader local;
  ForgedHeader central;
  std::string data;
  std::string after;  ///< between the data and what comes next
};

/// An honest member, to be bent afterwards.
inline ForgedMember forged_member(const std::string& name, const std::string& content) {
  ForgedMember member;
  member.local.name = name;
  member.local.crc = crc32(0, as_byte_span(content));
  member.local.compressed = member.local.uncompressed = static_cast<std::uint32_t>(content.size());
  member.central = member.local;
  member.data = content;
  return member;
}

inline std::string npy_text(const Array& array) {
  return make_npy_header(array.dtype(), array.shape(), array.order()) + std::string(array.bytes().text());
}

/// An NPY file with any header text.
inline std::string npy_with_header(const std::string& header, const std::string& data) {
  std::string text("\x93NUMPY\x01\x00", 8);
  append_little(text, static_cast<std::uint16_t>(header.size()));
  return text + header + data;
}

inline void append_forged(std::string& text, const ForgedHeader& header) {
  append_little(text, header.flags);
  append_little(text, header.method);
  append_little<std::uint32_t>(text, 0x00210000);
  append_little(text, header.crc);
  append_little(text, header.compressed);
  append_little(text, header.uncompressed);
  append_little(text, static_cast<std::uint16_t>(header.name.size()));
  append_little(text, static_cast<std::uint16_t>(header.extra.size()));
}

struct ForgedEnd {
  std::uint32_t disks = 0;
  std::optional<std::uint16_t> members = std::nullopt;
  std::optional<std::uint32_t> directory_bytes = std::nullopt;
  std::optional<std::uint32_t> directory_offset = std::nullopt;
  std::string before = {};  ///< between directory and end record
  std::string comment = {};
  std::optional<std::uint16_t> comment_bytes = std::nullopt;
};

/// Lays the members out one after the other; `bend` may change the directory's headers once offsets are known.
inline std::string forge_zip(std::vector<ForgedMember> members, const ForgedEnd& end = {},
                             const std::function<void(std::vector<ForgedMember>&)>& bend = {}) {
  std::string file;
  for (ForgedMember& member : members) {
    member.central.offset = static_cast<std::uint32_t>(file.size());
    append_little(file, zip::kLocalSignature);
    append_little<std::uint16_t>(file, 20);
    append_forged(file, member.local);
    file += member.local.name + member.local.extra + member.data + member.after;
  }
  if (bend) bend(members);
  const std::size_t offset = file.size();
  for (const ForgedMember& member : members) {
    append_little(file, zip::kCentralSignature);
    append_little<std::uint32_t>(file, 20U << 16 | 20);
    append_forged(file, member.central);
    append_little<std::uint16_t>(file, 0);
    append_little(file, member.central.disk);
    append_little<std::uint16_t>(file, 0);
    append_little<std::uint32_t>(file, 0);
    append_little(file, member.central.offset);
    file += member.central.name + member.central.extra;
  }
  const std::size_t bytes = file.size() - offset;
  file += end.before;
  append_little(file, zip::kEndSignature);
  append_little(file, end.disks);
  append_little(file, end.members.value_or(static_cast<std::uint16_t>(members.size())));
  append_little(file, end.members.value_or(static_cast<std::uint16_t>(members.size())));
  append_little(file, end.directory_bytes.value_or(static_cast<std::uint32_t>(bytes)));
  append_little(file, end.directory_offset.value_or(static_cast<std::uint32_t>(offset)));
  append_little(file, end.comment_bytes.value_or(static_cast<std::uint16_t>(end.comment.size())));
  return file + end.comment;
}

/// An extra field.
inline std::string forged_extra(std::uint16_t id, const std::string& content) {
  std::string text;
  append_little(text, id);
  append_little(text, static_cast<std::uint16_t>(content.size()));
  return text + content;
}

template <class... Values>
std::string little(Values... values) {
  std::string text;
  (append_little(text, values), ...);
  return text;
}

}  // namespace neve
