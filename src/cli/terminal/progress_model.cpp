#include "cli/terminal/progress_model.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <neve/base/quantity.hpp>
#include <neve/base/text_table.hpp>

#include "cli/text/time_text.hpp"

namespace neve::cli {
namespace {

constexpr std::size_t kNameWidth = 22;
constexpr std::size_t kFiguresWidth = 33;  // percentage, elapsed, rate and time left, of less than an hour
constexpr double kWorthAnEstimate = 0.02;

double seconds_between(Moment from, Moment to) { return std::chrono::duration<double>(to - from).count(); }

/// "43%  00:12  3.60 %/s  left 00:16", as far as it can be known.
std::string figures(double fraction, double elapsed) {
  if (fraction < 0) return fmt::format("      {}", clock_text(elapsed));
  std::string text = fmt::format("{:3.0f}%  {}", std::floor(fraction * 100), clock_text(elapsed));
  if (fraction >= kWorthAnEstimate && fraction < 1 && elapsed > 0.5) {
    const double rate = fraction / elapsed;
    text += fmt::format("  {}  left {}", rate_text(rate * 100, "%"), clock_text(std::ceil((1 - fraction) / rate)));
  }
  return text;
}

}  // namespace

std::string reading_text(std::uint64_t bytes) { return "reading " + bytes_text(bytes) + " of input files"; }

void ProgressModel::run_started(std::size_t stages, Moment now) {
  total_ = stages;
  started_ = now;
}

std::list<ProgressModel::Running>::iterator ProgressModel::find(const std::string& node, const std::string& label) {
  return std::find_if(running_.begin(), running_.end(),
                      [&](const Running& stage) { return stage.node == node && stage.label == label; });
}

void ProgressModel::stage_reading(const std::string& node, const std::string& label, std::uint64_t done,
                                  std::uint64_t total, Moment now) {
  auto stage = find(node, label);
  if (done >= total) {
    if (stage != running_.end()) running_.erase(stage);
    return;
  }
  if (stage == running_.end()) stage = running_.insert(stage, {node, label, 1, now});
  stage->fraction = static_cast<double>(done) / static_cast<double>(total);
  stage->text = reading_text(total);
}

/// Whatever it was reading: that may have ended with an error.
void ProgressModel::stage_queued(const std::string& node, const std::string& label) {
  if (const auto stage = find(node, label); stage != running_.end()) running_.erase(stage);
  ++waiting_;
}

void ProgressModel::stage_waiting(const std::string& node, const std::string& label) {
  if (waiting_ > 0) --waiting_;
  elsewhere_.emplace(node, label);
}

void ProgressModel::stage_started(const std::string& node, const std::string& label, unsigned attempt, Moment now) {
  if (const auto before = find(node, label); before != running_.end()) {
    running_.erase(before);
  } else if (waiting_ > 0) {
    --waiting_;
  }
  elsewhere_.erase({node, label});
  running_.push_back({node, label, attempt, now});
}

void ProgressModel::stage_progress(const std::string& node, const std::string& label, double fraction,
                                   std::string_view text) {
  const auto stage = find(node, label);
  if (stage == running_.end() || !(fraction >= 0)) return;
  stage->fraction = std::min(fraction, 1.0);
  stage->text = printable(text);
}

void ProgressModel::stage_finished(const std::string& node, const std::string& label, StageOutcome outcome) {
  if (const auto stage = find(node, label); stage != running_.end()) running_.erase(stage);
  elsewhere_.erase({node, label});
  ++done_;
  if (outcome == StageOutcome::hit) ++found_;
  if (outcome == StageOutcome::failed) ++failed_;
}

std::vector<std::string> ProgressModel::lines(std::size_t width, std::size_t rows, Moment now) const {
  std::vector<std::string> result;
  for (const Running& stage : running_) {
    if (result.size() + 1 >= rows) break;
    result.push_back(stage_line(stage, width, now));
  }
  result.push_back(cut_to_width(summary(now), width));
  return result;
}

std::string ProgressModel::stage_line(const Running& stage, std::size_t width, Moment now) const {
  std::string name = stage.node;
  if (stage.attempt > 1) name += fmt::format(" (attempt {})", stage.attempt);
  name = cut_to_width(name, kNameWidth);
  name += std::string(kNameWidth - display_width(name), ' ');
  const std::string numbers = figures(stage.fraction, seconds_between(stage.since, now));
  const std::string note = stage.text.empty() ? stage.label : stage.text;
  const std::size_t figures_width = std::max(kFiguresWidth, display_width(numbers));
  if (width < kNameWidth + figures_width + 12) return cut_to_width(name + " " + numbers, width);
  const std::size_t bar_width = std::min<std::size_t>(30, width - kNameWidth - figures_width - 4);
  const std::size_t used = kNameWidth + 1 + bar_width + 1 + display_width(numbers);
  const std::string tail = note.empty() || used + 3 > width ? "" : "  " + cut_to_width(note, width - used - 2);
  return name + " " + bar(stage.fraction, bar_width) + " " + numbers + tail;
}

std::string ProgressModel::bar(double fraction, std::size_t width) const {
  const auto full = static_cast<std::size_t>(std::max(fraction, 0.0) * static_cast<double>(width));
  std::string text = style_.colour ? "\x1b[36m" : "";
  for (std::size_t i = 0; i < full; ++i) text += style_.unicode ? "━" : "#";
  if (style_.colour) text += "\x1b[2m";
  for (std::size_t i = full; i < width; ++i) text += style_.unicode ? "─" : ".";
  return text + (style_.colour ? "\x1b[0m" : "");
}

std::string ProgressModel::summary(Moment now) const {
  const double elapsed = seconds_between(started_, now);
  std::string text = fmt::format("{} of {} stages done", done_, total_);
  if (found_ > 0) text += fmt::format(", {} found", found_);
  if (failed_ > 0) text += fmt::format(", {} failed", failed_);
  if (waiting_ > 0) text += fmt::format(", {} waiting", waiting_);
  if (!elsewhere_.empty()) text += fmt::format(", {} computed by another process", elsewhere_.size());
  text += "  " + clock_text(elapsed);
  if (const double each_second = rate(now); each_second > 0) {
    text += "  " + rate_text(each_second, "stages") + "  " + time_left(each_second);
  }
  return text;
}

std::string ProgressModel::standing(Moment now) const {
  std::string text = fmt::format("{} of {} done", done_, total_);
  if (failed_ > 0) text += fmt::format(", {} failed", failed_);
  if (const double each_second = rate(now); each_second > 0) text += ", " + time_left(each_second);
  return text;
}

double ProgressModel::rate(Moment now) const {
  const double elapsed = seconds_between(started_, now);
  const std::size_t computed = done_ - std::min(done_, found_);
  if (computed < 4 || elapsed <= 1 || done_ >= total_) return 0;
  return static_cast<double>(done_) / elapsed;
}

std::string ProgressModel::time_left(double rate) const {
  return "left " + clock_text(static_cast<double>(total_ - done_) / rate);
}

}  // namespace neve::cli
