#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <neve/base/bytes.hpp>
#include <neve/base/digest.hpp>

// The zip records as PKWARE's APPNOTE 6.3 lays them out; docs/formats/entry.md says which values neve writes.
namespace neve::zip {

inline constexpr std::uint32_t kLocalSignature = 0x04034B50;
inline constexpr std::uint32_t kCentralSignature = 0x02014B50;
inline constexpr std::uint32_t kEndSignature = 0x06054B50;
inline constexpr std::uint32_t kZip64EndSignature = 0x06064B50;
inline constexpr std::uint32_t kZip64LocatorSignature = 0x07064B50;
inline constexpr std::uint32_t kDescriptorSignature = 0x08074B50;

inline constexpr std::size_t kLocalBytes = 30;
inline constexpr std::size_t kCentralBytes = 46;
inline constexpr std::size_t kEndBytes = 22;
inline constexpr std::size_t kZip64EndBytes = 56;
inline constexpr std::size_t kZip64LocatorBytes = 20;

inline constexpr std::uint16_t kStored = 0;
inline constexpr std::uint16_t kDeflated = 8;

inline constexpr std::uint16_t kFlagEncrypted = 1U << 0;
inline constexpr std::uint16_t kFlagDescriptor = 1U << 3;
inline constexpr std::uint16_t kFlagPatched = 1U << 5;
inline constexpr std::uint16_t kFlagStrongEncryption = 1U << 6;
inline constexpr std::uint16_t kFlagUtf8 = 1U << 11;
inline constexpr std::uint16_t kFlagMaskedHeaders = 1U << 13;

inline constexpr std::uint16_t kExtraZip64 = 0x0001;
inline constexpr std::uint16_t kExtraAlignment = 0xA11E;
inline constexpr std::uint16_t kExtraNeve = 0x564E;

inline constexpr std::uint16_t kSaturated16 = 0xFFFF;
inline constexpr std::uint32_t kSaturated32 = 0xFFFFFFFF;

/// What neve notes about a deflated member in the central directory: extra field 0x564E.
struct DeflateNote {
  std::uint32_t compressed_crc = 0;
  std::uint32_t segment_bytes = 0;             ///< content per segment; 0 if the member is not segmented
  std::vector<std::uint32_t> segment_lengths;  ///< compressed
};

/// One member as its headers describe it.
struct Member {
  std::string name;  ///< as in the file, with `.npy`; UTF-8 once read
  std::uint16_t flags = 0;
  std::uint16_t method = kStored;
  std::uint32_t crc = 0;
  std::uint64_t compressed = 0;
  std::uint64_t uncompressed = 0;
  std::uint64_t header_offset = 0;
  std::uint64_t data_offset = 0;
  bool has_note = false;
  DeflateNote note;
};

}  // namespace neve::zip
