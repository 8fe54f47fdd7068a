#include "codec/helper_thread.hpp"

#include <atomic>
#include <system_error>

namespace neve {
namespace {

std::atomic<unsigned> helpers{0};

unsigned most_helpers() {
  static const unsigned processors = std::thread::hardware_concurrency();
  return processors > 1 ? processors - 1 : 0;
}

}  // namespace

HelperThread::HelperThread(bool worthwhile, std::function<void()> work) {
  if (!worthwhile) return;
  if (helpers.fetch_add(1) < most_helpers()) {
    try {
      thread_ = std::thread(std::move(work));
      return;
    } catch (const std::system_error&) {
      // No thread to be had: the caller works alone.
    }
  }
  helpers.fetch_sub(1);
}

HelperThread::~HelperThread() {
  if (!thread_.joinable()) return;
  thread_.join();
  helpers.fetch_sub(1);
}

}  // namespace neve
