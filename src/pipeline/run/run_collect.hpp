#pragma once

#include <cstddef>

#include <neve/pipeline/run.hpp>

#include "pipeline/graph/plan.hpp"
#include "pipeline/run/runner.hpp"

namespace neve {

/// Results and failures of one point of a plan that was run.
[[nodiscard]] RunResult collect_point(const Plan& plan, Runner& runner, std::size_t point);

/// A row for every node of the plan. Takes the rows out of the runner.
[[nodiscard]] RunReport collect_report(const Plan& plan, Runner& runner);

/// Tells the observer, whatever it throws.
void tell_finished(RunObserver& observer, const RunReport& report) noexcept;

}  // namespace neve
