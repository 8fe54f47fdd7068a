#pragma once

#include <string>

#include <neve/base/bytes.hpp>
#include <neve/base/file.hpp>
#include <neve/cache/backend.hpp>

#include "cache/disk/entry/entry_names.hpp"
#include "cache/disk/files/file_identity.hpp"
#include "cache/disk/files/root_folder.hpp"

namespace neve {

/// Both files of an entry, opened for reading: json first, npz second, as far as they are there. Not thread-safe.
class OpenPair {
 public:
  OpenPair(const RootFolder& root, const EntryNames& names);

  /// `none` if both are open; else why there is nothing to read.
  [[nodiscard]] MissReason missing() const noexcept { return missing_; }
  [[nodiscard]] const std::string& detail() const noexcept { return detail_; }

  [[nodiscard]] const FileDescriptor& json() const noexcept { return json_; }
  [[nodiscard]] const FileDescriptor& npz() const noexcept { return npz_; }

  void close() noexcept;

  /// Whether another file has taken one of the names since, or one is gone or has come.
  [[nodiscard]] bool replaced(const RootFolder& root, const EntryNames& names) const noexcept;

  /// Whether both files have been as they are for ten seconds of real time. Younger ones may still be written:
  /// phys-pipeline writes in place. A time more than a minute ahead is a wrong clock's and counts as settled.
  [[nodiscard]] bool settled() const noexcept;

 private:
  [[nodiscard]] FileDescriptor open(const RootFolder& root, const char* name);

  MissReason missing_ = MissReason::none;  ///< before the descriptors, whose opening sets it
  std::string detail_;
  FileDescriptor json_;
  FileDescriptor npz_;
};

}  // namespace neve
