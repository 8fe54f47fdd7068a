#include "codec/deflate/shared_work.hpp"

#include <exception>
#include <mutex>

#include "codec/deflate/second_thread.hpp"

namespace neve {

void share_work(std::size_t count, bool worthwhile, const std::function<void(WorkQueue&)>& work) {
  WorkQueue queue(count);
  std::mutex mutex;
  std::exception_ptr failure;
  const auto guarded = [&]() noexcept {
    try {
      work(queue);
    } catch (...) {
      queue.cancel();
      const std::lock_guard lock(mutex);
      if (!failure) failure = std::current_exception();
    }
  };
  {
    const SecondThread second(worthwhile && count > 1, guarded);
    guarded();
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace neve
