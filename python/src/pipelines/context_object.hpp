#pragma once

#include <nanobind/nanobind.h>

#include <neve/pipeline/stage_context.hpp>

namespace neve::python {

/// A stage's context as Python sees it, while the call lasts. Used under the GIL.
class ContextObject {
 public:
  explicit ContextObject(StageContext* context) : context_(context) {}

  /// Throws `invalid_argument` once the stage has returned.
  [[nodiscard]] StageContext& get() const;
  /// The same, of a stage that looks for stop requests itself.
  [[nodiscard]] StageContext& asks();
  [[nodiscard]] bool asks_for_stops() const noexcept { return asks_for_stops_; }
  void end() noexcept { context_ = nullptr; }

 private:
  StageContext* context_;
  bool asks_for_stops_ = false;
};

/// Lends a context to Python for its own lifetime. Needs the GIL.
class ContextLoan {
 public:
  explicit ContextLoan(StageContext& context);
  ~ContextLoan();
  ContextLoan(const ContextLoan&) = delete;
  ContextLoan& operator=(const ContextLoan&) = delete;

  [[nodiscard]] nanobind::handle object() const { return object_; }
  /// Whether the stage has looked for stop requests.
  [[nodiscard]] bool asks_for_stops() const;

 private:
  nanobind::object object_;
};

void bind_context(nanobind::module_& module);

}  // namespace neve::python
