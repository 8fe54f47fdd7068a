#pragma once

#include <cstddef>

namespace neve {

/// Lets oneTBB have at least `threads` threads as long as this lives. The limit is the process's, and oneTBB takes the
/// smallest that anybody sets: so the allowances that live share one, the largest. Thread-safe.
class ThreadAllowance {
 public:
  explicit ThreadAllowance(std::size_t threads);
  ~ThreadAllowance();
  ThreadAllowance(const ThreadAllowance&) = delete;
  ThreadAllowance& operator=(const ThreadAllowance&) = delete;
};

}  // namespace neve
