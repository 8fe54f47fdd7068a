#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include <neve/base/error.hpp>

namespace neve {

/// What a stage occupies while it computes. A plain value.
struct Slots {
  unsigned cpu = 1;
  unsigned gpu = 0;
  std::uint64_t memory_bytes = 0;
};

/// What a run may occupy. A plain value.
struct Capacity {
  unsigned cpu = 0;  ///< 0: `usable_processors()`
  unsigned gpu = 0;  ///< 0: none; a stage that needs one is an error
  /// 0: as much as the machine has, or the container or batch job may use; a stage that asks for more runs when no
  /// other has any. A stage that asks for more than is given here is an error.
  std::uint64_t memory_bytes = 0;
};

/// When and how often a failed stage is retried. A plain value.
struct RetryPolicy {
  unsigned attempts = 1;                   ///< in all, the first included
  std::chrono::milliseconds backoff{100};  ///< before the second attempt
  double factor = 2;                       ///< each later wait is this much longer
  std::chrono::milliseconds longest_backoff{60'000};
  /// The failures worth another attempt. A cancelled stage is never retried.
  std::vector<ErrorCode> on = {ErrorCode::stage_failed, ErrorCode::timeout, ErrorCode::unavailable};

  /// The wait before attempt number `attempt` (2 is the first retry). No jitter: a run is reproducible.
  [[nodiscard]] std::chrono::milliseconds wait_before(unsigned attempt) const;
  [[nodiscard]] bool retries(ErrorCode code) const noexcept;
};

/// What a stage asks of the scheduler. None of it enters a key. A plain value.
struct Requirements {
  Slots slots{};
  /// 0: none. The attempt is asked to stop when it has run this long; a compiled stage stops where it calls
  /// `StageContext::checkpoint` (or watches the stop token) and not before, since a thread cannot be killed safely; a
  /// stage in Python is interrupted.
  std::chrono::milliseconds timeout{0};
  RetryPolicy retry{};
};

}  // namespace neve
