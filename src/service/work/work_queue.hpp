#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <stop_token>
#include <utility>

namespace neve::service {

/// Admits so much long work at once; some more waits its turn, in the order of its coming; the rest is turned away.
/// Thread-safe.
class WorkQueue {
 public:
  WorkQueue(std::size_t running, std::size_t waiting) : most_running_(running), most_waiting_(waiting) {}

  /// A place among the work that runs, given up on destruction. Used by one thread.
  class Place {
   public:
    Place(Place&& other) noexcept : queue_(std::exchange(other.queue_, nullptr)) {}
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (queue_ != nullptr) queue_->leave();
    }

   private:
    friend class WorkQueue;
    explicit Place(WorkQueue& queue) : queue_(&queue) {}
    WorkQueue* queue_;
  };

  /// Waits for a place. Throws ProblemError `busy` if too many wait already, and `Error` `cancelled` when `stop` is
  /// requested first.
  [[nodiscard]] Place enter(const std::stop_token& stop);

  struct Load {
    std::size_t running = 0;
    std::size_t waiting = 0;
    std::uint64_t turned_away = 0;
  };
  [[nodiscard]] Load load() const;

 private:
  void leave();

  const std::size_t most_running_;
  const std::size_t most_waiting_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::size_t running_ = 0;
  std::deque<std::uint64_t> line_;  ///< tickets of those who wait, first come first
  std::uint64_t next_ticket_ = 0;
  std::uint64_t turned_away_ = 0;
};

}  // namespace neve::service
