#pragma once

#include <cstdint>
#include <string>

namespace neve {

/// What the kernel says about an open folder and the filesystem it is on.
struct FilesystemFacts {
  std::string type;      ///< "ext4", or the magic number of one that is not known here
  bool network = false;  ///< hosts do not see each other's mappings
  std::uint64_t free_bytes = 0;
  std::uint32_t owner_uid = 0;
  std::string owner;  ///< name, or the number if it has none
};

[[nodiscard]] FilesystemFacts filesystem_facts(int fd);

/// Only whether it is a network filesystem, which is quicker to say.
[[nodiscard]] bool is_network_filesystem(int fd) noexcept;

/// Whether it is known to be of this machine alone, so that all who use it are seen here. Neither of the two is true of
/// a filesystem that is not known.
[[nodiscard]] bool is_local_filesystem(int fd) noexcept;

/// Where to look for whether a file that was read is still the one that has its name, and unchanged.
enum class ChangeSign {
  none,        ///< nowhere: attributes are cached, as over a network, or too coarse
  name,        ///< the attributes of what has the name
  descriptor,  ///< those of the file that was read, held open; quicker
};

[[nodiscard]] ChangeSign change_sign(int fd) noexcept;

}  // namespace neve
