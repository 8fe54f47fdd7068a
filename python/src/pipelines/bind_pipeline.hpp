#pragma once

#include <nanobind/nanobind.h>

namespace neve::python {

void bind_pipeline(nanobind::module_& module);
void bind_pipeline_file(nanobind::module_& module);

}  // namespace neve::python
