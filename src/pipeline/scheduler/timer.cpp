#include <neve/pipeline/timer.hpp>

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace neve {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

class ThreadTimer final : public Timer {
 public:
  ~ThreadTimer() override {
    {
      const std::lock_guard lock(state_->mutex);
      state_->closing = true;
    }
    state_->changed.notify_all();
    if (thread_.joinable()) thread_.join();
  }

  [[nodiscard]] std::unique_ptr<Ticket> call_after(std::chrono::milliseconds delay,
                                                   std::function<void()> callback) override {
    const std::lock_guard lock(state_->mutex);
    if (!thread_.joinable()) thread_ = std::thread([state = state_] { state->serve(); });
    const CallId id{std::chrono::steady_clock::now() + delay, state_->next_number++};
    state_->pending.emplace(id, std::move(callback));
    state_->changed.notify_all();
    return std::make_unique<PendingCall>(state_, id);
  }

 private:
  using CallId = std::pair<SteadyTime, std::uint64_t>;

  struct State {
    std::mutex mutex;
    std::condition_variable changed;
    std::map<CallId, std::function<void()>> pending;
    std::optional<CallId> running;
    std::thread::id server;
    std::uint64_t next_number = 0;
    bool closing = false;

    void serve() {
      std::unique_lock lock(mutex);
      server = std::this_thread::get_id();
      while (!closing) {
        if (pending.empty()) {
          changed.wait(lock);
        } else if (const SteadyTime due = pending.begin()->first.first; std::chrono::steady_clock::now() < due) {
          changed.wait_until(lock, due);
        } else {
          call_first(lock);
        }
      }
    }

    void call_first(std::unique_lock<std::mutex>& lock) {
      const auto first = pending.extract(pending.begin());
      running = first.key();
      lock.unlock();
      first.mapped()();
      lock.lock();
      running.reset();
      changed.notify_all();
    }

    void forget(const CallId& id) {
      std::unique_lock lock(mutex);
      if (pending.erase(id) > 0 || std::this_thread::get_id() == server) return;
      changed.wait(lock, [&] { return running != id; });
    }
  };

  class PendingCall final : public Ticket {
   public:
    PendingCall(std::shared_ptr<State> state, const CallId& id) : state_(std::move(state)), id_(id) {}
    ~PendingCall() override { state_->forget(id_); }

   private:
    std::shared_ptr<State> state_;
    CallId id_;
  };

  std::shared_ptr<State> state_ = std::make_shared<State>();
  std::thread thread_;
};

}  // namespace

std::unique_ptr<Timer> make_timer() { return std::make_unique<ThreadTimer>(); }

}  // namespace neve
