#pragma once

#include <nanobind/nanobind.h>

namespace neve::python {

/// Keys, digests, JSON and entries, as the conformance vectors need them.
void bind_keys(nanobind::module_& module);

}  // namespace neve::python
