#include "cli/terminal/dataset_progress.hpp"

#include <algorithm>
#include <cmath>
#include <unistd.h>

#include <fmt/format.h>

#include <neve/base/text_table.hpp>

#include "cli/text/time_text.hpp"

namespace neve::cli {
namespace {

constexpr std::size_t kStepWidth = 18;
constexpr std::size_t kBarWidth = 30;

}  // namespace

std::string dataset_progress_line(std::string_view step, double fraction, double elapsed_s, LineStyle style,
                                  std::size_t width) {
  const double done = std::clamp(fraction, 0.0, 1.0);
  const auto full = static_cast<std::size_t>(done * static_cast<double>(kBarWidth));
  std::string bar = style.colour ? "\x1b[36m" : "";
  for (std::size_t i = 0; i < kBarWidth; ++i) {
    if (i == full && style.colour) bar += "\x1b[2m";
    bar += i < full ? (style.unicode ? "━" : "#") : (style.unicode ? "─" : ".");
  }
  if (style.colour) bar += "\x1b[0m";
  const std::string name = fmt::format("{:<{}}", step, kStepWidth);
  const std::string figures =
      fraction < 0 ? clock_text(elapsed_s) : fmt::format("{:3.0f}%  {}", std::floor(done * 100), clock_text(elapsed_s));
  if (width < kStepWidth + kBarWidth + 20) return cut_to_width(name + " " + figures, width);
  return name + " " + bar + " " + figures;
}

DatasetProgress::DatasetProgress(const Terminal& terminal, bool quiet)
    : terminal_(terminal), shown_(terminal.interactive && !quiet) {}

void DatasetProgress::show(std::string_view step, double fraction) {
  if (!shown_) return;
  const double elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
  const std::size_t width = terminal_size(STDERR_FILENO).columns - 1;
  write_to_terminal("\r\x1b[K" + dataset_progress_line(step, fraction, elapsed, terminal_.style, width));
  drawn_ = true;
}

void DatasetProgress::erase() {
  if (drawn_) write_to_terminal("\r\x1b[K");
  drawn_ = false;
}

}  // namespace neve::cli
