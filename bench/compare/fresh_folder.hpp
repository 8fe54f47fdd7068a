#pragma once

#include <filesystem>

#include <neve/base/scratch_folder.hpp>

namespace neve::bench {

/// A folder that goes away with this, where files cost what they cost on this filesystem, whatever has happened near
/// by.
///
/// An ext4 without a journal passes over files that were removed in the same part of the disk minutes ago, one by one,
/// whenever one is created: beside a busy /tmp that took 40 to 800 us instead of 20, more for one case than for
/// another. So the folder is made as one of the root would be (chattr +T): in any part of the disk, by its name, which
/// is another each time. Filesystems that know no such thing are not disturbed.
class FreshFolder {
 public:
  FreshFolder();
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  ScratchFolder parent_;
  std::filesystem::path path_;
};

}  // namespace neve::bench
