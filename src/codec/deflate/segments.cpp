#include "codec/deflate/segments.hpp"

namespace neve {

std::uint32_t segment_bytes_for(std::uint64_t content_bytes, std::uint32_t least) noexcept {
  std::uint64_t bytes = least;
  while ((content_bytes + bytes - 1) / bytes > kMostSegments) bytes *= 2;
  constexpr std::uint64_t kLargest = std::uint64_t{1} << 30;  // ISA-L counts in 32 bits
  return bytes <= kLargest ? static_cast<std::uint32_t>(bytes) : 0;
}

}  // namespace neve
