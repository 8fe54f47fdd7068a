#include "pipeline/artifact/png_size.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include <neve/base/error.hpp>

namespace neve {
namespace {

/// The file's signature, and the length and name of the header chunk, which every PNG begins with.
constexpr std::string_view kBeginning("\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", 16);
constexpr std::size_t kHeaderEnd = 33;  // signature, chunk length and name, 13 bytes of header, checksum
constexpr std::uint32_t kLongestSide = 65'535;

std::uint32_t big_endian(ByteSpan bytes) {
  std::uint32_t value = 0;
  for (const std::byte byte : bytes) value = value << 8U | std::to_integer<std::uint32_t>(byte);
  return value;
}

}  // namespace

PictureSize png_size(ByteSpan file) {
  const ByteSpan beginning = as_byte_span(kBeginning);
  if (file.size() < kHeaderEnd || !std::equal(beginning.begin(), beginning.end(), file.begin())) {
    throw Error(ErrorCode::invalid_argument, "does not begin as a PNG file does");
  }
  const PictureSize size{.width = big_endian(file.subspan(16, 4)), .height = big_endian(file.subspan(20, 4))};
  for (const std::uint32_t side : {size.width, size.height}) {
    if (side >= 1 && side <= kLongestSide) continue;
    throw Error(ErrorCode::invalid_argument,
                "is a PNG with a side of " + std::to_string(side) + " pixels; 1 to 65535 are taken");
  }
  return size;
}

}  // namespace neve
