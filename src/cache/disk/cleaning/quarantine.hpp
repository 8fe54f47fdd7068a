#pragma once

#include <cstddef>
#include <cstdint>

#include "cache/disk/files/file_identity.hpp"
#include "cache/disk/files/root_folder.hpp"

namespace neve {

/// Keeps the last few damaged files in `.neve/quarantine` for whoever wants to know what happened. Thread-safe.
class Quarantine {
 public:
  explicit Quarantine(const RootFolder& root) : root_(&root) {}

  struct Contents {
    std::size_t files = 0;
    std::uint64_t bytes = 0;
  };

  /// Moves the file there unless another has taken its name, or a link the folder's place.
  void take(const char* name, const FileIdentity& expected) const;

  [[nodiscard]] Contents contents() const;
  /// The number of files removed.
  std::size_t clear() const;

 private:
  const RootFolder* root_;
};

}  // namespace neve
