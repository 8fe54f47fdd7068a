#pragma once

#include <nanobind/nanobind.h>

#include <optional>

#include <neve/cache/backend.hpp>

#include "values/array_values.hpp"

namespace neve::python {

/// `{"meta": ..., "arrays": ...}`, as phys-pipeline's backends answer. Needs the GIL.
[[nodiscard]] nanobind::dict python_from_entry(const Entry& entry, Writable writable);

/// Seconds from now as a time. Throws `invalid_argument` unless it is positive and finite.
[[nodiscard]] std::optional<TimePoint> expiry_after(std::optional<double> ttl_s);

/// Seconds since 1970 as Python's time module counts them.
[[nodiscard]] double seconds_since_epoch(TimePoint time);

}  // namespace neve::python
