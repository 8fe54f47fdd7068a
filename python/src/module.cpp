#include <nanobind/nanobind.h>

#include "caching/bind_cache.hpp"
#include "caching/bind_keys.hpp"
#include "caching/cache_handle.hpp"
#include "calls/call_table.hpp"
#include "interpreter/errors.hpp"
#include "pipelines/bind_pipeline.hpp"
#include "pipelines/context_object.hpp"
#include "pipelines/python_stage.hpp"
#include "pipelines/run_object.hpp"
#include "values/array_values.hpp"

// What NB_MODULE calls `PyInit__neve`: the function of that name below comes before it.
#define PyInit__neve PyInit__neve_of_nanobind

// The extension behind the package `neve`: the public headers as Python sees them. Imports nothing, NumPy included,
// before it is needed.
NB_MODULE(_neve, module) {
  // Arrays may outlive the interpreter's tidying up, and their memory with them: that is no leak.
  nanobind::set_leak_warnings(false);
  neve::python::watch_forks();
  neve::python::register_errors();
  module.attr("version") = NEVE_VERSION;
  neve::python::bind_memory(module);
  neve::python::bind_lookup(module);
  neve::python::bind_cache(module);
  neve::python::bind_calls(module);
  neve::python::bind_keys(module);
  neve::python::bind_context(module);
  neve::python::bind_stage(module);
  neve::python::bind_results(module);
  neve::python::bind_pipeline(module);
  neve::python::bind_pipeline_file(module);
}

#undef PyInit__neve

namespace {

/// A free-threaded Python turns the GIL on before it asks a module that needs it for its definition, unless its user
/// has forbidden that. Pythons before 3.13 always have it.
bool has_gil() {
  PyObject* const ask = PySys_GetObject("_is_gil_enabled");  // borrowed
  if (ask == nullptr) return true;
  PyObject* const answer = PyObject_CallNoArgs(ask);  // nanobind's own calls need its module first
  Py_XDECREF(answer);                                 // True and False are never gone
  return answer == Py_True;
}

}  // namespace

/// Classes and functions bound above are the process's: a second interpreter would put its own in their place.
extern "C" NB_EXPORT PyObject* PyInit__neve() {
  if (PyInterpreterState_GetID(PyInterpreterState_Get()) != 0) {
    PyErr_SetString(PyExc_ImportError, "neve works in the main interpreter of a process only");
    return nullptr;
  }
  if (!has_gil()) {
    PyErr_SetString(PyExc_ImportError,
                    "neve needs the GIL, which PYTHON_GIL=0 or -X gil=0 keeps off; without these, "
                    "importing neve turns it on");
    return nullptr;
  }
  return PyInit__neve_of_nanobind();
}
