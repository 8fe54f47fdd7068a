#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <neve/base/bytes.hpp>
#include <neve/codec/array.hpp>

namespace neve {

/// Where an NPZ file is written. `write` appends; `write_at` changes bytes that were already written (the writer learns
/// a checksum only after the data went out). Used by one thread.
class NpzSink {
 public:
  virtual ~NpzSink() = default;
  /// The final size, or a lower bound of it, as soon as it is known: a chance to allocate.
  virtual void reserve(std::uint64_t bytes) = 0;
  virtual void write(ByteSpan bytes) = 0;
  virtual void write_at(std::uint64_t offset, ByteSpan bytes) = 0;
};

/// Where an NPZ file is read from, at any offset. Safe from several threads at once.
class NpzSource {
 public:
  virtual ~NpzSource() = default;
  [[nodiscard]] virtual std::uint64_t size() const = 0;
  /// Fills `out` from `offset`. Throws `corrupt` if the file ends first, `io` if it cannot be read.
  virtual void read(std::uint64_t offset, std::span<std::byte> out) const = 0;
  /// The whole file if it already lies in memory or a mapping: stored members then become slices of it, not copies.
  [[nodiscard]] virtual std::optional<Bytes> in_memory() const { return std::nullopt; }
};

/// How members are compressed. Adaptive stores what would hardly shrink; small spends time on size. A second thread may
/// help with members from 512 KiB on; the bytes do not depend on it.
enum class Compression { adaptive, store, small };

/// How an NPZ file is written. A plain value; the comment is borrowed.
struct NpzWriteOptions {
  Compression compression = Compression::adaptive;
  /// Array data of stored members start at a multiple of this many bytes in the file; a power of two from 64 to 4096.
  std::uint32_t alignment = 64;
  /// The zip comment, at most 65,535 bytes.
  ByteSpan comment{};
};

/// What a reader refuses to exceed, so that a hostile file cannot ask for more memory or time than an honest one.
struct NpzReadLimits {
  std::uint64_t array_bytes = std::uint64_t{1} << 40;  ///< all decoded arrays together
  std::uint32_t members = 1'000'000;
};

/// Writes `arrays` as a zip of `{name}.npy` members that `numpy.load(..., allow_pickle=False)` opens.
///
/// Deterministic: the bytes depend on the arrays and options only. Large stored arrays are streamed from where they
/// lie, never copied whole. Throws `invalid_argument` for names a zip cannot hold and what the sink throws.
void write_npz(const ArrayMap& arrays, const NpzWriteOptions& options, NpzSink& sink);

/// The same bytes as a list of pieces for a gathering write: large stored arrays are borrowed from `arrays`, which must
/// outlive the pieces; everything else is owned.
[[nodiscard]] std::vector<Bytes> gather_npz(const ArrayMap& arrays, const NpzWriteOptions& options);

/// What an NPZ file holds. A plain value.
struct NpzContents {
  ArrayMap arrays;
  Bytes comment;
  /// Every byte of the file outside the members' data (headers, padding, directory, end record up to the comment) and
  /// each member's checksum went into this digest; with the checksums verified, it vouches for the whole file.
  std::string structure_digest;
};

/// Reads an NPZ file: stored and deflated members, zip64, what numpy and Python's zipfile write.
///
/// Every checksum and length is verified before a byte is handed out. Throws `corrupt`, `unsupported` (object and
/// structured dtypes, encryption, other compression; the message names the member) and `too_large`.
[[nodiscard]] NpzContents read_npz(const NpzSource& source, const NpzReadLimits& limits = {});

/// The same for a file that lies in memory; stored members become slices of `file`.
[[nodiscard]] NpzContents read_npz(const Bytes& file, const NpzReadLimits& limits = {});

}  // namespace neve
