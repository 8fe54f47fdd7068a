#pragma once

#include <nanobind/nanobind.h>

#include <neve/pipeline/state.hpp>

namespace neve::python {

/// A pair (meta, arrays); the arrays are read-only looks into the state's own. Needs the GIL.
[[nodiscard]] nanobind::tuple python_from_state(const State& state);

/// From such a pair. Arrays that are looks into neve's memory are shared, all others copied: a stage may go on writing
/// into its own. Throws as `json_from_python` and `BorrowedArrays` do. Needs the GIL.
[[nodiscard]] State state_from_python(nanobind::handle pair);

/// The array itself if it lies in neve's memory, else a copy. Needs the GIL.
[[nodiscard]] Array owned_array(nanobind::handle value, const std::string& place);

}  // namespace neve::python
