#pragma once

#include <neve/pipeline/stage_registry.hpp>

namespace neve::python {

/// The compiled stages that are built into this extension. Needs the GIL the first time.
[[nodiscard]] const StageRegistry& stage_library();

}  // namespace neve::python
