#pragma once

#include <cstdint>

#include <neve/base/bytes.hpp>

namespace neve {

/// Width and height of a picture in pixels. A plain value.
struct PictureSize {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};

/// The size a PNG file claims in its header; nothing of the picture is decoded. Throws `invalid_argument`, saying what
/// is amiss, if `file` does not begin as a PNG, or a side is 0 or longer than 65,535 pixels.
[[nodiscard]] PictureSize png_size(ByteSpan file);

}  // namespace neve
