#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <ranges>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <neve/codec/json.hpp>
#include <neve/pipeline/run.hpp>

namespace neve {

/// One combination of settings.
struct SweepPoint {
  std::size_t index = 0;
  std::string label{};                                   ///< `fiber.length_m=0.1, pulse.peak_w=10000`
  std::vector<std::pair<std::string, Json>> settings{};  ///< path and value, in the order of the axes
};

/// Values for config fields, combined: every `over` is a dimension of its own, and paths given `together` move in step.
///
///     neve::Sweep sweep;
///     sweep.over("fiber.length_m", {0.05, 0.10, 0.15}).over("pulse.peak_w", {1e3, 1e4});  // 6 points
///
/// A plain value.
class Sweep {
 public:
  /// Throws `invalid_argument` for an empty list of values and for a path that was given already.
  Sweep& over(std::string path, std::vector<Json> values);
  /// The same for a list of anything that converts to `Json`, such as a std::vector<double>.
  template <std::ranges::input_range Values>
  requires(!std::is_convertible_v<const Values&, std::vector<Json>> &&
           !std::is_convertible_v<const Values&, std::string_view>) Sweep& over(std::string path,
                                                                                const Values& values) {
    std::vector<Json> list;
    for (const auto& value : values) list.emplace_back(static_cast<std::ranges::range_value_t<Values>>(value));
    return over(std::move(path), std::move(list));
  }
  /// The same, and throws `invalid_argument` unless all lists are of one length.
  Sweep& together(std::vector<std::pair<std::string, std::vector<Json>>> paths);

  /// All combinations, the last dimension fastest; one without settings if there is none. Throws `too_large` over 10^6.
  [[nodiscard]] std::vector<SweepPoint> points() const;
  /// The swept paths in order.
  [[nodiscard]] std::vector<std::string> paths() const;

 private:
  struct Dimension {
    std::vector<std::string> paths;
    std::vector<std::vector<Json>> rows;  ///< [value][path]
  };

  std::vector<Dimension> dimensions_;
};

/// The run of one point: results, failures and report as of a run of its own. Stages that several points have in common
/// are reported in the first one that uses them.
struct SweepRun {
  SweepPoint point{};
  RunResult result{};
};

/// Settings against metrics, one row per point; a failed point has nulls.
struct SweepTable {
  std::vector<std::string> columns{};
  std::vector<std::vector<Json>> rows{};

  /// RFC 4180, with a header line; numbers as Python's `repr`, null as an empty field, an apostrophe before text that a
  /// spreadsheet would take for a formula.
  [[nodiscard]] std::string to_csv() const;
  /// The same text in pieces.
  void write_csv(const std::function<void(std::string_view)>& write) const;
  /// A list of objects.
  [[nodiscard]] Json to_json() const;
  /// One of them.
  [[nodiscard]] Json row_json(std::size_t row) const;
};

/// Makes the table of runs that come one by one, each a row. Not thread-safe.
class SweepTableMaker {
 public:
  void add(const SweepRun& run);
  /// The rows in the order in which they came; columns as in `SweepResult::table`. Called once.
  [[nodiscard]] SweepTable take();

 private:
  [[nodiscard]] std::size_t place_of(const std::string& node, const std::string& metric);

  SweepTable table_;                                                    ///< metrics in the order they were met in
  std::map<std::string, std::map<std::string, std::size_t>> places_{};  ///< of metrics in rows, by node and name
};

/// What a sweep gives: a run per point and one report of them all. A plain value.
struct SweepResult {
  std::vector<SweepRun> runs{};  ///< in the order of the points
  RunReport report{};            ///< every stage that ran, once

  [[nodiscard]] bool ok() const noexcept;
  /// Columns: `point`, the swept paths, then the metrics as `stage.metric` (with " (result)" after it where a swept
  /// path has that name).
  [[nodiscard]] SweepTable table() const;
};

/// Runs the graph at every point. Stages that come out the same at several points (same stage, config and inputs) run
/// once, whether there is a cache or not; the points share one scheduler. Errors: `invalid_argument` before anything
/// runs, as `Graph::set` and `try_run`, and for a path that lies within another (`a.x.y` in `a.x`); failures of stages
/// are in the results.
[[nodiscard]] SweepResult run_sweep(const Graph& graph, const Sweep& sweep, const RunOptions& options = {});

/// The same for very many points, of which nobody wants to hold all runs at once: when all have run, `take` gets them
/// one after the other, in the order of the points. Gives the report of them all. What `take` throws comes through.
[[nodiscard]] RunReport run_sweep(const Graph& graph, const Sweep& sweep, const RunOptions& options,
                                  const std::function<void(SweepRun)>& take);

}  // namespace neve
