#include <neve/base/usable_memory.hpp>

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <string>

namespace neve {
namespace {

namespace fs = std::filesystem;

std::uint64_t physical_memory() {
  return static_cast<std::uint64_t>(std::max(::sysconf(_SC_PHYS_PAGES), 1L)) *
         static_cast<std::uint64_t>(std::max(::sysconf(_SC_PAGESIZE), 1L));
}

/// The least limit of the group and of those around it. What a container cannot see of the path it is told is not there
/// and has no limit; "max" is none either.
std::uint64_t least_limit(const fs::path& hierarchy, const std::string& group, const char* file, std::uint64_t least) {
  for (fs::path at = fs::path(group).lexically_normal();; at = at.parent_path()) {
    std::uint64_t limit = 0;
    if (std::ifstream(hierarchy / at.relative_path() / file) >> limit && limit > 0) least = std::min(least, limit);
    if (!at.has_relative_path()) return least;
  }
}

bool has_memory(const std::string& controllers) {
  return ("," + controllers + ",").find(",memory,") != std::string::npos;
}

}  // namespace

std::uint64_t usable_memory(const fs::path& root) {
  std::uint64_t least = physical_memory();
  std::ifstream groups(root / "proc/self/cgroup");  // lines such as "0::/job" and, of version 1, "4:cpu,memory:/job"
  for (std::string line; std::getline(groups, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const std::string group = line.substr(second + 1);
    if (controllers.empty()) {
      least = least_limit(root / "sys/fs/cgroup", group, "memory.max", least);
    } else if (has_memory(controllers)) {
      least = least_limit(root / "sys/fs/cgroup/memory", group, "memory.limit_in_bytes", least);
    }
  }
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
