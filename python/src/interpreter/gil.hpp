#pragma once

#include <nanobind/nanobind.h>

#include <utility>

#include <cxxabi.h>
#include <unistd.h>

namespace neve::python {

/// Where a thread stays that comes back to an interpreter which is ending.
///
/// Before 3.14 Python ends such a thread by pthread_exit, whose unwinding may pass neither a destructor nor a
/// `noexcept` function without ending the process, and would let go of objects without the GIL. So it is stopped where
/// it starts, and the thread waits for the end of the process, as those of later Pythons do.
[[noreturn]] inline void stay_until_exit() {
  for (;;) ::pause();
}

/// Called before the interpreter is entered. What it knew of the thread may be gone already, if it is not the one that
/// ends it.
inline void stay_if_exiting() {
  if (Py_IsInitialized() == 0 && ::gettid() != ::getpid()) stay_until_exit();
}

/// Without the GIL while it lives: other threads of Python run, and no Python object may be touched. Needs the GIL.
class GilRelease {
 public:
  GilRelease() : state_(PyEval_SaveThread()) {}
  ~GilRelease() {
    stay_if_exiting();
    try {
      PyEval_RestoreThread(state_);
    } catch (...) {  // it throws nothing; this is pthread_exit
      stay_until_exit();
    }
  }
  GilRelease(const GilRelease&) = delete;
  GilRelease& operator=(const GilRelease&) = delete;

 private:
  PyThreadState* state_;
};

/// With the GIL while it lives, in any thread.
class GilAcquire {
 public:
  GilAcquire() : state_(acquired()) {}
  ~GilAcquire() { PyGILState_Release(state_); }
  GilAcquire(const GilAcquire&) = delete;
  GilAcquire& operator=(const GilAcquire&) = delete;

 private:
  static PyGILState_STATE acquired() {
    stay_if_exiting();
    try {
      return PyGILState_Ensure();
    } catch (...) {
      stay_until_exit();
    }
  }

  PyGILState_STATE state_;
};

/// What `call` gives, which runs code in Python: that may let go of the GIL at any time, and the interpreter end
/// meanwhile.
template <class Call>
auto call_python(Call call) {
  try {
    return call();
  } catch (abi::__forced_unwind&) {
    stay_until_exit();
  }
}

/// What `work` gives, while other threads of Python run. It touches no Python object.
template <class Work>
auto without_gil(Work work) {
  const GilRelease release;
  return work();
}

}  // namespace neve::python
