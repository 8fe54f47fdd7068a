#include "service/work/work_queue.hpp"

#include <neve/base/error.hpp>

#include "service/exchange/problem.hpp"

namespace neve::service {

WorkQueue::Place WorkQueue::enter(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  if (running_ >= most_running_) {
    if (waiting_ >= most_waiting_) {
      ++turned_away_;
      throw ProblemError(Problem{ProblemKind::busy,
                                 std::to_string(waiting_) + " requests for long work wait already; try again later",
                                 Json::object(), 2});
    }
    ++waiting_;
    const bool admitted = changed_.wait(lock, stop, [this] { return running_ < most_running_; });
    --waiting_;
    if (!admitted) throw Error(ErrorCode::cancelled, "the client left while its request waited for its turn");
  }
  ++running_;
  return Place(*this);
}

void WorkQueue::leave() {
  {
    const std::lock_guard lock(mutex_);
    --running_;
  }
  changed_.notify_one();
}

WorkQueue::Load WorkQueue::load() const {
  const std::lock_guard lock(mutex_);
  return {running_, waiting_, turned_away_};
}

}  // namespace neve::service
