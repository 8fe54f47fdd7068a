#pragma once

#include <nanobind/nanobind.h>

namespace neve::python {

/// What `work` gives, while other threads of Python run. It touches no Python object.
template <class Work>
auto without_gil(Work work) {
  const nanobind::gil_scoped_release release;
  return work();
}

}  // namespace neve::python
