#include "pipeline/scheduler/thread_allowance.hpp"

#include <memory>
#include <mutex>

#include <oneapi/tbb/global_control.h>

namespace neve {
namespace {

/// What the allowances that live share; it only grows until the last is gone.
struct SharedLimit {
  std::mutex mutex;
  std::size_t users = 0;
  std::size_t threads = 0;
  std::unique_ptr<tbb::global_control> control;
};

SharedLimit& shared_limit() {
  static auto* const limit = new SharedLimit;  // outlives every scheduler
  return *limit;
}

}  // namespace

ThreadAllowance::ThreadAllowance(std::size_t threads) {
  SharedLimit& limit = shared_limit();
  const std::lock_guard lock(limit.mutex);
  if (threads > limit.threads) {
    limit.control.reset();  // first: while both are there, the smaller counts
    limit.control = std::make_unique<tbb::global_control>(tbb::global_control::max_allowed_parallelism, threads);
    limit.threads = threads;
  }
  ++limit.users;
}

ThreadAllowance::~ThreadAllowance() {
  SharedLimit& limit = shared_limit();
  const std::lock_guard lock(limit.mutex);
  if (--limit.users > 0) return;
  limit.control.reset();
  limit.threads = 0;
}

}  // namespace neve
