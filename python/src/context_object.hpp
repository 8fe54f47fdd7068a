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
  void end() noexcept { context_ = nullptr; }

 private:
  StageContext* context_;
};

/// Lends a context to Python for its own lifetime. Needs the GIL.
class ContextLoan {
 public:
  explicit ContextLoan(StageContext& context);
  ~ContextLoan();
  ContextLoan(const ContextLoan&) = delete;
  ContextLoan& operator=(const ContextLoan&) = delete;

  [[nodiscard]] nanobind::handle object() const { return object_; }

 private:
  nanobind::object object_;
};

void bind_context(nanobind::module_& module);

}  // namespace neve::python
