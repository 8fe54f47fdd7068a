#pragma once

#include <cstdint>

namespace neve {

/// How many bytes this thread has sent to stores and received from them. An operation's result does not tell: a new
/// expiry moves the entry twice, and what was received may have been of no use. Each thread has its own count.
class MovedBytes {
 public:
  [[nodiscard]] static std::uint64_t count() noexcept { return count_; }
  static void add(std::uint64_t bytes) noexcept { count_ += bytes; }

 private:
  static inline thread_local std::uint64_t count_ = 0;
};

}  // namespace neve
