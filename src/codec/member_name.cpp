#include "codec/member_name.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include <neve/base/error.hpp>

namespace neve {
namespace {

// The characters 0x80 to 0xFF of code page 437. Source: Unicode's mapping table CP437.TXT.
constexpr std::array<char16_t, 128> kCp437{
    0x00C7, 0x00FC, 0x00E9, 0x00E2, 0x00E4, 0x00E0, 0x00E5, 0x00E7, 0x00EA, 0x00EB, 0x00E8, 0x00EF, 0x00EE,
    0x00EC, 0x00C4, 0x00C5, 0x00C9, 0x00E6, 0x00C6, 0x00F4, 0x00F6, 0x00F2, 0x00FB, 0x00F9, 0x00FF, 0x00D6,
    0x00DC, 0x00A2, 0x00A3, 0x00A5, 0x20A7, 0x0192, 0x00E1, 0x00ED, 0x00F3, 0x00FA, 0x00F1, 0x00D1, 0x00AA,
    0x00BA, 0x00BF, 0x2310, 0x00AC, 0x00BD, 0x00BC, 0x00A1, 0x00AB, 0x00BB, 0x2591, 0x2592, 0x2593, 0x2502,
    0x2524, 0x2561, 0x2562, 0x2556, 0x2555, 0x2563, 0x2551, 0x2557, 0x255D, 0x255C, 0x255B, 0x2510, 0x2514,
    0x2534, 0x252C, 0x251C, 0x2500, 0x253C, 0x255E, 0x255F, 0x255A, 0x2554, 0x2569, 0x2566, 0x2560, 0x2550,
    0x256C, 0x2567, 0x2568, 0x2564, 0x2565, 0x2559, 0x2558, 0x2552, 0x2553, 0x256B, 0x256A, 0x2518, 0x250C,
    0x2588, 0x2584, 0x258C, 0x2590, 0x2580, 0x03B1, 0x00DF, 0x0393, 0x03C0, 0x03A3, 0x03C3, 0x00B5, 0x03C4,
    0x03A6, 0x0398, 0x03A9, 0x03B4, 0x221E, 0x03C6, 0x03B5, 0x2229, 0x2261, 0x00B1, 0x2265, 0x2264, 0x2320,
    0x2321, 0x00F7, 0x2248, 0x00B0, 0x2219, 0x00B7, 0x221A, 0x207F, 0x00B2, 0x25A0, 0x00A0};

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

// Length of the well-formed sequence at the start of `text`, or 0. Source: Unicode 15, table 3-7.
std::size_t utf8_sequence(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_continuation(text[i])) return 0;
  }
  const auto second = static_cast<unsigned char>(text[1]);
  if (first == 0xE0 && second < 0xA0) return 0;  // overlong
  if (first == 0xED && second > 0x9F) return 0;  // surrogates
  if (first == 0xF0 && second < 0x90) return 0;  // overlong
  if (first == 0xF4 && second > 0x8F) return 0;  // beyond U+10FFFF
  return length;
}

}  // namespace

const char* name_fault(std::string_view name) noexcept {
  constexpr std::size_t kLongest = 4096;
  if (name.size() > kLongest) return "is longer than 4,096 bytes";
  if (name.find('\0') != std::string_view::npos) return "holds a NUL";
  if (!name.empty() && (name.front() == '/' || name.front() == '\\')) return "is an absolute path";
  std::size_t start = 0;
  while (start <= name.size()) {
    const std::size_t end = std::min(name.find_first_of("/\\", start), name.size());
    if (name.substr(start, end - start) == "..") return "has a '..' component";
    start = end + 1;
  }
  return is_ascii(name) || is_utf8(name) ? nullptr : "is not UTF-8";
}

void require_good_name(std::string_view name) {
  const char* fault = name_fault(name);
  if (fault == nullptr) return;
  std::string shown;
  for (const char c : name.substr(0, 100)) c == '\0' ? shown += "\\0" : shown += c;
  throw Error(ErrorCode::invalid_argument, "array name '" + shown + "' " + fault);
}

std::string_view array_name(std::string_view member_name) noexcept {
  if (member_name.ends_with(".npy")) member_name.remove_suffix(4);
  return member_name;
}

bool is_ascii(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const std::size_t length = utf8_sequence(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string utf8_from_cp437(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const std::uint32_t point = byte < 0x80 ? byte : kCp437[byte - 0x80U];
    if (point < 0x80) {
      result += c;
    } else if (point < 0x800) {
      result += static_cast<char>(0xC0U | point >> 6);
      result += static_cast<char>(0x80U | (point & 0x3FU));
    } else {
      result += static_cast<char>(0xE0U | point >> 12);
      result += static_cast<char>(0x80U | (point >> 6 & 0x3FU));
      result += static_cast<char>(0x80U | (point & 0x3FU));
    }
  }
  return result;
}

}  // namespace neve
