#include <neve/base/machine.hpp>

#include <unistd.h>

#include <array>
#include <fstream>
#include <string_view>

#include <neve/base/filesystem_facts.hpp>

namespace neve {
namespace {

/// Machines that do not say their names are not the same one for that.
bool noted_here(int fd) {
  std::array<char, 64> noted{};
  const ssize_t size = ::pread(fd, noted.data(), noted.size(), 0);
  return size > 0 && std::string_view(noted.data(), static_cast<std::size_t>(size)) == machine_since_boot();
}

}  // namespace

std::string machine_since_boot() {
  std::string boot;
  std::ifstream("/proc/sys/kernel/random/boot_id") >> boot;
  return boot;
}

void note_machine(int fd) noexcept {
  try {
    const std::string name = machine_since_boot();
    (void)!::pwrite(fd, name.data(), name.size(), 0);
  } catch (...) {
    return;  // no memory: as if the disk had no room
  }
}

bool sees_locks_of(int fd) noexcept {
  if (is_local_filesystem(fd)) return true;
  try {
    return noted_here(fd);
  } catch (...) {
    return false;
  }
}

}  // namespace neve
