#include "service/work/work_queue.hpp"

#include <neve/base/error.hpp>

#include "service/exchange/problem.hpp"

namespace neve::service {

WorkQueue::Place WorkQueue::enter(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  // Nobody passes those who wait, though a place may be free while the first of them wakes.
  if (running_ >= most_running_ || !line_.empty()) {
    if (line_.size() >= most_waiting_) {
      ++turned_away_;
      throw ProblemError(Problem{ProblemKind::busy,
                                 std::to_string(line_.size()) + " requests for long work wait already; try again later",
                                 Json::object(), 2});
    }
    const std::uint64_t ticket = next_ticket_++;
    line_.push_back(ticket);
    const bool admitted =
        changed_.wait(lock, stop, [this, ticket] { return running_ < most_running_ && line_.front() == ticket; });
    std::erase(line_, ticket);
    if (!admitted) throw Error(ErrorCode::cancelled, "the client left while its request waited for its turn");
  }
  ++running_;
  if (running_ < most_running_ && !line_.empty()) changed_.notify_all();
  return Place(*this);
}

void WorkQueue::leave() {
  {
    const std::lock_guard lock(mutex_);
    --running_;
  }
  changed_.notify_all();  // each looks whether it is the first
}

WorkQueue::Load WorkQueue::load() const {
  const std::lock_guard lock(mutex_);
  return {running_, line_.size(), turned_away_};
}

}  // namespace neve::service
