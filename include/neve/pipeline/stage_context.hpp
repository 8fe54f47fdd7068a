#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <neve/base/error.hpp>
#include <neve/codec/json.hpp>
#include <neve/pipeline/artifact.hpp>
#include <neve/pipeline/exact_value.hpp>
#include <neve/pipeline/metrics.hpp>
#include <neve/pipeline/requirements.hpp>

namespace neve {

/// What a `StageContext` is made from. The runner fills it; a test of a stage needs none of it.
struct StageContextOptions {
  std::string node{};    ///< id of the node in its graph
  std::string folder{};  ///< where the run keeps what is written for this node: the pipeline's, or a sweep point's
  std::vector<std::string> inputs{};  ///< names of the inputs, in order: the needs as written
  int attempt = 1;                    ///< counted from 1
  Json policy = nullptr;              ///< the run's policy; null when there is none
  std::stop_token stop{};
  std::function<Error()> stop_cause{};  ///< why `stop` was requested; absent: cancelled
  std::function<void(double, std::string_view)> on_progress{};
  std::function<void(std::string_view)> on_warning{};  ///< called for warnings and remarks
  Slots slots{};                                       ///< what the stage was granted
  bool recording = false;                              ///< whether artifacts are recorded
};

/// A stage's line to the run it is part of. Valid during the call it is passed to; safe from all threads of the stage.
/// `neve::StageContext context;` is all it takes to call a stage by hand.
class StageContext {
 public:
  StageContext() = default;
  explicit StageContext(StageContextOptions options) : options_(std::move(options)) {}
  StageContext(const StageContext&) = delete;
  StageContext& operator=(const StageContext&) = delete;

  /// Throws `cancelled` or `timeout` if the work should stop. Costs a few nanoseconds: call it in every outer loop.
  void checkpoint() const {
    if (options_.stop.stop_requested()) throw_stop();
  }
  [[nodiscard]] bool stop_requested() const noexcept { return options_.stop.stop_requested(); }
  /// For waiting on something that can be interrupted. A result returned after a stop request is thrown away.
  [[nodiscard]] const std::stop_token& stop_token() const noexcept { return options_.stop; }

  /// Tells observers how far the stage is, from 0 to 1. Never part of the result.
  void progress(double fraction, std::string_view text = {}) const {
    if (options_.on_progress) options_.on_progress(fraction, text);
  }

  /// Sets a scalar of the result, such as `metric("energy_j", e)`; the last value of a name counts.
  void metric(std::string name, double value);

  /// Adds a picture to the result, reduced to print resolution. Throws `invalid_argument` for a name that was used
  /// already or cannot be a file name, and for a plot whose parts do not fit.
  void plot(std::string name, Plot plot);
  /// Adds an array or a JSON document to the result. The same errors.
  void save(std::string name, Array array);
  void save(std::string name, Json document);
  /// Adds a finished PNG file to the result. The same errors, and `invalid_argument` if it is none.
  void image(std::string name, Bytes png);

  /// Reports a problem with the result to the run's report, such as light that leaves the grid. Part of
  /// the result: a hit repeats it, so the same inputs must give the same text. Of more than `kMostWarnings` texts a
  /// hit repeats the first in alphabetical order.
  void warn(std::string_view text);
  static constexpr std::size_t kMostWarnings = 100;

  /// Reports a problem with this run that leaves the result as it is to the run's report, such as a log
  /// that could not be written. A hit does not repeat it.
  void remark(std::string_view text) const;

  /// Has the result be given and not stored, for a reason that the report tells: what it was made from is no longer
  /// what its key says, since the stage, or somebody while it ran, has changed it. The first reason counts.
  void keep_out(std::string_view reason);

  /// The policy's member `name`, or `fallback` where the policy does not speak of it. Throws `invalid_argument`, naming
  /// it, if T cannot hold it: the fallback's type decides, so it is 1.0 where 1e-6 shall be possible.
  template <class T>
  [[nodiscard]] T policy(std::string_view name, T fallback) const;
  [[nodiscard]] std::string policy(std::string_view name, const char* fallback) const {
    return policy(name, std::string(fallback));
  }
  [[nodiscard]] const Json& policy() const noexcept { return options_.policy; }

  [[nodiscard]] const std::string& node() const noexcept { return options_.node; }
  /// Relative, below whatever folder somebody records into; the node's own is `folder()/node()`.
  [[nodiscard]] const std::string& folder() const noexcept { return options_.folder; }
  [[nodiscard]] int attempt() const noexcept { return options_.attempt; }
  /// Names of the inputs, in order.
  [[nodiscard]] const std::vector<std::string>& inputs() const noexcept { return options_.inputs; }
  [[nodiscard]] const Slots& slots() const noexcept { return options_.slots; }
  /// True when artifacts are written to files. The result must not depend on it.
  [[nodiscard]] bool recording() const noexcept { return options_.recording; }

  /// What the stage has reported so far; for the runner and for tests.
  [[nodiscard]] Metrics metrics() const;
  [[nodiscard]] std::vector<Artifact> artifacts() const;
  /// In alphabetical order, each once.
  [[nodiscard]] std::vector<std::string> warnings() const;
  /// Why the result is not to be stored; empty if it may be.
  [[nodiscard]] std::string kept_out() const;

 private:
  [[noreturn]] void throw_stop() const;
  void add(Artifact artifact);

  StageContextOptions options_;
  mutable std::mutex mutex_;
  Metrics metrics_;
  std::map<std::string, Artifact> artifacts_;
  std::set<std::string> warnings_;
  std::string kept_out_;
};

template <class T>
T StageContext::policy(std::string_view name, T fallback) const {
  if (!options_.policy.is_object()) return fallback;
  const auto found = options_.policy.find(name);
  if (found == options_.policy.end()) return fallback;
  return detail::exact_value<T>("the run's policy", name, *found);
}

}  // namespace neve
