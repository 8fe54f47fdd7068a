#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <neve/pipeline/run_options.hpp>

#include "pipeline/graph/plan.hpp"
#include "pipeline/node/recomputed.hpp"
#include "pipeline/scheduler/scheduler.hpp"

namespace neve {

/// A digest or the reason why there is none.
struct MaybeDigest {
  std::optional<std::string> digest{};
  std::string problem{};
};

/// Texts with how often each came. Thread-safe.
class Warnings {
 public:
  void add(const std::string& text);
  /// In alphabetical order.
  [[nodiscard]] std::vector<std::string> list() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::size_t> counts_;
};

/// Passes on to an observer, if there is one, and keeps what it throws away from the run. Thread-safe if the observer
/// is.
class Audience {
 public:
  explicit Audience(RunObserver* observer) : observer_(observer) {}

  template <class Call>
  void tell(const Call& call) const noexcept {
    if (observer_ == nullptr) return;
    try {
      call(*observer_);
    } catch (...) {  // an observer only watches
    }
  }

 private:
  RunObserver* observer_;
};

/// What the nodes of one run share. Thread-safe.
class RunServices {
 public:
  RunServices(const Plan& plan, const RunOptions& options);

  const std::string& pipeline;
  const RunOptions& options;
  Json policy;  ///< of the options; null where it says nothing
  Scheduler scheduler;
  Warnings warnings;
  Audience audience;
  RecomputedKeys recomputed;
  MaybeDigest policy_hash;    ///< neither digest nor problem: there is no policy
  MaybeDigest state_hash;     ///< of the run's input; the same where no node takes it
  std::string no_input_hash;  ///< `input_hash` of nodes that get nothing from outside

  /// Stops the run's stages: the caller's token, or `cancel`.
  [[nodiscard]] std::stop_token stop() const { return stop_.get_token(); }
  void cancel() { stop_.request_stop(); }

  /// The run's timer, started at the first use.
  [[nodiscard]] Timer& timer();

 private:
  std::stop_source stop_;
  std::stop_callback<std::function<void()>> outer_stop_;
  std::once_flag timer_made_;
  std::unique_ptr<Timer> own_timer_;
};

}  // namespace neve
