#include "cli/terminal/terminal_progress.hpp"

#include <cstdio>
#include <unistd.h>

#include <fmt/format.h>

#include <neve/base/bytes.hpp>
#include <neve/base/quantity.hpp>
#include <neve/base/text_table.hpp>

namespace neve::cli {
namespace {

constexpr std::chrono::milliseconds kFrame{100};
constexpr std::chrono::seconds kBetweenLines{30};
constexpr std::size_t kLongRun = 40;  // stages; as in the closing table

Moment now() { return std::chrono::steady_clock::now(); }

std::string name_of(const StageEvent& stage) { return printable(stage_name(stage.node, stage.label)); }

}  // namespace

TerminalProgress::TerminalProgress(LineStyle style)
    : model_(style), drawer_([this](const std::stop_token& stop) { draw_until(stop); }) {}

TerminalProgress::~TerminalProgress() {
  drawer_.request_stop();
  drawer_.join();
}

void TerminalProgress::draw_until(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, stop, kFrame, [&] { return stop.stop_requested(); })) {
    if (stop.stop_requested()) break;
    if (running_) draw(false);
  }
  draw(true);
}

void TerminalProgress::draw(bool last) {
  const TerminalSize size = terminal_size(STDERR_FILENO);
  std::string text = drawn_ == 0 ? "" : fmt::format("\x1b[{}F\x1b[J", drawn_);
  drawn_ = 0;
  if (!last) {
    // A line as wide as the terminal would wrap on some, and a block as high as it would scroll.
    for (const std::string& line : model_.lines(size.columns - 1, std::max<std::size_t>(size.rows, 3) - 1, now())) {
      text += line + "\n";
      ++drawn_;
    }
  }
  write_to_terminal(text);
}

void TerminalProgress::run_started(const std::string&, std::size_t stages) {
  const std::lock_guard lock(mutex_);
  model_.run_started(stages, now());
  running_ = true;
}

void TerminalProgress::stage_reading(const StageEvent& stage, std::uint64_t done, std::uint64_t total) {
  const std::lock_guard lock(mutex_);
  model_.stage_reading(stage.node, stage.label, done, total, now());
}

void TerminalProgress::stage_queued(const StageEvent& stage) {
  const std::lock_guard lock(mutex_);
  model_.stage_queued(stage.node, stage.label);
}

void TerminalProgress::stage_waiting(const StageEvent& stage) {
  const std::lock_guard lock(mutex_);
  model_.stage_waiting(stage.node, stage.label);
}

void TerminalProgress::stage_started(const StageEvent& stage, unsigned attempt) {
  const std::lock_guard lock(mutex_);
  model_.stage_started(stage.node, stage.label, attempt, now());
}

void TerminalProgress::stage_progress(const StageEvent& stage, double fraction, std::string_view text) {
  const std::lock_guard lock(mutex_);
  model_.stage_progress(stage.node, stage.label, fraction, text);
}

void TerminalProgress::stage_finished(const StageEvent& stage, const StageReport& report) {
  const std::lock_guard lock(mutex_);
  model_.stage_finished(stage.node, stage.label, report.outcome);
}

PlainProgress::PlainProgress() : model_(LineStyle{}), last_count_(now()) {}

void PlainProgress::run_started(const std::string&, std::size_t stages) {
  const std::lock_guard lock(mutex_);
  model_.run_started(stages, now());
  long_ = stages > kLongRun;
  last_count_ = now();
}

void PlainProgress::stage_reading(const StageEvent& stage, std::uint64_t done, std::uint64_t total) {
  const std::lock_guard lock(mutex_);
  last_line_.try_emplace({stage.node, stage.label}, now());
  tell(stage, static_cast<double>(done) / static_cast<double>(total), reading_text(total));
}

void PlainProgress::stage_waiting(const StageEvent& stage) {
  const std::lock_guard lock(mutex_);
  fmt::print(stderr, "{}: another process computes it; waiting\n", name_of(stage));
}

void PlainProgress::stage_started(const StageEvent& stage, unsigned attempt) {
  const std::lock_guard lock(mutex_);
  last_line_[{stage.node, stage.label}] = now();
  fmt::print(stderr, "{}: computing{}\n", name_of(stage), attempt > 1 ? fmt::format(" (attempt {})", attempt) : "");
}

void PlainProgress::stage_progress(const StageEvent& stage, double fraction, std::string_view text) {
  const std::lock_guard lock(mutex_);
  tell(stage, fraction, printable(text));
}

void PlainProgress::tell(const StageEvent& stage, double fraction, const std::string& text) {
  Moment& last = last_line_[{stage.node, stage.label}];
  if (now() - last < kBetweenLines) return;
  last = now();
  fmt::print(stderr, "{}: {:.0f}%{}{}\n", name_of(stage), fraction * 100, text.empty() ? "" : ", ", text);
}

void PlainProgress::stage_finished(const StageEvent& stage, const StageReport& report) {
  const std::lock_guard lock(mutex_);
  const bool begun = last_line_.erase({stage.node, stage.label}) > 0;
  model_.stage_finished(stage.node, stage.label, report.outcome);
  const bool never_began =
      !begun && (report.outcome == StageOutcome::skipped || report.outcome == StageOutcome::cancelled);
  if (long_ && (report.outcome == StageOutcome::hit || never_began)) {
    if (now() - last_count_ < kBetweenLines) return;
    last_count_ = now();
    fmt::print(stderr, "{}\n", model_.standing(last_count_));
    return;
  }
  last_count_ = now();
  const std::string time = report.outcome == StageOutcome::hit ? ", looked up in " + seconds_text(report.lookup_s)
                           : report.compute_s > 0              ? ", computed in " + seconds_text(report.compute_s)
                                                               : "";
  const std::string standing = long_ ? "; " + model_.standing(last_count_) : "";
  fmt::print(stderr, "{}: {}{}{}\n", name_of(stage), to_string(report.outcome), time, standing);
}

std::unique_ptr<RunObserver> make_progress(const Terminal& terminal) {
  if (terminal.interactive) return std::make_unique<TerminalProgress>(terminal.style);
  return std::make_unique<PlainProgress>();
}

}  // namespace neve::cli
