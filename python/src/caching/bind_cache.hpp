#pragma once

#include <nanobind/nanobind.h>

namespace neve::python {

void bind_lookup(nanobind::module_& module);
void bind_cache(nanobind::module_& module);

}  // namespace neve::python
