#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <span>
#include <string>

#include <neve/base/bytes.hpp>
#include <neve/cache/backend.hpp>
#include <neve/cache/blob_sweep.hpp>
#include <neve/cache/collect_mode.hpp>

namespace neve::redis {

/// Where the half of an entry that is too large for Redis lies.
struct BlobPointer {
  std::string sha256;
  std::uint64_t size = 0;

  /// The file's path below the blob folder. It follows from the digest; what Redis says of it is never used as a path.
  [[nodiscard]] std::string location() const { return sha256.substr(0, 2) + "/" + sha256; }
};

/// Files named by the SHA-256 of their bytes in a folder that many machines share. A blob is written once and never
/// changed, so equal payloads share one file. Safe from any number of threads and processes.
class BlobStore {
 public:
  explicit BlobStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// Writes the concatenated pieces, unless they are there already. Throws `io`, also where a link has the place of one
  /// of the folders below the blob folder.
  [[nodiscard]] BlobPointer write(std::span<const Bytes> pieces);

  struct Found {
    std::optional<Bytes> bytes;
    std::string fault;  ///< why there are none, for a person
  };
  /// The blob, verified against its digest. Throws `io` if a file that exists cannot be read, and `too_large` for one
  /// of more than half of the memory that is not to be mapped.
  [[nodiscard]] Found read(const BlobPointer& pointer, Placement placement) const;

  /// Removes what was neither written nor read for `grace` and whose digest is not in `referenced`, and temporary files
  /// as old as that.
  BlobSweep sweep(const std::set<std::string>& referenced, std::chrono::seconds grace, CollectMode mode);

 private:
  std::filesystem::path folder_;
};

}  // namespace neve::redis
