#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "cli/terminal/terminal.hpp"

namespace neve::cli {

/// One line on a terminal that counts towards a total, drawn a few times a second and erased at the end; nothing in a
/// pipe. For loops of one thread; not thread-safe.
class CounterLine {
 public:
  CounterLine(const Terminal& terminal, std::string what, std::size_t total);
  ~CounterLine();
  CounterLine(const CounterLine&) = delete;
  CounterLine& operator=(const CounterLine&) = delete;

  void advance();

 private:
  using Moment = std::chrono::steady_clock::time_point;

  void draw(Moment now);

  const Terminal& terminal_;
  std::string what_;
  std::size_t total_;
  std::size_t done_ = 0;
  bool drawn_ = false;
  Moment started_ = std::chrono::steady_clock::now();
  Moment next_ = started_;
};

}  // namespace neve::cli
