#include "codec/deflate/deflate.hpp"

#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include <neve/base/error.hpp>

#include "codec/deflate/isal_stream.hpp"
#include "codec/deflate/second_thread.hpp"
#include "codec/deflate/two_halves.hpp"

namespace neve {
namespace {

constexpr std::size_t kIsalFrom = std::size_t{12} << 10;
constexpr std::size_t kMostZlib = std::size_t{1} << 30;  // zlib counts in 32 bits
constexpr std::size_t kStoredBlockBytes = 65535;
constexpr std::size_t kStoredBlockHeader = 5;

struct FreeCompressor {
  void operator()(libdeflate_compressor* p) const noexcept { libdeflate_free_compressor(p); }
};
struct FreeDecompressor {
  void operator()(libdeflate_decompressor* p) const noexcept { libdeflate_free_decompressor(p); }
};

template <class T>
T* require_memory(T* pointer) {
  if (pointer == nullptr) throw Error(ErrorCode::too_large, "no memory for a deflate state");
  return pointer;
}

libdeflate_compressor* compressor(Deflater deflater) {
  using Holder = std::unique_ptr<libdeflate_compressor, FreeCompressor>;
  thread_local std::array<Holder, 2> holders;
  Holder& holder = holders[static_cast<std::size_t>(deflater)];
  if (!holder) holder.reset(require_memory(libdeflate_alloc_compressor(deflater == Deflater::fast ? 1 : 6)));
  return holder.get();
}

libdeflate_decompressor* decompressor() {
  thread_local std::unique_ptr<libdeflate_decompressor, FreeDecompressor> holder;
  if (!holder) holder.reset(require_memory(libdeflate_alloc_decompressor()));
  return holder.get();
}

IsalStream& isal() {
  thread_local IsalStream stream;
  return stream;
}

class Zlib {
 public:
  Zlib() {
    constexpr int kRawWindow = -15;
    constexpr int kMemoryLevel = 8;  // zlib's default
    if (::deflateInit2(&stream_, 6, Z_DEFLATED, kRawWindow, kMemoryLevel, Z_DEFAULT_STRATEGY) != Z_OK) {
      throw Error(ErrorCode::too_large, "no memory for a deflate state");
    }
  }
  Zlib(const Zlib&) = delete;
  Zlib& operator=(const Zlib&) = delete;
  ~Zlib() { ::deflateEnd(&stream_); }

  // Returns the bytes written, or 0 if `out` was too small.
  std::size_t flush(ByteSpan body, std::span<std::byte> out) {
    if (body.size() > kMostZlib || out.size() > 2 * kMostZlib) return 0;
    ::deflateReset(&stream_);
    // zlib does not write through next_in; its interface merely lacks the const.
    stream_.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(body.data()));
    stream_.avail_in = static_cast<uInt>(body.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    // A flush is complete only if room is left, as zlib's manual says of avail_out.
    const bool complete = ::deflate(&stream_, Z_FULL_FLUSH) == Z_OK && stream_.avail_in == 0 && stream_.avail_out != 0;
    return complete ? stream_.total_out : 0;
  }

 private:
  z_stream stream_{};
};

std::size_t flush_with_zlib(ByteSpan body, std::span<std::byte> out) {
  thread_local Zlib zlib;
  return zlib.flush(body, out);
}

// `body` as blocks that end on a byte boundary and are not the last. Returns the bytes written, or 0 if `out` was too
// small.
std::size_t deflate_flushed(Deflater deflater, ByteSpan body, std::span<std::byte> out) {
  const std::size_t written =
      deflater == Deflater::fast ? isal().deflate({}, body, PieceEnd::full, out) : flush_with_zlib(body, out);
  // A full flush ends with the length and inverted length of an empty stored block.
  static constexpr std::array<unsigned char, 4> kFlushed{0x00, 0x00, 0xFF, 0xFF};
  const bool flushed = written >= kFlushed.size() &&
                       std::memcmp(out.data() + written - kFlushed.size(), kFlushed.data(), kFlushed.size()) == 0;
  return flushed ? written : 0;
}

// `body` as a complete stream. Returns the bytes written, or 0 if `out` was too small.
std::size_t deflate_body(Deflater deflater, ByteSpan body, std::span<std::byte> out) {
  if (deflater == Deflater::fast && body.size() <= IsalStream::kMostBytes) {
    if (body.size() >= kHalvesFrom) return deflate_in_halves(isal(), body, out, start_second_thread);
    if (body.size() >= kIsalFrom) return isal().deflate({}, body, PieceEnd::last, out);
  }
  return libdeflate_deflate_compress(compressor(deflater), body.data(), body.size(), out.data(), out.size());
}

void write_block_header(std::byte* to, bool final, std::size_t length) {
  to[0] = static_cast<std::byte>(final ? 1 : 0);
  to[1] = static_cast<std::byte>(length & 0xFF);
  to[2] = static_cast<std::byte>(length >> 8);
  to[3] = ~to[1];
  to[4] = ~to[2];
}

// `bytes` as blocks that are not the last and not compressed; the caller knows that they fit.
std::size_t write_stored_blocks(ByteSpan bytes, std::span<std::byte> out) {
  std::size_t at = 0;
  while (!bytes.empty()) {
    const std::size_t length = std::min(bytes.size(), kStoredBlockBytes);
    write_block_header(out.data() + at, false, length);
    std::memcpy(out.data() + at + kStoredBlockHeader, bytes.data(), length);
    at += kStoredBlockHeader + length;
    bytes = bytes.subspan(length);
  }
  return at;
}

std::size_t stored_blocks_bytes(std::size_t bytes) noexcept {
  return bytes + (bytes + kStoredBlockBytes - 1) / kStoredBlockBytes * kStoredBlockHeader;
}

}  // namespace

std::size_t deflate_stream(Deflater deflater, ByteSpan head, ByteSpan body, std::span<std::byte> out) {
  if (stored_blocks_bytes(head.size()) >= out.size()) return 0;
  const std::size_t start = write_stored_blocks(head, out);
  const std::span<std::byte> rest = out.subspan(start);
  const std::size_t written = deflate_body(deflater, body, rest);
  return written == 0 ? 0 : start + written;
}

std::size_t segment_bound(std::size_t content_bytes) noexcept {
  return stored_blocks_bytes(content_bytes) + 2 * kStoredBlockHeader;
}

std::size_t deflate_segment(Deflater deflater, ByteSpan head, ByteSpan body, SegmentPlace place,
                            std::span<std::byte> out) {
  std::size_t at = write_stored_blocks(head, out);
  const std::span<std::byte> room = out.subspan(at, out.size() - at - kSegmentEndBytes);
  const std::size_t written = deflate_flushed(deflater, body, room);
  at += written != 0 ? written : write_stored_blocks(body, room);
  write_block_header(out.data() + at, place == SegmentPlace::last, 0);
  return at + kSegmentEndBytes;
}

std::size_t probe_deflate(ByteSpan sample) {
  static constexpr std::size_t kMostSample = std::size_t{8} << 10;
  std::array<std::byte, kMostSample> out;
  sample = sample.first(std::min(sample.size(), kMostSample));
  const std::size_t written = libdeflate_deflate_compress(compressor(Deflater::fast), sample.data(), sample.size(),
                                                          out.data(), sample.size() - 1);
  return written == 0 ? sample.size() : written;
}

bool inflate_exactly(ByteSpan in, std::span<std::byte> out) {
  std::size_t read = 0;
  std::size_t written = 0;
  const libdeflate_result result =
      libdeflate_deflate_decompress_ex(decompressor(), in.data(), in.size(), out.data(), out.size(), &read, &written);
  return result == LIBDEFLATE_SUCCESS && read == in.size() && written == out.size();
}

bool inflate_segment(std::span<std::byte> in, SegmentPlace place, std::span<std::byte> out) {
  std::array<std::byte, kSegmentEndBytes> expected;
  write_block_header(expected.data(), place == SegmentPlace::last, 0);
  if (in.size() < kSegmentEndBytes) return false;
  std::byte* const end = in.data() + in.size() - kSegmentEndBytes;
  if (std::memcmp(end, expected.data(), kSegmentEndBytes) != 0) return false;
  end[0] = std::byte{1};
  return inflate_exactly(in, out);
}

}  // namespace neve
