#include "codec/array/member_name.hpp"

#include <algorithm>
#include <array>
#include <string>

#include <neve/base/ascii.hpp>
#include <neve/base/error.hpp>
#include <neve/base/utf8.hpp>

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
  return !find_invalid_utf8(name) ? nullptr : "is not UTF-8";
}

void require_good_name(std::string_view name) {
  const char* fault = name_fault(name);
  if (fault == nullptr) return;
  throw Error(ErrorCode::invalid_argument, "array name '" + shown_name(name) + "' " + fault);
}

std::string shown_name(std::string_view name) {
  constexpr std::size_t kLongest = 100;
  std::string shown;
  for (std::size_t at = 0; at < name.size();) {
    const std::size_t length = utf8_sequence(name.substr(at));
    if (at + std::max<std::size_t>(length, 1) > kLongest) break;
    const auto byte = static_cast<unsigned char>(name[at]);
    if (length != 0 && byte >= 0x20 && byte != 0x7F) {
      shown += name.substr(at, length);
      at += length;
    } else {
      shown.append("\\x").append({kHexDigits[byte >> 4U], kHexDigits[byte & 15U]});
      ++at;
    }
  }
  return shown;
}

std::string_view array_name(std::string_view member_name) noexcept {
  if (member_name.ends_with(".npy")) member_name.remove_suffix(4);
  return member_name;
}

std::string utf8_from_cp437(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const char32_t point = byte < 0x80 ? byte : kCp437[byte - 0x80U];
    append_utf8(result, point);
  }
  return result;
}

}  // namespace neve
