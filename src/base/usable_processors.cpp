#include <neve/base/usable_processors.hpp>

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <thread>
#include <vector>

#include "base/control_groups.hpp"

namespace neve {
namespace {

namespace fs = std::filesystem;

/// Those this process may run on. `hardware_concurrency` counts those of the machine.
unsigned allowed_processors() {
  constexpr std::size_t kMost = 1 << 16;  // the kernel wants room for as many as it could have
  std::vector<cpu_set_t> sets(kMost / (8 * sizeof(cpu_set_t)));
  const std::size_t bytes = sets.size() * sizeof(cpu_set_t);
  if (::sched_getaffinity(0, bytes, sets.data()) != 0) return std::max(1U, std::thread::hardware_concurrency());
  return static_cast<unsigned>(std::max(1, CPU_COUNT_S(bytes, sets.data())));
}

/// The processor time a group has in a second of the clock, in seconds; 0: as much as there is.
double quota(const fs::path& group, ControlGroupVersion version) {
  double time = 0, period = 0;
  if (version == ControlGroupVersion::two) {
    std::ifstream(group / "cpu.max") >> time >> period;  // "max 100000" is none
  } else {
    std::ifstream(group / "cpu.cfs_quota_us") >> time;  // -1 is none
    std::ifstream(group / "cpu.cfs_period_us") >> period;
  }
  return time > 0 && period > 0 ? time / period : 0;
}

}  // namespace

unsigned usable_processors(const fs::path& root) {
  unsigned least = allowed_processors();
  visit_control_groups(root, "cpu", [&](const fs::path& group, ControlGroupVersion version) {
    const double processors = std::ceil(quota(group, version));
    if (processors > 0 && processors < least) least = static_cast<unsigned>(processors);
  });
  return least;
}

unsigned usable_processors() {
  // Not a static value: a process forked while another thread is about to set it would wait for that thread for ever.
  static std::atomic<unsigned> known{0};
  unsigned processors = known.load(std::memory_order_relaxed);
  if (processors == 0) known.store(processors = usable_processors("/"), std::memory_order_relaxed);
  return processors;
}

}  // namespace neve
