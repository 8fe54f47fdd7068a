#pragma once

#include <pthread.h>

#include <stdexcept>

namespace neve {

/// While one lives the process cannot start threads, as where a container or a user may have no more: each would want
/// more memory than there are addresses. The process's own, so one at a time.
class NoMoreThreads {
 public:
  NoMoreThreads() {
    if (::pthread_getattr_default_np(&usual_) != 0) throw std::runtime_error("the attributes of threads are not told");
    pthread_attr_t attributes;
    ::pthread_attr_init(&attributes);
    ::pthread_attr_setstacksize(&attributes, std::size_t{1} << 47U);
    const int error = ::pthread_setattr_default_np(&attributes);
    ::pthread_attr_destroy(&attributes);
    if (error != 0) throw std::runtime_error("the attributes of threads cannot be set");
  }
  ~NoMoreThreads() {
    (void)::pthread_setattr_default_np(&usual_);
    ::pthread_attr_destroy(&usual_);
  }
  NoMoreThreads(const NoMoreThreads&) = delete;
  NoMoreThreads& operator=(const NoMoreThreads&) = delete;

 private:
  pthread_attr_t usual_{};
};

}  // namespace neve
