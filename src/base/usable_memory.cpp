#include <neve/base/usable_memory.hpp>

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>

#include "base/control_groups.hpp"

namespace neve {
namespace {

namespace fs = std::filesystem;

std::uint64_t physical_memory() {
  return static_cast<std::uint64_t>(std::max(::sysconf(_SC_PHYS_PAGES), 1L)) *
         static_cast<std::uint64_t>(std::max(::sysconf(_SC_PAGESIZE), 1L));
}

}  // namespace

std::uint64_t usable_memory(const fs::path& root) {
  std::uint64_t least = physical_memory();
  visit_control_groups(root, "memory", [&](const fs::path& group, ControlGroupVersion version) {
    const char* const file = version == ControlGroupVersion::two ? "memory.max" : "memory.limit_in_bytes";
    std::uint64_t limit = 0;  // "max" is none
    if (std::ifstream(group / file) >> limit && limit > 0) least = std::min(least, limit);
  });
  return least;
}

std::uint64_t usable_memory() {
  // Not a static value: a process forked while another thread is about to set it would wait for that thread for ever.
  static std::atomic<std::uint64_t> known{0};
  std::uint64_t memory = known.load(std::memory_order_relaxed);
  if (memory == 0) known.store(memory = usable_memory("/"), std::memory_order_relaxed);
  return memory;
}

}  // namespace neve
