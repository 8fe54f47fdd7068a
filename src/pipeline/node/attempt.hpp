#pragma once

#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <neve/pipeline/artifact.hpp>
#include <neve/pipeline/graph.hpp>
#include <neve/pipeline/metrics.hpp>
#include <neve/pipeline/run_observer.hpp>
#include <neve/pipeline/state.hpp>
#include <neve/pipeline/timer.hpp>

namespace neve {

/// What a stage gave, before it is hashed and stored.
struct StageOutput {
  State state;
  Metrics metrics;
  std::vector<Artifact> artifacts;
  std::vector<std::string> warnings;
  std::string kept_out;  ///< why it is not to be stored; empty if it may be
};

/// What one attempt at a stage needs. Everything is borrowed for the call.
struct Attempt {
  const Node& node;
  const std::string& folder;
  int number;
  const Requirements& requirements;
  Slots granted;  ///< of what the requirements ask for
  std::span<const State> inputs;
  const Json& policy;
  std::stop_token stop;
  Timer* timer;  ///< needed if there is a timeout
  std::function<void(double, std::string_view)> on_progress;
  std::function<void(std::string_view)> on_warning;  ///< hears warnings and remarks as they come
  bool recording = false;
};

/// Calls the stage once. Throws `Error` only: what the stage threw (anything that is no `Error` as `stage_failed`), or
/// `cancelled` or `timeout` if a stop was requested before it returned, whatever it returned then.
[[nodiscard]] StageOutput run_attempt(const Attempt& attempt);

}  // namespace neve
