#include <neve/base/startable_threads.hpp>

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <latch>
#include <limits>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include <neve/base/error.hpp>

#include "base/control_groups.hpp"

namespace neve {
namespace {

constexpr std::size_t kRoomForEach = 4;

bool is_near(std::uint64_t limit, std::size_t threads) {
  constexpr std::uint64_t kOthers = 4096;  // of the same user or container
  constexpr std::uint64_t kFar = 64;
  return limit < kOthers + kFar * threads;
}

std::uint64_t limit_of(__rlimit_resource resource) {
  rlimit limit{};
  return ::getrlimit(resource, &limit) == 0 ? limit.rlim_cur : RLIM_INFINITY;
}

/// For how many threads the limit of address space has room: beside its stack, malloc takes twice 64 MiB for a while
/// where a thread first allocates, which may leave none for the stack of the next.
std::size_t threads_with_room() {
  constexpr std::uint64_t kOfEachThread = (std::uint64_t{8} + 128) << 20;
  const std::uint64_t limit = limit_of(RLIMIT_AS);
  std::uint64_t pages = 0;
  if (limit == RLIM_INFINITY || !(std::ifstream("/proc/self/statm") >> pages))
    return std::numeric_limits<std::size_t>::max();
  const std::uint64_t taken = pages * static_cast<std::uint64_t>(std::max(::sysconf(_SC_PAGESIZE), 1L));
  return (limit - std::min(limit, taken)) / kOfEachThread;
}

/// How many of `most` threads run at once.
std::size_t try_to_start(std::size_t most) {
  std::latch tried(1);
  std::vector<std::jthread> threads;
  threads.reserve(most);
  try {
    while (threads.size() < most) threads.emplace_back([&tried] { tried.wait(); });
  } catch (const std::system_error&) {
    // No more.
  }
  tried.count_down();
  return threads.size();
}

}  // namespace

bool thread_limits_are_near(std::size_t threads, const std::filesystem::path& root) {
  if (is_near(limit_of(RLIMIT_NPROC), threads) || limit_of(RLIMIT_AS) != RLIM_INFINITY) return true;
  bool near = false;
  visit_control_groups(root, "pids", [&](const std::filesystem::path& group, ControlGroupVersion /*version*/) {
    std::uint64_t limit = 0;
    if (std::ifstream(group / "pids.max") >> limit) near = near || is_near(limit, threads);  // "max" is no number
  });
  return near;
}

std::size_t startable_threads(std::size_t wanted) {
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::seconds kUntilTriedAgain{10};  // a try takes from others what they may start
  static std::atomic<std::size_t> known{0};
  static std::atomic<Clock::rep> no_more_until{0};  // than are known
  const std::size_t possible = known.load(std::memory_order_relaxed);
  if (possible >= wanted) return wanted;
  const Clock::duration now = Clock::now().time_since_epoch();
  if (possible > 0 && now.count() < no_more_until.load(std::memory_order_relaxed)) return possible;
  std::size_t startable = wanted;
  if (thread_limits_are_near(wanted)) {
    const std::size_t started = try_to_start(kRoomForEach * wanted);
    if (started == 0) {
      throw Error(ErrorCode::unavailable, std::string("no thread can be started; ") + kMoreProcesses);
    }
    startable = std::max<std::size_t>(std::min(started / kRoomForEach, threads_with_room()), 1);
  }
  known.store(startable, std::memory_order_relaxed);
  if (startable < wanted) no_more_until.store((now + kUntilTriedAgain).count(), std::memory_order_relaxed);
  return startable;
}

}  // namespace neve
