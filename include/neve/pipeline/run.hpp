#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <neve/base/error.hpp>
#include <neve/pipeline/graph.hpp>
#include <neve/pipeline/run_options.hpp>
#include <neve/pipeline/run_report.hpp>
#include <neve/pipeline/stage_result.hpp>
#include <neve/pipeline/state_codec.hpp>

namespace neve {

/// A stage that did not succeed. `message` names pipeline, stage and point, and ends in what the stage said.
struct StageFailure {
  std::string node{};
  std::string label{};  ///< of the sweep point, as in the stage's report
  ErrorCode code = ErrorCode::stage_failed;
  std::string message{};
};

/// What a run gave. A plain value; copies share the results.
struct RunResult {
  std::string pipeline{};
  std::string output_node{};                                        ///< empty if the graph has no single output
  std::map<std::string, StageResultPtr, std::less<>> stages{};      ///< those that succeeded, by node id
  std::map<std::string, std::string, std::less<>> inner_outputs{};  ///< as `Graph::inner_outputs`
  std::vector<StageFailure> failures{};  ///< in the order they happened; cancelled stages last
  RunReport report{};

  [[nodiscard]] bool ok() const noexcept { return failures.empty(); }
  /// Throws the first failure as an `Error` of its code.
  void throw_if_failed() const;

  /// The result of a node, or of the output of the graph added under that id. Throws `invalid_argument` with the
  /// nearest name, or the failure if that node did not succeed.
  [[nodiscard]] const StageResult& at(std::string_view node) const;
  /// The result of the graph's output node.
  [[nodiscard]] const StageResult& output() const;

  /// The state of a node. Throws as `at`, and `invalid_argument` if the run did not keep it (`RunOptions::keep`).
  [[nodiscard]] const State& state(std::string_view node) const;
  /// The state of the graph's output node.
  [[nodiscard]] const State& state() const;

  /// The state of a node, or of the output node, as a C++ type. Throws as `state`.
  template <class T>
  [[nodiscard]] T get(std::string_view node) const {
    return StateCodec<T>::decode(state(node));
  }
  template <class T>
  [[nodiscard]] T get() const {
    return StateCodec<T>::decode(state());
  }

  /// All metrics as `pipeline.stage.metric`. Where the dots in the names of stages and metrics would give two the same
  /// name, the stage follows it: `p.a.b.c (a.b)`.
  [[nodiscard]] Metrics metrics() const;
};

/// Runs every node of the graph and returns when all is settled, failures included.
///
/// A cache failure never fails a run; it is a warning. One computation per key at a time in this process among runs
/// that use the same cache object. Errors: `invalid_argument` before anything runs, as `Graph::check`; if the policy is
///   not an object, a node needs the run's input and there is none, or a gpu or more memory than the capacity names
///   (cpu slots beyond the capacity are cut down to it).
/// Threads: uses up to `capacity` threads of oneTBB, the caller's among them; may be called from many threads at once.
[[nodiscard]] RunResult try_run(const Graph& graph, const RunOptions& options = {});

/// The same, but throws the first failure when all is settled.
[[nodiscard]] RunResult run(const Graph& graph, const RunOptions& options = {});

}  // namespace neve
