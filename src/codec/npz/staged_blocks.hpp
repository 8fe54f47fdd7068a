#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include <neve/base/buffer.hpp>
#include <neve/base/bytes.hpp>

#include "codec/deflate/second_thread.hpp"

namespace neve {

/// Where a second thread pays for itself: it takes a while to begin, and its memory to be touched for the first time.
inline constexpr std::size_t kStageFrom = std::size_t{32} << 20;

struct ChecksummedBlock {
  ByteSpan bytes;
  std::uint32_t crc;  ///< CRC-32 of `bytes` alone
};

/// The blocks of a long array in order, each with its checksum, for a caller who writes them to a file.
///
/// A second thread copies the next block, checksums the copy and leaves it where a processor's cache still has it while
/// the caller writes the one before: the kernel then copies from a near and aligned place, and nobody waits for the
/// checksum. Where the second thread is late, or there is none, a block is the caller's own bytes, checksummed in the
/// caller's thread. Used by one thread.
class StagedBlocks {
 public:
  /// `data` outlives this. The first block has `first_bytes`, at least one, the others `block_bytes` but for the last.
  StagedBlocks(ByteSpan data, std::size_t first_bytes, std::size_t block_bytes);
  ~StagedBlocks();
  StagedBlocks(const StagedBlocks&) = delete;
  StagedBlocks& operator=(const StagedBlocks&) = delete;

  /// The next block, valid until the next call; nothing after the last one.
  [[nodiscard]] std::optional<ChecksummedBlock> next();

 private:
  static constexpr std::size_t kSlots = 2;
  static constexpr std::size_t kNone = SIZE_MAX;
  static constexpr std::size_t kEnd = SIZE_MAX - 1;

  struct Slot {
    std::atomic<std::size_t> block{kNone};  ///< the last one that was completed here
    std::uint32_t crc = 0;
  };

  [[nodiscard]] ByteSpan source(std::size_t block) const;
  [[nodiscard]] std::span<std::byte> slot_memory(std::size_t block);
  void reach(std::size_t block);
  [[nodiscard]] bool wait_for(std::size_t block);
  void stage_all() noexcept;
  void stage(std::size_t block);

  const ByteSpan data_;
  const std::size_t first_bytes_;
  const std::size_t block_bytes_;
  const std::size_t count_;
  std::size_t taken_ = 0;
  int late_ = 0;  ///< how often in a row the second thread was waited for in vain

  std::optional<Buffer> memory_;                ///< the slots', one after the other; the second thread's to make
  std::atomic<std::size_t> reached_{0};         ///< the block the caller has, so that earlier ones are done with; kEnd
  std::atomic<std::size_t> at_work_on_{kNone};  ///< the block the second thread is copying
  std::array<Slot, kSlots> slots_;
  SecondThread second_;  // last: begins when all is there, ends before anything goes
};

}  // namespace neve
