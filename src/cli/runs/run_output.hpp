#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <neve/pipeline/run.hpp>
#include <neve/pipeline/sweep.hpp>

namespace neve::cli {

/// What `neve run` has to tell at the end, of one run or of a sweep. A plain value.
struct RunOutput {
  std::string file;
  std::string cache;  ///< redacted URL
  bool dry_run = false;
  std::set<std::string> recompute{};  ///< stages that are computed whatever is stored
  RunReport report;
  bool failed = false;                 ///< something failed or was cancelled
  std::vector<StageFailure> failures;  ///< of the stages that failed; the report has what was cancelled
  Metrics metrics;                     ///< of a single run
  bool swept = false;
  SweepTable points;                 ///< settings and metrics; of a single run one row
  Json provenance = Json::object();  ///< of a single run, by node
  Json tiers = nullptr;              ///< what the cache was asked, a CacheReport as JSON; null without a cache

  [[nodiscard]] static RunOutput of(const RunResult& result);

  /// The report as JSON, in pieces. Documented in docs/guide/command-line.md.
  void write_json(const std::function<void(std::string_view)>& write) const;
  /// The closing table, metrics and sweep rows; of many only the first ones if the file `table` has all of them.
  [[nodiscard]] std::string text(std::size_t width, const std::string& table) const;
  /// One paragraph per failure, a line where another point of the sweep failed in the same way; of many only the first
  /// ones. Empty if there are none, or for a dry run.
  [[nodiscard]] std::string failure_text() const;

 private:
  /// In a dry run.
  [[nodiscard]] std::string why_of(const StageReport& stage) const;
  [[nodiscard]] std::string plan_text(std::size_t width) const;
  [[nodiscard]] Json stage_json(std::size_t stage) const;
};

/// Gathers what a sweep has to tell, run by run. Not thread-safe.
class SweepOutput {
 public:
  void add(const SweepRun& run);
  /// Called once.
  [[nodiscard]] RunOutput take(RunReport report);

 private:
  SweepTableMaker points_;
  std::vector<StageFailure> failures_;
  bool failed_ = false;
  std::set<std::pair<std::string, std::string>> told_;  ///< points may have a stage in common
};

}  // namespace neve::cli
