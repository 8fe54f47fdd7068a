#pragma once

#include <filesystem>

#include <neve/base/file.hpp>

namespace neve::dataset {

/// A folder to build something in, which takes its place as a whole or vanishes.
///
/// It holds a kernel lock on a file inside while it lives, so that a later process can tell what a crash left behind
/// from what is being built. On a filesystem that machines may share, what another one has left stays for a day: its
/// locks may not be seen here. Used by one thread.
class StagingFolder {
 public:
  /// Makes a fresh folder in `parent`, and removes what dead processes left there. Throws `io`.
  explicit StagingFolder(const std::filesystem::path& parent);
  ~StagingFolder();
  StagingFolder(const StagingFolder&) = delete;
  StagingFolder& operator=(const StagingFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

  /// Puts the folder, synced to the disk, where `target` is: in one step with what stands there, which then vanishes.
  /// Call once. Throws `io`; then `target` is as it was, unless syncing the folder around it failed in the end: then it
  /// is what it was or what was put there, and which of them a crash leaves is open.
  void publish_as(const std::filesystem::path& target);

 private:
  std::filesystem::path path_;
  FileDescriptor lock_;
};

}  // namespace neve::dataset
