#include "cache/disk/cleaning/removal.hpp"

#include <string>

#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>

#include "cache/disk/entry/entry_reader.hpp"
#include "cache/disk/files/file_identity.hpp"

namespace neve {
namespace {

/// Empty if there can be none.
std::string name_for_moving(TemporaryFiles& temporaries) {
  try {
    return temporaries.unused_name(".gone");
  } catch (const Error&) {
    return "";
  }
}

}  // namespace

bool remove_entry(const RootFolder& root, const EntryNames& names, DeferredClose& closer) noexcept {
  const bool json = closer.unlink(root.fd(), names.json());
  const bool npz = closer.unlink(root.fd(), names.npz());
  return json || npz;
}

bool remove_exactly(const RootFolder& root, const EntryNames& names, const OpenPair& pair, TemporaryFiles& temporaries,
                    DeferredClose& closer) {
  bool removed = false;
  for (const Half half : {Half::json, Half::npz}) {
    const FileDescriptor& file = half == Half::json ? pair.json() : pair.npz();
    if (!file.valid()) continue;
    const FileIdentity expected = FileIdentity::of(file.get());
    const std::string away = name_for_moving(temporaries);
    if (away.empty()) {
      if (FileIdentity::at(root.fd(), names.of(half)) == expected)
        removed = closer.unlink(root.fd(), names.of(half)) || removed;
    } else if (move_exactly(root.fd(), names.of(half), expected, away.c_str())) {
      removed = closer.unlink(root.fd(), away.c_str()) || removed;
    }
  }
  return removed;
}

bool is_disposable(const RootFolder& root, Ledger& ledger, const FoundEntry& found) {
  if (is_sha256_hex(found.key.text())) return true;
  const std::optional<LedgerFacts> facts = ledger.find(LedgerKey(found.key).tag());
  if (facts && facts->writer == Writer::neve && facts->bytes == found.bytes()) return true;
  return read_seal_of(found.key, OpenPair(root, EntryNames(found.key))).has_value();
}

bool is_leftover(const Key& key, Ledger& ledger, const OpenPair& pair) {
  if (pair.missing() != MissReason::half) return false;
  const std::optional<LedgerFacts> facts = ledger.find(LedgerKey(key).tag());
  const bool ours = (facts && facts->writer == Writer::neve) || read_seal_of(key, pair);
  return ours && pair.settled();
}

}  // namespace neve
