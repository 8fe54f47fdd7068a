#include "cache/disk/entry/entry_reader.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <vector>

#include <neve/base/buffer.hpp>
#include <neve/base/error.hpp>

#include "cache/backend/decoded_limit.hpp"
#include "cache/backend/miss_reason.hpp"
#include "cache/disk/files/file_source.hpp"

namespace neve {
namespace {

constexpr std::uint64_t kMapFrom = 4 << 20;
constexpr std::uint64_t kReadWholeUpTo = 64 << 10;
constexpr std::uint64_t kLongestJson = std::uint64_t{1} << 30;
constexpr int kAttempts = 3;

/// The size of a regular file. Throws an `EntryError` for anything else that has an entry's name.
std::uint64_t size_of(const FileDescriptor& fd, const std::string& name) {
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) throw io_error("cannot examine '" + name + "'", errno);
  if (!S_ISREG(status.st_mode)) throw EntryError(EntryError::Kind::foreign, "'" + name + "' is not a regular file");
  return static_cast<std::uint64_t>(status.st_size);
}

/// Throws `corrupt` if the file is shorter than `size`.
Bytes read_whole(const FileDescriptor& fd, std::uint64_t size, const std::string& name) {
  Buffer buffer(size);
  if (!read_exactly_at(fd.get(), 0, buffer.span(), name)) {
    throw EntryError(EntryError::Kind::corrupt, "'" + name + "' became shorter while it was read");
  }
  return std::move(buffer).freeze();
}

Bytes read_long_json(const FileDescriptor& fd, const std::string& name) {
  const std::uint64_t size = size_of(fd, name);
  if (size > kLongestJson) {
    throw EntryError(EntryError::Kind::too_large, "'" + name + "' has " + std::to_string(size) + " bytes");
  }
  return read_whole(fd, size, name);
}

/// The text of a json file: one read into `room` for nearly all, which are short.
Bytes read_json(const FileDescriptor& fd, const std::string& name, std::span<std::byte> room) {
  const ssize_t count = ::pread(fd.get(), room.data(), room.size(), 0);
  if (count >= 0 && static_cast<std::size_t>(count) < room.size()) {
    return Bytes::borrowed(room.first(static_cast<std::size_t>(count)));
  }
  return read_long_json(fd, name);
}

DecodedEntry decode_npz(const Key& key, ByteSpan json, const FileDescriptor& fd, std::uint64_t size,
                        const std::string& name, bool mapped, std::uint64_t decoded_bytes) {
  const NpzReadLimits limits = decoded_limits(size, decoded_bytes);
  if (mapped) {
    return decode_entry(key.text(), json, map_file(fd.get(), size, name), limits);
  }
  if (size > kReadWholeUpTo) return decode_entry(key.text(), json, FileSource(fd.get(), size, name), limits);
  return decode_entry(key.text(), json, read_whole(fd, size, name), limits);
}

void decode(EntryRead& read, const Key& key, const EntryNames& names, Placement placement,
            std::uint64_t decoded_bytes) {
  std::array<std::byte, 4096> room;
  const std::string json_name = names.json();
  const std::string npz_name = names.npz();
  const Bytes json = read_json(read.files.json(), json_name, room);
  const std::uint64_t npz_bytes = size_of(read.files.npz(), npz_name);
  read.mapped = placement == Placement::mapped && npz_bytes >= kMapFrom;
  read.decoded = decode_npz(key, json.span(), read.files.npz(), npz_bytes, npz_name, read.mapped, decoded_bytes);
  read.stored_bytes = json.size() + npz_bytes;
}

EntryRead read_once(const RootFolder& root, const Key& key, const EntryNames& names, Placement placement,
                    std::uint64_t decoded_bytes) {
  EntryRead read{std::nullopt, MissReason::none, {}, 0, false, OpenPair(root, names)};
  read.reason = read.files.missing();
  read.detail = read.files.detail();
  if (read.reason != MissReason::none) return read;
  try {
    decode(read, key, names, placement, decoded_bytes);
  } catch (const EntryError& error) {
    read.reason = miss_reason_of(error.kind());
    read.detail = error.what();
  } catch (const Error& error) {
    read.reason = error.code() == ErrorCode::too_large ? MissReason::unsupported : MissReason::unavailable;
    read.detail = error.what();
  }
  return read;
}

}  // namespace

Bytes read_json_text(const OpenPair& files, const EntryNames& names) {
  return read_long_json(files.json(), names.json());
}

EntryRead read_entry(const RootFolder& root, const Key& key, const EntryNames& names, Placement placement,
                     std::uint64_t decoded_bytes) {
  for (int attempt = 1;; ++attempt) {
    EntryRead read = read_once(root, key, names, placement, decoded_bytes);
    if (read.decoded || read.reason == MissReason::absent || attempt == kAttempts) return read;
    if (!read.files.replaced(root, names)) return read;
  }
}

std::optional<EntrySeal> read_seal(const FileDescriptor& npz, const std::string& name) {
  return read_entry_seal(FileSource(npz.get(), size_of(npz, name), name));
}

std::optional<EntrySeal> read_seal_of(const Key& key, const OpenPair& pair) {
  const EntryNames names(key);
  try {
    std::optional<EntrySeal> seal = pair.npz().valid() ? read_seal(pair.npz(), names.npz()) : std::nullopt;
    return seal && seal->key == key.text() ? seal : std::nullopt;
  } catch (const Error&) {
    return std::nullopt;
  }
}

bool shows_a_seal(const FileDescriptor& npz) {
  constexpr std::string_view kEndRecord = "PK\x05\x06";
  constexpr std::string_view kSeal = "neve";
  constexpr std::size_t kEndRecordBytes = 22;
  struct stat status {};
  if (::fstat(npz.get(), &status) != 0) return false;
  const auto size = static_cast<std::size_t>(status.st_size);
  std::vector<std::byte> tail(std::min<std::size_t>(size, kEndRecordBytes + 0xFFFF));
  const ssize_t count = ::pread(npz.get(), tail.data(), tail.size(), static_cast<off_t>(size - tail.size()));
  const std::string_view text = as_text({tail.data(), count < 0 ? 0 : static_cast<std::size_t>(count)});
  for (std::size_t at = text.find(kEndRecord); at != std::string_view::npos; at = text.find(kEndRecord, at + 1)) {
    if (text.size() - at > kEndRecordBytes && text.substr(at + kEndRecordBytes).starts_with(kSeal)) return true;
  }
  return false;
}

}  // namespace neve
