#pragma once

#include <nanobind/nanobind.h>

#include <neve/pipeline/sweep.hpp>

namespace neve::python {

/// A run's result, shared with what Python takes out of it.
struct RunObject {
  std::shared_ptr<const RunResult> result;
};

/// The same of a sweep.
struct SweepObject {
  std::shared_ptr<const SweepResult> result;
};

void bind_results(nanobind::module_& module);

}  // namespace neve::python
