#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include <neve/base/bytes.hpp>

namespace neve {

/// How a piece of a deflate stream ends: as the stream does, or on a byte boundary with more to follow, which may refer
/// back to this piece (`sync`) or not (`full`).
enum class PieceEnd { last, sync, full };

/// ISA-L's compressor at level 1 with the memory it works in, about 400 KB. Used by one thread at a time.
class IsalStream {
 public:
  /// How far back a piece may refer.
  static constexpr std::size_t kWindowBytes = std::size_t{32} << 10;
  /// The most bytes of a piece; ISA-L counts in 32 bits.
  static constexpr std::size_t kMostBytes = std::size_t{1} << 30;

  IsalStream();
  ~IsalStream();
  IsalStream(const IsalStream&) = delete;
  IsalStream& operator=(const IsalStream&) = delete;

  /// Writes into `out` what `body` deflates to where `before`, at most `kWindowBytes` of it, is what the stream held
  /// before. The same bytes wherever this object is in memory. Returns the bytes written, or 0 if they do not fit.
  [[nodiscard]] std::size_t deflate(ByteSpan before, ByteSpan body, PieceEnd end, std::span<std::byte> out);

 private:
  [[nodiscard]] std::size_t deflate_after(ByteSpan before, ByteSpan body, PieceEnd end, std::span<std::byte> out);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace neve
