#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <neve/cache/backend.hpp>
#include <neve/codec/entry.hpp>

#include "cache/disk/entry/entry_names.hpp"
#include "cache/disk/entry/open_pair.hpp"
#include "cache/disk/files/root_folder.hpp"

namespace neve {

/// What reading an entry gave: the entry, or the reason there is none and the files it was seen in, still open.
struct EntryRead {
  std::optional<DecodedEntry> decoded;
  MissReason reason = MissReason::none;
  std::string detail;
  std::uint64_t stored_bytes = 0;
  bool mapped = false;  ///< the npz file, instead of being read into memory
  OpenPair files;
};

/// The detail of an entry that is torn because another program has replaced its npz file.
inline constexpr const char* kHalfReplaced =
    "the npz file is another program's, the json file the one that was stored here";

/// The text of the pair's json file. Throws `io`, `corrupt` and `too_large`.
[[nodiscard]] Bytes read_json_text(const OpenPair& files, const EntryNames& names);

/// Reads and verifies the pair stored under `key`. A pair that is found damaged while somebody replaces it is read
/// again; one whose arrays would need more than `decoded_bytes` and than its file has is not decoded. Throws nothing
/// for whatever lies in the files.
[[nodiscard]] EntryRead read_entry(const RootFolder& root, const Key& key, const EntryNames& names, Placement placement,
                                   std::uint64_t decoded_bytes);

/// The seal of the npz file in `npz`, without reading arrays: nothing if it has none. Throws an `EntryError`.
[[nodiscard]] std::optional<EntrySeal> read_seal(const FileDescriptor& npz, const std::string& name);

/// The seal of the pair stored under `key`; nothing also if there is no npz, if it is damaged, which is for lookups to
/// find, or if the seal is of another key: then somebody copied the file to a name of their own.
[[nodiscard]] std::optional<EntrySeal> read_seal_of(const Key& key, const OpenPair& pair);

/// Whether a damaged npz file still shows that neve wrote it: the beginning of a seal near its end.
[[nodiscard]] bool shows_a_seal(const FileDescriptor& npz);

}  // namespace neve
