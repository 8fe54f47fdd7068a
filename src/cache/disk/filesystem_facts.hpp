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

}  // namespace neve
