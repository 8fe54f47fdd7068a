#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include <neve/pipeline/run_observer.hpp>

#include "cli/terminal/progress_model.hpp"
#include "cli/terminal/terminal.hpp"

namespace neve::cli {

/// Bars on a terminal: one block on standard error, drawn anew a few times a second by a thread of its own and erased
/// at the end. Thread-safe.
class TerminalProgress final : public RunObserver {
 public:
  explicit TerminalProgress(LineStyle style);
  ~TerminalProgress() override;

  void run_started(const std::string& pipeline, std::size_t stages) override;
  void stage_reading(const StageEvent& stage, std::uint64_t done, std::uint64_t total) override;
  void stage_queued(const StageEvent& stage) override;
  void stage_waiting(const StageEvent& stage) override;
  void stage_started(const StageEvent& stage, unsigned attempt) override;
  void stage_progress(const StageEvent& stage, double fraction, std::string_view text) override;
  void stage_finished(const StageEvent& stage, const StageReport& report) override;

 private:
  void draw_until(const std::stop_token& stop);
  void draw(bool last);

  std::mutex mutex_;
  ProgressModel model_;
  bool running_ = false;
  std::condition_variable_any wake_;
  std::size_t drawn_ = 0;  ///< lines of the block on the screen; the drawing thread's
  std::jthread drawer_;
};

/// Lines in a pipe or log: one when a stage begins, one when it ends, one every half minute in between. Of a long run,
/// the last ones say how much of it is done, and what is found or never begins has no line of its own. Thread-safe.
class PlainProgress final : public RunObserver {
 public:
  PlainProgress();

  void run_started(const std::string& pipeline, std::size_t stages) override;
  void stage_reading(const StageEvent& stage, std::uint64_t done, std::uint64_t total) override;
  void stage_waiting(const StageEvent& stage) override;
  void stage_started(const StageEvent& stage, unsigned attempt) override;
  void stage_progress(const StageEvent& stage, double fraction, std::string_view text) override;
  void stage_finished(const StageEvent& stage, const StageReport& report) override;

 private:
  void tell(const StageEvent& stage, double fraction, const std::string& text);

  std::mutex mutex_;
  ProgressModel model_;
  bool long_ = false;
  Moment last_count_;
  std::map<std::pair<std::string, std::string>, Moment> last_line_;
};

/// The observer that fits what standard error is.
[[nodiscard]] std::unique_ptr<RunObserver> make_progress(const Terminal& terminal);

}  // namespace neve::cli
