#include "interpreter/require_stack.hpp"

#include <nanobind/nanobind.h>

#include <cstddef>

#include <pthread.h>

namespace nb = nanobind;

namespace neve::python {
namespace {

constexpr std::size_t kReserve = 256 * 1024;  // for what looks into the cache, and for Python in between

/// The lowest address of this thread's stack; null if that cannot be told.
const std::byte* lowest_address() {
  pthread_attr_t attributes;
  if (::pthread_getattr_np(::pthread_self(), &attributes) != 0) return nullptr;
  void* lowest = nullptr;
  std::size_t size = 0;
  if (::pthread_attr_getstack(&attributes, &lowest, &size) != 0) lowest = nullptr;
  ::pthread_attr_destroy(&attributes);
  return static_cast<const std::byte*>(lowest);
}

}  // namespace

void require_stack() {
  thread_local const std::byte* const lowest = lowest_address();
  const auto* here = static_cast<const std::byte*>(__builtin_frame_address(0));
  if (lowest == nullptr || here < lowest || static_cast<std::size_t>(here - lowest) > kReserve) return;
  PyErr_SetString(PyExc_RecursionError,
                  "memoised calls within each other use up the stack of this thread; start one with a larger "
                  "threading.stack_size, or compute the smaller cases first");
  throw nb::python_error();
}

}  // namespace neve::python
