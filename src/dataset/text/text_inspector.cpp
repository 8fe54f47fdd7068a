#include "dataset/text/text_inspector.hpp"

#include <algorithm>
#include <cstring>

namespace neve::dataset {
namespace {

constexpr std::uint64_t kHighBits = 0x8080808080808080U;
constexpr std::uint64_t kOnes = 0x0101010101010101U;

/// Bytes 0x81, 0x8D, 0x8F, 0x90 and 0x9D mean nothing in Windows-1252.
bool open_in_1252(unsigned char byte) {
  return byte == 0x81 || byte == 0x8D || byte == 0x8F || byte == 0x90 || byte == 0x9D;
}

}  // namespace

const char* to_string(Encoding encoding) noexcept {
  switch (encoding) {
    case Encoding::utf16_little:
      return "utf-16le";
    case Encoding::utf16_big:
      return "utf-16be";
    case Encoding::latin1:
      return "latin-1";
    case Encoding::windows1252:
      return "windows-1252";
    case Encoding::utf8:
      break;
  }
  return "utf-8";
}

/// One byte of UTF-8 as RFC 3629 has it: shortest forms only, no surrogates, nothing beyond U+10FFFF.
void TextInspector::follow_utf8(unsigned char byte) {
  if (pending_ > 0) {
    valid_utf8_ = valid_utf8_ && byte >= low_ && byte <= high_;
    --pending_;
    low_ = 0x80;
    high_ = 0xBF;
    return;
  }
  if (byte < 0x80) return;
  low_ = byte == 0xE0 ? 0xA0 : byte == 0xF0 ? 0x90 : 0x80;
  high_ = byte == 0xED ? 0x9F : byte == 0xF4 ? 0x8F : 0xBF;
  if (byte >= 0xC2 && byte <= 0xDF) {
    pending_ = 1;
  } else if (byte >= 0xE0 && byte <= 0xEF) {
    pending_ = 2;
  } else if (byte >= 0xF0 && byte <= 0xF4) {
    pending_ = 3;
  } else {
    valid_utf8_ = false;
  }
}

void TextInspector::update(std::span<const char> bytes) {
  if (beginning_.size() < 4) beginning_.append(bytes.data(), std::min(bytes.size(), 4 - beginning_.size()));
  std::size_t i = 0;
  while (i < bytes.size()) {
    if (pending_ == 0 && i + 8 <= bytes.size()) {
      std::uint64_t block = 0;
      std::memcpy(&block, bytes.data() + i, 8);
      if ((block & kHighBits) == 0 && ((block - kOnes) & ~block & kHighBits) == 0) {  // ASCII without a zero byte
        i += 8;
        continue;
      }
    }
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (byte == 0) ++((size_ + i) % 2 == 0 ? zeros_even_ : zeros_odd_);
    open_in_1252_ = open_in_1252_ || open_in_1252(byte);
    if (valid_utf8_) follow_utf8(byte);
    if (!valid_utf8_) pending_ = 0;
    ++i;
  }
  size_ += bytes.size();
}

TextInspector::Finding TextInspector::finding() const {
  if (beginning_.starts_with("\xFF\xFE")) return {Encoding::utf16_little, 2, false};
  if (beginning_.starts_with("\xFE\xFF")) return {Encoding::utf16_big, 2, false};
  const std::uint64_t half = size_ / 2;
  // Even a text that is mostly of other scripts has many ASCII separators, whose upper half is zero.
  if (zeros_odd_ > half / 8 && zeros_even_ < zeros_odd_ / 16) return {Encoding::utf16_little, 0, false};
  if (zeros_even_ > half / 8 && zeros_odd_ < zeros_even_ / 16) return {Encoding::utf16_big, 0, false};
  const bool binary = zeros_even_ + zeros_odd_ > 0;
  if (valid_utf8_ && pending_ == 0) {
    return {Encoding::utf8, beginning_.starts_with("\xEF\xBB\xBF") ? std::size_t{3} : 0, binary};
  }
  return {open_in_1252_ ? Encoding::latin1 : Encoding::windows1252, 0, binary};
}

}  // namespace neve::dataset
