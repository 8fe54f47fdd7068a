#include "dataset/text/text_inspector.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include <neve/base/ascii.hpp>
#include <neve/base/utf8.hpp>

namespace neve::dataset {
namespace {

constexpr std::uint64_t kHighBits = 0x8080808080808080U;
constexpr std::uint64_t kOnes = 0x0101010101010101U;

constexpr std::size_t kShortBlock = sizeof(std::uint64_t);
constexpr std::size_t kLongBlock = 64;

/// Whether so many bytes are ASCII, without a zero among them.
template <std::size_t Size>
bool is_plain(const char* bytes) {
  std::uint64_t odd = 0;
  for (std::size_t i = 0; i < Size; i += sizeof odd) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes + i, sizeof word);
    odd |= word | (word - kOnes);  // the upper bit: of a byte beyond ASCII, or of one that was lent to a zero
  }
  return (odd & kHighBits) == 0;
}

/// Bytes 0x81, 0x8D, 0x8F, 0x90 and 0x9D mean nothing in Windows-1252.
bool open_in_1252(unsigned char byte) {
  return byte == 0x81 || byte == 0x8D || byte == 0x8F || byte == 0x90 || byte == 0x9D;
}

/// Bytes that are quotes, bullets and the like in Windows-1252, or nothing, and letters in code pages 437 and 850: the
/// umlauts of Müller, Köln and Schäfer are 0x81, 0x94 and 0x84. No sign that a word may have within it is among them.
bool is_letter_of_dos(unsigned char byte) {
  static constexpr std::array<bool, 256> kLetters = [] {
    std::array<bool, 256> letters{};
    for (const unsigned at :
         {0x81U, 0x82U, 0x84U, 0x87U, 0x88U, 0x89U, 0x8BU, 0x8DU, 0x90U, 0x93U, 0x94U, 0x95U, 0x98U, 0x9BU, 0x9DU})
      letters[at] = true;
    return letters;
  }();
  return kLetters[byte];
}

TextInspector::Finding found(Encoding encoding, std::size_t mark_bytes, bool binary) {
  TextInspector::Finding finding;
  finding.encoding = encoding;
  finding.mark_bytes = mark_bytes;
  finding.binary = binary;
  return finding;
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
void TextInspector::follow_utf8(unsigned char byte, std::uint64_t position) {
  if (pending_ > 0) {
    if (byte >= low_ && byte <= high_) {
      ++taken_;
      characters_ += --pending_ == 0 ? 1 : 0;
      low_ = 0x80;
      high_ = 0xBF;
      return;
    }
    pending_ = 0;
    add_strays(taken_, position - taken_);  // and the byte may begin a character
  }
  if (byte < 0x80) return;
  taken_ = 1;
  low_ = byte == 0xE0 ? 0xA0 : byte == 0xF0 ? 0x90 : 0x80;
  high_ = byte == 0xED ? 0x9F : byte == 0xF4 ? 0x8F : 0xBF;
  if (byte >= 0xC2 && byte <= 0xDF) {
    pending_ = 1;
  } else if (byte >= 0xE0 && byte <= 0xEF) {
    pending_ = 2;
  } else if (byte >= 0xF0 && byte <= 0xF4) {
    pending_ = 3;
  } else {
    add_strays(1, position);
  }
}

void TextInspector::add_strays(std::uint64_t count, std::uint64_t position) {
  if (strays_ == 0) first_stray_ = position;
  strays_ += count;
}

void TextInspector::count_sign(std::uint64_t position) {
  if (signs_++ == 0) first_sign_ = position;
}

/// What a byte beyond ASCII would be in Windows-1252, by what stands around it.
void TextInspector::follow_words(std::span<const char> bytes, std::size_t at) {
  constexpr unsigned char kSharpS = 0xE1;  // of DOS
  const auto byte = static_cast<unsigned char>(bytes[at]);
  if (byte >= 0xC0 && byte != kSharpS) ++letters_;
  if (!is_letter_of_dos(byte) || !is_letter(at > 0 ? bytes[at - 1] : last_)) return;
  if (at + 1 == bytes.size()) {
    sign_open_ = true;
  } else if (is_letter(bytes[at + 1])) {
    count_sign(size_ + at);
  }
}

void TextInspector::update(std::span<const char> bytes) {
  if (bytes.empty()) return;
  if (sign_open_ && is_letter(bytes.front())) count_sign(size_ - 1);
  sign_open_ = false;
  if (beginning_.size() < 4) beginning_.append(bytes.data(), std::min(bytes.size(), 4 - beginning_.size()));
  std::size_t i = 0;
  while (i < bytes.size()) {
    if (pending_ == 0) {
      while (i + kLongBlock <= bytes.size() && is_plain<kLongBlock>(bytes.data() + i)) i += kLongBlock;
      if (i + kShortBlock <= bytes.size() && is_plain<kShortBlock>(bytes.data() + i)) {
        i += kShortBlock;
        continue;
      }
      if (i == bytes.size()) break;
    }
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (byte == 0) ++((size_ + i) % 2 == 0 ? zeros_even_ : zeros_odd_);
    open_in_1252_ = open_in_1252_ || open_in_1252(byte);
    if (byte >= 0x80) follow_words(bytes, i);
    follow_utf8(byte, size_ + i);
    ++i;
  }
  size_ += bytes.size();
  last_ = bytes.back();
}

TextInspector::Finding TextInspector::finding() const {
  Finding finding = without_strays();
  finding.characters = characters_;
  finding.strays = strays_ + (pending_ > 0 ? taken_ : 0);
  finding.first_stray = strays_ > 0 ? first_stray_ : size_ - taken_;
  const bool bytes = finding.encoding == Encoding::windows1252 || finding.encoding == Encoding::latin1;
  finding.may_be_dos = bytes && signs_ * 2 > letters_ && signs_ > (open_in_1252_ ? 0 : 1);
  finding.first_sign = first_sign_;
  return finding;
}

/// Letters of Windows-1252 seldom stand so beside each other that they would be a character in UTF-8: where there are
/// many, the text is in UTF-8 and something else got into it.
TextInspector::Finding TextInspector::without_strays() const {
  constexpr std::uint64_t kLeastRatio = 4;
  if (beginning_.starts_with("\xFF\xFE")) return found(Encoding::utf16_little, 2, false);
  if (beginning_.starts_with("\xFE\xFF")) return found(Encoding::utf16_big, 2, false);
  const std::uint64_t half = size_ / 2;
  // Even a text that is mostly of other scripts has many ASCII separators, whose upper half is zero.
  if (zeros_odd_ > half / 8 && zeros_even_ < zeros_odd_ / 16) return found(Encoding::utf16_little, 0, false);
  if (zeros_even_ > half / 8 && zeros_odd_ < zeros_even_ / 16) return found(Encoding::utf16_big, 0, false);
  const bool binary = zeros_even_ + zeros_odd_ > 0;
  const std::uint64_t strays = strays_ + (pending_ > 0 ? taken_ : 0);
  const bool marked = beginning_.starts_with(kByteOrderMark);
  if (marked || strays * kLeastRatio <= characters_)
    return found(Encoding::utf8, marked ? kByteOrderMark.size() : 0, binary);
  return found(open_in_1252_ ? Encoding::latin1 : Encoding::windows1252, 0, binary);
}

}  // namespace neve::dataset
