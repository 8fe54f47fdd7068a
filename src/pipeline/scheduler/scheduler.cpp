#include "pipeline/scheduler/scheduler.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <thread>
#include <utility>

#include <oneapi/tbb/info.h>

#include <neve/base/startable_threads.hpp>
#include <neve/base/usable_memory.hpp>
#include <neve/base/usable_processors.hpp>

namespace neve {
namespace {

Capacity with_defaults(Capacity capacity) {
  if (capacity.cpu == 0) capacity.cpu = usable_processors();
  if (capacity.memory_bytes == 0) capacity.memory_bytes = usable_memory();
  return capacity;
}

/// No more than can be started: oneTBB ends the process where a thread of its own cannot be.
std::size_t threads_for(const Capacity& capacity, std::size_t most_tasks) {
  const std::size_t wanted = std::size_t{capacity.cpu} + capacity.gpu;
  return startable_threads(std::clamp<std::size_t>(most_tasks, 1, wanted));
}

#if defined(__SANITIZE_THREAD__)
// oneTBB is not built for the thread sanitizer, which therefore cannot see two orders that it guarantees: what was done
// before a task was handed over comes before the task, and the task before the end of the wait. Nothing else is claimed
// here.
extern "C" void __tsan_acquire(void*);
extern "C" void __tsan_release(void*);

/// Lies in oneTBB's memory, so its own members are read without the sanitizer looking.
struct HandedOver {
  Scheduler::Task* task;  ///< owned; a task runs exactly once
  void* end;

  __attribute__((no_sanitize_thread)) void operator()() const {
    Scheduler::Task* const mine = task;
    void* const end_of_wait = end;
    __tsan_acquire(mine);
    run(mine);
    __tsan_release(end_of_wait);
  }
  static void run(Scheduler::Task* owned) { (*std::unique_ptr<Scheduler::Task>(owned))(); }
};

HandedOver handed_over(Scheduler::Task task, void* end) {
  auto* const owned = new Scheduler::Task(std::move(task));
  __tsan_release(owned);
  return {owned, end};
}
void waited_for(void* end) { __tsan_acquire(end); }
#else
Scheduler::Task handed_over(Scheduler::Task task, void* /*end*/) { return task; }
void waited_for(void* /*end*/) {}
#endif

}  // namespace

Scheduler::Scheduler(const Capacity& capacity, std::size_t most_tasks)
    : capacity_(with_defaults(capacity)),
      threads_(threads_for(capacity_, most_tasks)),
      arena_(static_cast<int>(threads_), 1) {
  if (threads_ > static_cast<std::size_t>(tbb::info::default_concurrency())) more_threads_.emplace(threads_);
}

void Scheduler::run(const Task& start) {
  until_finished_ = group_.defer([] {});  // a task that is never run: the wait below ends when it is dropped
  arena_.execute([&] {
    start();
    group_.wait();
  });
  // Those of `enqueue`, and the threads that called it: they may leave the arena a moment after the last task of the
  // group, and it must outlast that.
  while (outside_group_ != 0) std::this_thread::yield();
  waited_for(this);
}

void Scheduler::finish() { until_finished_ = tbb::task_handle(); }

void Scheduler::spawn(Task task) { group_.run(handed_over(std::move(task), this)); }

/// Not one of the group: from version 2022 on oneTBB counts a group's tasks by the thread that made them, in memory
/// that goes when that thread ends, which may be before they have run.
void Scheduler::enqueue(Task task) {
  outside_group_ += 2;  // the task, and this call
  Task counted = [this, task = std::move(task)]() mutable {
    task();
    task = nullptr;
    --outside_group_;
  };
  arena_.enqueue(handed_over(std::move(counted), this));
  --outside_group_;
}

Slots Scheduler::cut(const Slots& slots) const {
  Slots result = slots;
  result.cpu = std::min(result.cpu, capacity_.cpu);
  result.memory_bytes = std::min(result.memory_bytes, capacity_.memory_bytes);
  return result;
}

bool Scheduler::take_if_free(const Slots& slots) {
  const bool fits = slots.cpu <= capacity_.cpu - used_.cpu && slots.gpu <= capacity_.gpu - used_.gpu &&
                    (slots.memory_bytes == 0 || slots.memory_bytes <= capacity_.memory_bytes - used_.memory_bytes);
  if (!fits) return false;
  used_.cpu += slots.cpu;
  used_.gpu += slots.gpu;
  used_.memory_bytes += slots.memory_bytes;
  return true;
}

/// Takes slots ahead of those who wait already.
bool Scheduler::overtake(const Slots& slots) {
  if (!waiting_.empty() && waiting_.front().overtaken >= kPatience) return false;
  if (!take_if_free(slots)) return false;
  if (!waiting_.empty()) ++waiting_.front().overtaken;
  return true;
}

bool Scheduler::try_acquire(const Slots& slots) {
  const std::lock_guard lock(mutex_);
  return overtake(cut(slots));
}

void Scheduler::acquire_then(const Slots& slots, Task task) {
  {
    const std::lock_guard lock(mutex_);
    if (!overtake(cut(slots))) {
      waiting_.push_back({.number = ++last_number_, .task = std::move(task)});
      const auto line = lines_.try_emplace(cut(slots)).first;
      line->second.push_back(std::prev(waiting_.end()));
      if (line->second.size() == 1) firsts_.emplace(last_number_, line);
      return;
    }
  }
  spawn(std::move(task));
}

void Scheduler::release(const Slots& slots) {
  std::vector<Task> ready;
  {
    const std::lock_guard lock(mutex_);
    const Slots given = cut(slots);
    used_.cpu -= given.cpu;
    used_.gpu -= given.gpu;
    used_.memory_bytes -= given.memory_bytes;
    ready = serve_waiting();
  }
  for (Task& task : ready) spawn(std::move(task));
}

/// Gives slots to those who wait, in the order in which they came. Where one goes without, so does whoever asks for the
/// same: they are not looked at one by one, and may be all points of a large sweep.
std::vector<Scheduler::Task> Scheduler::serve_waiting() {
  std::vector<Task> served;
  for (auto first = firsts_.begin(); first != firsts_.end();) {
    const Lines::iterator line = first->second;
    const auto one = line->second.front();
    if (!(one == waiting_.begin() ? take_if_free(line->first) : overtake(line->first))) {
      ++first;
      continue;
    }
    served.push_back(std::move(one->task));
    waiting_.erase(one);
    line->second.pop_front();
    if (line->second.empty()) {
      lines_.erase(line);
    } else {
      firsts_.emplace(line->second.front()->number, line);  // behind this one: it is looked at, too
    }
    first = firsts_.erase(first);
  }
  return served;
}

}  // namespace neve
