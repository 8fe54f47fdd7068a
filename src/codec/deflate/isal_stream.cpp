#include "codec/deflate/isal_stream.hpp"

#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "codec/deflate/vector_state.hpp"

namespace neve {
namespace {

// ISA-L does not write through its pointers to input; its interface merely lacks the const.
std::uint8_t* input(ByteSpan bytes) {
  return const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(bytes.data()));
}

std::uint16_t flush_of(PieceEnd end) {
  switch (end) {
    case PieceEnd::last:
      return NO_FLUSH;
    case PieceEnd::sync:
      return SYNC_FLUSH;
    case PieceEnd::full:
      return FULL_FLUSH;
  }
  return NO_FLUSH;
}

}  // namespace

struct IsalStream::State {
  isal_zstream stream;
  alignas(64) std::array<std::uint8_t, ISAL_DEF_LVL1_DEFAULT> level_memory;
};

// Not cleared: `isal_deflate_init` sets what has to be.
IsalStream::IsalStream() : state_(std::make_unique_for_overwrite<State>()) {}
IsalStream::~IsalStream() = default;

std::size_t IsalStream::deflate(ByteSpan before, ByteSpan body, PieceEnd end, std::span<std::byte> out) {
  if (!before.empty() || body.empty()) return deflate_after(before, body, end, out);
  // ISA-L (2.30, 2.31) notes the third byte of a stream at a place that the address of its state chooses, and what it
  // finds later depends on it (docs/decisions/a-stream-begins-with-a-stored-byte.md). Not where something stood before:
  // here the first byte, in a stored block.
  static constexpr std::array<std::byte, 5> kStoredByte{std::byte{0x00}, std::byte{0x01}, std::byte{0x00},
                                                        std::byte{0xFE}, std::byte{0xFF}};
  constexpr std::size_t kStarted = kStoredByte.size() + 1;
  if (out.size() < kStarted) return 0;
  const std::size_t written = deflate_after(body.first(1), body.subspan(1), end, out.subspan(kStarted));
  if (written == 0) return 0;
  std::copy(kStoredByte.begin(), kStoredByte.end(), out.begin());
  out[kStoredByte.size()] = body.front();
  return kStarted + written;
}

std::size_t IsalStream::deflate_after(ByteSpan before, ByteSpan body, PieceEnd end, std::span<std::byte> out) {
  if (body.size() > kMostBytes || out.size() > 2 * kMostBytes) return 0;
  isal_zstream& stream = state_->stream;
  isal_deflate_init(&stream);
  stream.level = 1;
  stream.level_buf = state_->level_memory.data();
  stream.level_buf_size = static_cast<std::uint32_t>(state_->level_memory.size());
  stream.end_of_stream = end == PieceEnd::last ? 1 : 0;
  stream.flush = flush_of(end);
  if (!before.empty() &&
      isal_deflate_set_dict(&stream, input(before), static_cast<std::uint32_t>(before.size())) != COMP_OK) {
    return 0;
  }
  stream.next_in = input(body);
  stream.avail_in = static_cast<std::uint32_t>(body.size());
  stream.next_out = reinterpret_cast<std::uint8_t*>(out.data());
  stream.avail_out = static_cast<std::uint32_t>(out.size());
  const int result = isal_deflate(&stream);
  clear_vector_uppers();
  const isal_zstate_state wanted = end == PieceEnd::last ? ZSTATE_END : ZSTATE_NEW_HDR;
  const bool complete = result == COMP_OK && stream.avail_in == 0 && stream.internal_state.state == wanted;
  return complete ? stream.total_out : 0;
}

}  // namespace neve
