#pragma once

#include <filesystem>

#include <neve/cache/disk_cache.hpp>

#include "conformance/sample_entries.hpp"

namespace neve {

// The folder that a killed process leaves and its successor finds: what both sides must agree on.

inline constexpr const char* kReplaced = "replaced";
inline constexpr const char* kFresh = "fresh";
inline constexpr const char* kSegmented = "segmented";
inline constexpr const char* kErased = "erased";
inline constexpr const char* kBystander = "bystander";
inline constexpr std::uint64_t kOldVersion = 1;
inline constexpr std::uint64_t kNewVersion = 2;
inline constexpr std::size_t kLargeEntry = 600'000;  ///< 4.8 MB: several calls and two threads write it

inline DiskCacheOptions crash_options(const std::filesystem::path& root) {
  DiskCacheOptions options;
  options.root = root;
  options.durability = Durability::full;
  return options;
}

}  // namespace neve
