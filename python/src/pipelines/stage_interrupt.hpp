#pragma once

#include <functional>
#include <optional>
#include <stop_token>

#include <nanobind/nanobind.h>

namespace neve::python {

/// Interrupts what the calling thread does in Python when a stop is requested while this lives: `StageStopped`
/// (neve/errors.py) is raised there before the next step of Python code. A call into C, such as numpy's, ends first.
/// Where `asks_itself`, called with the GIL, says that the stage looks for stop requests, it is left to do so. Needs
/// the GIL to be made and to be destroyed, by the same thread; the request may come from any.
class StageInterrupt {
 public:
  StageInterrupt(const std::stop_token& stop, std::function<bool()> asks_itself);
  ~StageInterrupt();
  StageInterrupt(const StageInterrupt&) = delete;
  StageInterrupt& operator=(const StageInterrupt&) = delete;

 private:
  void take_what_is_pending();

  nanobind::object type_;
  unsigned long thread_;
  std::function<bool()> asks_itself_;
  bool raised_ = false;  ///< under the GIL
  std::optional<std::stop_callback<std::function<void()>>> callback_;
};

}  // namespace neve::python
