#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <stop_token>
#include <string>

#include <neve/cache/backend.hpp>
#include <neve/cache/flight.hpp>
#include <neve/pipeline/recorder.hpp>
#include <neve/pipeline/requirements.hpp>
#include <neve/pipeline/run_observer.hpp>
#include <neve/pipeline/state.hpp>
#include <neve/pipeline/timer.hpp>

namespace neve {

/// What happens to the rest of the run when a stage has failed for good. What needs it is skipped either way.
enum class OnFailure { finish_others, cancel_others };

/// Which states a run hands back; metrics and provenance are always kept. `output` lets go of large intermediate states
/// as soon as nothing needs them.
enum class KeepStates { all, output, none };

/// Whether a run hands back artifacts. `none` is for large sweeps: a recorder and the cache get them all the same, and
/// those in the results are let go with the stage.
enum class KeepArtifacts { all, none };

/// How to run a graph. A plain value; everything pointed to is borrowed until the run has returned.
struct RunOptions {
  CacheBackend* cache = nullptr;  ///< none: everything is computed
  /// Keeps other processes and hosts that use the same cache from computing the same key meanwhile; see `open_flight`.
  /// None: only the runs of this process do not compute a key twice.
  FlightControl* flight = nullptr;
  std::chrono::milliseconds longest_flight_wait{std::chrono::minutes(10)};  ///< for another's result, before computing
  Json policy = nullptr;         ///< run-wide settings, an object; enters every key. Null or `{}`: no policy
  std::optional<State> input{};  ///< for the nodes that need nothing and take an input; a warning if none does
  /// Nodes that compute although their results are stored, by id; that of a graph within the graph means all of its
  /// nodes. What they give replaces what was stored, and the report says whether it is the same: a warning if not.
  std::set<std::string> recompute{};
  Recorder* recorder = nullptr;  ///< none: artifacts stay in the results and entries only
  Capacity capacity{};
  std::stop_token stop{};
  RunObserver* observer = nullptr;
  OnFailure on_failure = OnFailure::finish_others;
  KeepStates keep = KeepStates::all;
  KeepArtifacts keep_artifacts = KeepArtifacts::all;
  Placement placement = Placement::owned;
  Timer* timer = nullptr;  ///< none: a timer of the run's own, on the machine's clock
};

}  // namespace neve
