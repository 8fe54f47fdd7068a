// What the crash test runs under strace and kills at one system call after the other.
// usage: crash_driver put|gc FOLDER

#include <cstdio>
#include <cstring>
#include <exception>

#include <neve/cache/disk_cache.hpp>

#include "crash/crash_scene.hpp"

namespace neve {
namespace {

void put(const std::filesystem::path& root) {
  DiskCache cache(crash_options(root));
  cache.store(Key(kReplaced), versioned_entry(kNewVersion, kLargeEntry), {});
  cache.store(Key(kFresh), versioned_entry(kNewVersion), {});
  cache.store(Key(kSegmented), repetitive_entry(kNewVersion, kLargeEntry), {});
  cache.erase(Key(kErased));
}

void collect(const std::filesystem::path& root) {
  DiskCache cache(crash_options(root));
  CollectOptions options;
  options.budget_files = 6;
  while (!cache.collect(options).complete) {
  }
}

}  // namespace
}  // namespace neve

int main(int count, char** arguments) {
  if (count != 3) return 2;
  try {
    if (std::strcmp(arguments[1], "put") == 0) {
      neve::put(arguments[2]);
    } else {
      neve::collect(arguments[2]);
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "crash_driver: %s\n", error.what());
    return 1;
  }
  return 0;
}
