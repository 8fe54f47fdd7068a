#pragma once

#include "cache/disk/cleaning/survey.hpp"
#include "cache/disk/entry/entry_names.hpp"
#include "cache/disk/entry/open_pair.hpp"
#include "cache/disk/files/deferred_close.hpp"
#include "cache/disk/files/root_folder.hpp"
#include "cache/disk/files/temporary_files.hpp"
#include "cache/disk/ledger/ledger.hpp"

namespace neve {

/// Removes whatever is stored under the names, json first, so that what is left of an interrupted removal is no entry;
/// false if there was nothing.
bool remove_entry(const RootFolder& root, const EntryNames& names, DeferredClose& closer) noexcept;

/// Removes the files of `pair` and no others: one that has been stored under the same name since stays. On a disk that
/// takes no further name, being full, one stored in just that moment may go with them: removing is what makes room.
/// False if none went, as of others in a folder where each may remove its own only (`chmod +t`).
bool remove_exactly(const RootFolder& root, const EntryNames& names, const OpenPair& pair, TemporaryFiles& temporaries,
                    DeferredClose& closer);

/// Whether a budget or a clearing may remove the files: they are neve's, by the ledger or their seal, or are named by a
/// digest as phys-pipeline's are. Somebody's own `data.json` and `data.npz` in the same folder are neither.
[[nodiscard]] bool is_disposable(const RootFolder& root, Ledger& ledger, const FoundEntry& found);

/// Whether the pair is half of what an interrupted store or removal of neve's left: ours, and untouched for a while.
/// Halves of others may yet become whole.
[[nodiscard]] bool is_leftover(const Key& key, Ledger& ledger, const OpenPair& pair);

}  // namespace neve
