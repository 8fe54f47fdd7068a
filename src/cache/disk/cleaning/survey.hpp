#pragma once

#include <cstdint>
#include <optional>

#include <neve/key/key.hpp>

#include "cache/disk/files/directory_reader.hpp"
#include "cache/disk/files/root_folder.hpp"
#include "cache/disk/ledger/ledger.hpp"

namespace neve {

/// An entry's files as the folder lists them.
struct FoundEntry {
  Key key;
  bool has_json = false;
  bool has_npz = false;
  std::uint64_t json_bytes = 0;
  std::uint64_t npz_bytes = 0;
  TimePoint modified_at;  ///< of the newer one

  [[nodiscard]] bool whole() const noexcept { return has_json && has_npz; }
  [[nodiscard]] std::uint64_t bytes() const noexcept { return json_bytes + npz_bytes; }
};

/// Sizes and time of the files under `key`; nothing if there are none.
[[nodiscard]] std::optional<FoundEntry> find_entry_files(const RootFolder& root, const Key& key);

/// The next entry of a walk through the folder, each met once: by its json, or by its npz if there is no json. `budget`
/// goes down by one for every name read; nothing when it is used up or the folder ends, in which case `at_end` is set.
[[nodiscard]] std::optional<Key> next_key(DirectoryReader& reader, const RootFolder& root, std::size_t& budget,
                                          bool& at_end);

/// What the ledger can know of an entry that was met in the folder and not read.
[[nodiscard]] LedgerFacts facts_of(const FoundEntry& found);

}  // namespace neve
