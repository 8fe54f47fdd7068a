#include "zip_repair.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <optional>
#include <vector>

#include <libdeflate.h>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace neve::fuzz {
namespace {

constexpr std::array<std::uint8_t, 4> kDirectoryMark{'P', 'K', 1, 2};
constexpr std::size_t kDirectorySize = 46;
constexpr std::size_t kLocalSize = 30;
constexpr std::size_t kLargestMember = std::size_t{8} << 20;

template <class T>
T load(std::span<const std::uint8_t> bytes, std::size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

std::optional<std::uint32_t> checksum_of(std::span<const std::uint8_t> data, std::uint16_t method,
                                         std::uint32_t plain_size) {
  if (method == 0) {
    return libdeflate_crc32(0, data.data(), data.size());
  }
  if (method != 8 || plain_size > kLargestMember) {
    return std::nullopt;
  }
  const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> inflater(
      libdeflate_alloc_decompressor(), &libdeflate_free_decompressor);
  std::vector<std::uint8_t> plain(std::max<std::size_t>(plain_size, 1));
  if (libdeflate_deflate_decompress(inflater.get(), data.data(), data.size(), plain.data(), plain_size, nullptr) !=
      LIBDEFLATE_SUCCESS) {
    return std::nullopt;
  }
  return libdeflate_crc32(0, plain.data(), plain_size);
}

/// Repairs the member whose directory record starts at `record`.
void repair_member(std::span<std::uint8_t> file, std::size_t record) {
  const std::size_t local = load<std::uint32_t>(file, record + 42);
  if (local + kLocalSize > file.size()) {
    return;
  }
  const std::size_t start =
      local + kLocalSize + load<std::uint16_t>(file, local + 26) + load<std::uint16_t>(file, local + 28);
  const std::size_t size = load<std::uint32_t>(file, record + 20);
  if (start > file.size() || size > file.size() - start) {
    return;
  }
  const auto checksum = checksum_of(file.subspan(start, size), load<std::uint16_t>(file, record + 10),
                                    load<std::uint32_t>(file, record + 24));
  if (checksum) {
    std::memcpy(file.data() + local + 14, &*checksum, sizeof *checksum);
    std::memcpy(file.data() + record + 16, &*checksum, sizeof *checksum);
  }
}

}  // namespace

void repair_checksums(std::span<std::uint8_t> file) {
  auto found = file.begin();
  while ((found = std::search(found, file.end(), kDirectoryMark.begin(), kDirectoryMark.end())) != file.end()) {
    if (static_cast<std::size_t>(file.end() - found) < kDirectorySize) {
      return;
    }
    repair_member(file, static_cast<std::size_t>(found - file.begin()));
    ++found;
  }
}

std::size_t mutate_zip(std::uint8_t* data, std::size_t size, std::size_t max_size, unsigned int seed) {
  const std::size_t mutated = LLVMFuzzerMutate(data, size, max_size);
  if (seed % 4 != 0) {
    repair_checksums({data, mutated});
  }
  return mutated;
}

}  // namespace neve::fuzz
