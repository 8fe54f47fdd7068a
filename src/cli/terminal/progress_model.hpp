#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <neve/pipeline/run_report.hpp>

#include "cli/text/line_style.hpp"

namespace neve::cli {

using Moment = std::chrono::steady_clock::time_point;

/// "reading 3.90 GiB of input files".
[[nodiscard]] std::string reading_text(std::uint64_t bytes);

/// What a run is doing, as lines of text. Knows neither terminal nor clock, so it can be tested. Not thread-safe.
class ProgressModel {
 public:
  explicit ProgressModel(LineStyle style) : style_(style) {}

  void run_started(std::size_t stages, Moment now);
  /// Reads `total` bytes of the files it declares; no longer when all are `done`.
  void stage_reading(const std::string& node, const std::string& label, std::uint64_t done, std::uint64_t total,
                     Moment now);
  void stage_queued(const std::string& node, const std::string& label);
  /// Somebody else computes it.
  void stage_waiting(const std::string& node, const std::string& label);
  void stage_started(const std::string& node, const std::string& label, unsigned attempt, Moment now);
  void stage_progress(const std::string& node, const std::string& label, double fraction, std::string_view text);
  void stage_finished(const std::string& node, const std::string& label, StageOutcome outcome);

  /// One line per running stage, at most `rows` - 1 of them, and one that sums up; none wider than `width` columns.
  [[nodiscard]] std::vector<std::string> lines(std::size_t width, std::size_t rows, Moment now) const;

  /// "17 of 120 done, 2 failed, left 00:21", for a log.
  [[nodiscard]] std::string standing(Moment now) const;

 private:
  struct Running {
    std::string node;
    std::string label;
    unsigned attempt;
    Moment since;
    double fraction = -1;  ///< negative: the stage has not said
    std::string text{};
  };

  [[nodiscard]] std::string stage_line(const Running& stage, std::size_t width, Moment now) const;
  [[nodiscard]] std::string summary(Moment now) const;
  /// Stages that are done each second; 0 if too few are to tell.
  [[nodiscard]] double rate(Moment now) const;
  [[nodiscard]] std::string time_left(double rate) const;
  [[nodiscard]] std::string bar(double fraction, std::size_t width) const;
  [[nodiscard]] std::list<Running>::iterator find(const std::string& node, const std::string& label);

  LineStyle style_;
  std::list<Running> running_;                               ///< in the order they began
  std::set<std::pair<std::string, std::string>> elsewhere_;  ///< node and label of what others compute
  std::size_t total_ = 0;
  std::size_t waiting_ = 0;
  std::size_t done_ = 0;
  std::size_t found_ = 0;
  std::size_t failed_ = 0;
  Moment started_{};
};

}  // namespace neve::cli
