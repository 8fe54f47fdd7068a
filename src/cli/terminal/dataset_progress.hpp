#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "cli/terminal/terminal.hpp"

namespace neve::cli {

/// How far an addition is: one line on a terminal, drawn anew and erased at the end; nothing in a pipe, where one line
/// at the end says what was done. Used by one thread.
class DatasetProgress {
 public:
  DatasetProgress(const Terminal& terminal, bool quiet);
  ~DatasetProgress() { erase(); }
  DatasetProgress(const DatasetProgress&) = delete;
  DatasetProgress& operator=(const DatasetProgress&) = delete;

  void show(std::string_view step, double fraction);
  void erase();

 private:
  Terminal terminal_;
  bool shown_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

/// The line, at most `width` columns wide.
[[nodiscard]] std::string dataset_progress_line(std::string_view step, double fraction, double elapsed_s,
                                                LineStyle style, std::size_t width);

}  // namespace neve::cli
