#pragma once

#include <atomic>
#include <cstddef>
#include <functional>

namespace neve {

/// Hands out the numbers below a count, each once. Safe from several threads.
class WorkQueue {
 public:
  explicit WorkQueue(std::size_t count) : count_(count) {}

  /// The next number; the count or more when there is none left.
  [[nodiscard]] std::size_t take() noexcept { return next_.fetch_add(1); }
  [[nodiscard]] std::size_t count() const noexcept { return count_; }
  void cancel() noexcept { next_ = count_; }

 private:
  const std::size_t count_;
  std::atomic<std::size_t> next_{0};
};

/// Runs `work` in this thread and, if it is `worthwhile` and a second thread can be had, in that one too; both take
/// their numbers from one queue until there are none left. Returns when all is done; rethrows the first failure.
void share_work(std::size_t count, bool worthwhile, const std::function<void(WorkQueue&)>& work);

}  // namespace neve
