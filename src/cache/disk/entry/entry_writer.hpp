#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include <neve/cache/disk_cache.hpp>
#include <neve/codec/entry.hpp>

#include "cache/disk/entry/entry_names.hpp"
#include "cache/disk/files/deferred_close.hpp"
#include "cache/disk/files/file_identity.hpp"
#include "cache/disk/files/root_folder.hpp"
#include "cache/disk/files/temporary_files.hpp"

namespace neve {

/// Puts entries into the folder so that every other process sees the old pair, the new pair or a miss. Thread-safe.
class EntryWriter {
 public:
  EntryWriter(const RootFolder& root, TemporaryFiles& temporaries, DeferredClose& closer,
              const DiskCacheOptions& options)
      : root_(&root), temporaries_(&temporaries), closer_(&closer), options_(&options) {}

  /// Bytes of both files. Throws `too_large` if they would exceed the byte budget, `io` if they cannot be written, and
  /// `invalid_argument` for an entry that cannot be encoded; the folder is then as before.
  std::uint64_t write(const EntryNames& names, const Entry& entry, const EntrySeal& seal);

  /// The same where nothing lies under the names, once `still_there` has said yes; nothing, with what others put there
  /// untouched, if something does or it has not. A removal that begins after `still_there` was asked leaves no entry.
  [[nodiscard]] std::optional<std::uint64_t> write_unless_taken(const EntryNames& names, const Entry& entry,
                                                                const EntrySeal& seal,
                                                                const std::function<bool()>& still_there);

  /// Puts an npz file with another seal into the place of `old`, which belongs to the json file whose text is `json`;
  /// false, with everything as it was, if another file has taken its name or there is none. Throws as `write`.
  [[nodiscard]] bool reseal(const EntryNames& names, const Entry& entry, std::string_view json, const EntrySeal& seal,
                            const FileIdentity& old);

 private:
  /// Both files of an entry, ready to be published.
  struct Pair {
    TemporaryFile npz;
    TemporaryFile json;
    std::uint64_t bytes;
  };

  [[nodiscard]] Pair prepare(const Entry& entry, const EntrySeal& seal);
  std::uint64_t write_npz(TemporaryFile& file, const Entry& entry, std::string_view json, const EntrySeal& seal) const;
  void write_json(TemporaryFile& file, std::string_view json) const;
  void publish(TemporaryFile& npz, TemporaryFile& json, const EntryNames& names);
  [[nodiscard]] bool place(TemporaryFile& file, const char* name) const;
  void take_back(const char* name, const FileDescriptor& held);
  void sync_folder() const;
  [[nodiscard]] bool rename_unless_taken(TemporaryFile& file, const char* name) const;
  void rename_over(TemporaryFile& file, const char* name) const;
  [[nodiscard]] std::string what_is_written() const;
  void settle(TemporaryFile& file) const;

  const RootFolder* root_;
  TemporaryFiles* temporaries_;
  DeferredClose* closer_;
  const DiskCacheOptions* options_;
};

}  // namespace neve
