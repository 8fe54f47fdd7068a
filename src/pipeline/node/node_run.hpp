#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <neve/base/clock.hpp>
#include <neve/base/error.hpp>
#include <neve/cache/flight.hpp>
#include <neve/pipeline/run_report.hpp>
#include <neve/pipeline/stage_result.hpp>

#include "pipeline/node/attempt.hpp"
#include "pipeline/node/flights.hpp"
#include "pipeline/node/node_key.hpp"
#include "pipeline/node/retry_wait.hpp"
#include "pipeline/node/run_services.hpp"
#include "pipeline/node/settled_node.hpp"
#include "pipeline/stage/stage_entry.hpp"

namespace neve {

/// Between two looks for what another process computes.
inline constexpr std::chrono::milliseconds kLongestPause{500};

/// One node's way through a run: key, lookup, slots, attempts, store, artifacts.
///
///   begin ──► look up ──► hit ──────────────────────────────────────► settled
///     ▲        ▲  └─► queue (for slots) ─► lease ─► attempt ─► store ──► settled
///     │        └──── wait for another process ┘         └─► wait ─► queue (retry)
///     └─ wait for another thread's result
///
/// The lease comes after the slots: a process takes no more keys than it can compute, and others have a share.
///
/// `advance` goes as far as it can; where something has to be waited for it arranges that `resume` is called and
/// returns, so that no thread is held. One thread at a time is inside a NodeRun; the scheduler's hand-over orders them.
class NodeRun {
 public:
  /// `resume` calls `advance` again, on any thread; the object may be gone when it returns. All references outlive the
  /// object.
  NodeRun(RunServices& services, const PlannedNode& planned, std::function<void()> resume);

  void set_dependencies(std::vector<StageResultPtr> results) { dependencies_ = std::move(results); }

  /// True when the node is settled; false when it will be resumed.
  [[nodiscard]] bool advance();
  /// Settles a node that cannot run because `needed` did not succeed.
  void skip(const std::string& needed);

  /// After it is settled, once: what is left of the node.
  [[nodiscard]] SettledNode take_settled() noexcept { return std::move(settled_); }

 private:
  /// What `advance` does next.
  enum class Step { begin, landed, look_up, queue, admitted, lease, attempt, settled, waiting };

  [[nodiscard]] StageEvent event() const { return {planned_.node.id, planned_.label}; }

  [[nodiscard]] Step take(Step step);
  [[nodiscard]] Step begin();
  [[nodiscard]] Step join_flight();
  [[nodiscard]] Step wait_for_flight(const Flights::Subject& subject);
  void suspend_flight();
  [[nodiscard]] Step resume_flight();
  [[nodiscard]] Step take_landing();
  [[nodiscard]] Step look_up();
  [[nodiscard]] std::optional<Step> find();
  [[nodiscard]] std::optional<Step> useless(std::string reason);
  [[nodiscard]] bool recomputes() const;
  [[nodiscard]] bool has_appeared();
  [[nodiscard]] Step queue();
  [[nodiscard]] Step take_lease();
  void listen_to_holder(FlightControl& flight);
  [[nodiscard]] Step wait_for_others();
  [[nodiscard]] Step attempt();
  [[nodiscard]] Step wait_to_retry();
  [[nodiscard]] Step wait_then(Step next, std::chrono::milliseconds delay);
  void release_slots();
  [[nodiscard]] std::optional<Step> take_hit(StoredResult stored, const LookupResult& found);
  [[nodiscard]] Step take_output(StageOutput output);
  [[nodiscard]] Step fail(const Error& error);

  [[nodiscard]] std::optional<std::string> wanted_in_full(const std::vector<Artifact>& artifacts) const;
  [[nodiscard]] StageOutput run_stage();
  void have_no_key(std::string reason);  ///< after all
  void report_warning(std::string_view text);
  void store(const StoredResult& stored);
  void compare_with_former(const StoredResult& stored);
  void record(const std::vector<Artifact>& whole, std::vector<Artifact>& kept);
  void settle(StageOutcome outcome, StoredResult stored, const std::vector<Artifact>* whole);
  void land(const Landing& landing);
  void finish_report(StageOutcome outcome);

  RunServices& services_;
  const PlannedNode& planned_;
  std::function<void()> resume_;
  Step next_ = Step::begin;
  Stopwatch wall_;

  std::vector<StageResultPtr> dependencies_;
  NodeKey key_;
  Provenance provenance_;
  bool begun_ = false;
  std::optional<Flights::Subject> flight_;  ///< what others may wait for; nothing if this node does not lead
  bool may_store_ = true;
  std::string former_;  ///< fingerprint of what was stored and is computed again
  bool has_slots_ = false;
  std::shared_ptr<FlightLease> lease_;       ///< while nobody else may compute the key
  std::unique_ptr<LeaseWatch> holder_;       ///< who computes it in another process
  bool in_vain_ = false;                     ///< what they computed is not kept: nobody waits any more
  std::chrono::milliseconds waited_{0};      ///< for somebody in another process
  std::chrono::milliseconds look_again_{0};  ///< when so much was waited: what is stored now is of no use
  std::uint64_t stored_bytes_ = 0;
  std::optional<Landing> landing_;
  std::mutex retry_mutex_;
  std::unique_ptr<RetryWait> retry_wait_;

  SettledNode settled_;
};

}  // namespace neve
