#include "cli/terminal/counter_line.hpp"

#include <cstdio>
#include <unistd.h>

#include <fmt/format.h>

#include <neve/base/quantity.hpp>
#include <neve/base/text_table.hpp>

#include "cli/text/time_text.hpp"

namespace neve::cli {

CounterLine::CounterLine(const Terminal& terminal, std::string what, std::size_t total)
    : terminal_(terminal), what_(std::move(what)), total_(total) {}

CounterLine::~CounterLine() {
  if (drawn_) fmt::print(stderr, "\r\x1b[K");
}

void CounterLine::advance() {
  ++done_;
  if (!terminal_.interactive) return;
  const Moment now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + std::chrono::milliseconds(100);
  draw(now);
}

void CounterLine::draw(Moment now) {
  const double elapsed = std::chrono::duration<double>(now - started_).count();
  const double rate = elapsed > 0 ? static_cast<double>(done_) / elapsed : 0;
  const std::string left = rate > 0 ? "  left " + clock_text(static_cast<double>(total_ - done_) / rate) : "";
  const std::string line = fmt::format("{} {} of {}  {}{}", what_, done_, total_, rate_text(rate), left);
  fmt::print(stderr, "\r{}\x1b[K", cut_to_width(line, terminal_size(STDERR_FILENO).columns - 1));
  std::fflush(stderr);
  drawn_ = true;
}

}  // namespace neve::cli
