#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <tuple>
#include <vector>

#include <oneapi/tbb/task_arena.h>
#include <oneapi/tbb/task_group.h>

#include <neve/pipeline/requirements.hpp>

#include "pipeline/scheduler/thread_allowance.hpp"

namespace neve {

/// Runs tasks on oneTBB threads and hands out cpu, gpu and memory slots. What waits, for slots or for anything else,
/// occupies no thread. Thread-safe; tasks must not throw.
class Scheduler {
 public:
  using Task = std::function<void()>;

  static constexpr unsigned kPatience = 16;

  /// No more threads than `most_tasks` that can ever run at once, and than the system lets the process start. Throws
  /// `unavailable` if that is none.
  Scheduler(const Capacity& capacity, std::size_t most_tasks);

  /// Runs `start` and everything that comes of it, on this thread and others; returns after `finish` was called and all
  /// tasks are done.
  void run(const Task& start);
  /// Nothing more will come. Called once, from a task.
  void finish();

  /// Runs a task soon. Only from inside a task: costs less than `enqueue`.
  void spawn(Task task);
  /// The same from any thread, before `finish`.
  void enqueue(Task task);

  /// Takes slots, as `cut`, if they are free.
  [[nodiscard]] bool try_acquire(const Slots& slots);
  /// Runs the task once it has been given its slots. First come, first served; while the first in line waits for more
  /// than is free, smaller ones may overtake it, but not more than `kPatience` times.
  void acquire_then(const Slots& slots, Task task);
  /// Only from inside a task.
  void release(const Slots& slots);

  /// What who asks for `slots` is given: cpu and memory cut down to the capacity.
  [[nodiscard]] Slots cut(const Slots& slots) const;

  [[nodiscard]] const Capacity& capacity() const noexcept { return capacity_; }

 private:
  struct Waiting {
    std::uint64_t number;  ///< in the order they came
    Task task;
    unsigned overtaken = 0;
  };

  struct InAnyOrder {
    [[nodiscard]] bool operator()(const Slots& a, const Slots& b) const noexcept {
      return std::tie(a.cpu, a.gpu, a.memory_bytes) < std::tie(b.cpu, b.gpu, b.memory_bytes);
    }
  };

  using Lines = std::map<Slots, std::deque<std::list<Waiting>::iterator>, InAnyOrder>;

  [[nodiscard]] bool take_if_free(const Slots& slots);
  [[nodiscard]] bool overtake(const Slots& slots);
  [[nodiscard]] std::vector<Task> serve_waiting();

  Capacity capacity_;
  std::size_t threads_;
  std::optional<ThreadAllowance> more_threads_;
  tbb::task_arena arena_;
  tbb::task_group group_;
  tbb::task_handle until_finished_;
  std::atomic<int> outside_group_ = 0;  ///< tasks of `enqueue` that are not done, and calls of it under way
  std::mutex mutex_;
  Slots used_{.cpu = 0};
  std::list<Waiting> waiting_;                       ///< in the order they came
  Lines lines_;                                      ///< the same, by what they ask for; none is empty
  std::map<std::uint64_t, Lines::iterator> firsts_;  ///< by the number of the first in it
  std::uint64_t last_number_ = 0;
};

}  // namespace neve
