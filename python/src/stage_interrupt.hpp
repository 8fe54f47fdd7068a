#pragma once

#include <functional>
#include <optional>
#include <stop_token>

#include <nanobind/nanobind.h>

namespace neve::python {

/// Interrupts what the calling thread does in Python when a stop is requested while this lives: `StageStopped`
/// (neve/errors.py) is raised there before the next step of Python code. A call into C, such as numpy's, ends first.
/// Needs the GIL to be made and to be destroyed, by the same thread; the request may come from any.
class StageInterrupt {
 public:
  explicit StageInterrupt(const std::stop_token& stop);
  ~StageInterrupt();
  StageInterrupt(const StageInterrupt&) = delete;
  StageInterrupt& operator=(const StageInterrupt&) = delete;

 private:
  nanobind::object type_;
  unsigned long thread_;
  std::optional<std::stop_callback<std::function<void()>>> callback_;
};

}  // namespace neve::python
