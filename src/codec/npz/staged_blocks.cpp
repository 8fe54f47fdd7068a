#include "codec/npz/staged_blocks.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <exception>
#include <span>
#include <thread>

#include "codec/deflate/crc32.hpp"

namespace neve {
namespace {

/// What is copied is checksummed while the nearest cache has it, and between two of these the second thread can stop.
constexpr std::size_t kPieceBytes = std::size_t{64} << 10;

/// Somewhat longer than copying a block takes. Longer than this waits only who waits for a thread that has no
/// processor; the second time in a row, it is left alone.
constexpr std::chrono::microseconds kPatience{400};
constexpr int kTooOften = 2;

}  // namespace

StagedBlocks::StagedBlocks(ByteSpan data, std::size_t first_bytes, std::size_t block_bytes)
    : data_(data),
      first_bytes_(std::min(first_bytes, data.size())),
      block_bytes_(block_bytes),
      count_(1 + (data.size() - first_bytes_ + block_bytes - 1) / block_bytes),
      second_(true, [this] { stage_all(); }) {}

StagedBlocks::~StagedBlocks() { reach(kEnd); }

std::optional<ChecksummedBlock> StagedBlocks::next() {
  if (taken_ == count_) return std::nullopt;
  const std::size_t block = taken_++;
  reach(block);
  const ByteSpan bytes = source(block);
  if (block == 0 || !wait_for(block)) return ChecksummedBlock{bytes, crc32(0, bytes)};
  return ChecksummedBlock{slot_memory(block).first(bytes.size()), slots_[block % kSlots].crc};
}

void StagedBlocks::reach(std::size_t block) {
  if (reached_ == kEnd) return;
  reached_ = block;
  reached_.notify_one();
}

ByteSpan StagedBlocks::source(std::size_t block) const {
  if (block == 0) return data_.first(first_bytes_);
  const std::size_t start = first_bytes_ + (block - 1) * block_bytes_;
  return data_.subspan(start, std::min(block_bytes_, data_.size() - start));
}

std::span<std::byte> StagedBlocks::slot_memory(std::size_t block) {
  return memory_->span().subspan(block % kSlots * block_bytes_, block_bytes_);
}

/// Whether the block is staged, or is in a moment.
bool StagedBlocks::wait_for(std::size_t block) {
  const std::atomic<std::size_t>& staged = slots_[block % kSlots].block;
  const auto latest = std::chrono::steady_clock::now() + kPatience;
  while (staged != block) {
    // Read once more: it may have been finished between these two.
    if (at_work_on_ != block) return staged == block;
    if (std::chrono::steady_clock::now() > latest) {
      if (++late_ == kTooOften) reach(kEnd);
      return false;
    }
    std::this_thread::yield();
  }
  late_ = 0;
  return true;
}

void StagedBlocks::stage_all() noexcept {
  try {
    memory_.emplace(kSlots * block_bytes_);
  } catch (const std::exception&) {
    return;  // without memory the caller does it all
  }
  // While the caller writes block n, only the other slot is free, which is that of n + 1.
  for (std::size_t block = 1; block < count_; ++block) {
    std::size_t reached = reached_;
    for (; reached < block - 1; reached = reached_) reached_.wait(reached);
    if (reached == kEnd) return;
    block = std::max(block, reached + 1);
    if (block >= count_) return;
    at_work_on_ = block;
    stage(block);
    at_work_on_ = kNone;
  }
}

void StagedBlocks::stage(std::size_t block) {
  const std::span<std::byte> memory = slot_memory(block);
  const ByteSpan bytes = source(block);
  std::uint32_t crc = 0;
  for (std::size_t at = 0; at < bytes.size(); at += kPieceBytes) {
    if (reached_ == kEnd) return;
    const ByteSpan piece = bytes.subspan(at, std::min(kPieceBytes, bytes.size() - at));
    std::memcpy(memory.data() + at, piece.data(), piece.size());
    crc = crc32(crc, memory.subspan(at, piece.size()));
  }
  Slot& slot = slots_[block % kSlots];
  slot.crc = crc;
  slot.block = block;
}

}  // namespace neve
