#pragma once

#include <nanobind/nanobind.h>

#include <string>

#include <neve/pipeline/run_observer.hpp>

namespace neve::python {

/// What the Python stages of one run raised, for whoever reports a failure and wants its cause: the runner keeps a
/// code and a text. Appends (node, label of the sweep's point, text, exception) to a list of Python's.
///
/// Used from the threads of its run, which are the only ones that stages find it in.
class RaisedLog final : public RunObserver {
 public:
  explicit RaisedLog(nanobind::list list) : list_(std::move(list)) {}

  void stage_started(const StageEvent& stage, unsigned attempt) override;

  /// One stage's line to the log of its run. Valid during the stage.
  struct Place {
    RaisedLog* log = nullptr;
    const std::string* node = nullptr;
    const std::string* label = nullptr;

    /// Needs the GIL.
    void add(const std::string& text, nanobind::handle exception) const;
  };

  /// Of the stage that has just been started on this thread: an attempt is announced on the thread that makes it.
  [[nodiscard]] static Place take_place() noexcept;

 private:
  nanobind::list list_;
};

}  // namespace neve::python
