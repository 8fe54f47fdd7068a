#include "codec/second_thread.hpp"

#include <atomic>
#include <system_error>

namespace neve {
namespace {

std::atomic<unsigned> second_threads{0};

unsigned most_second_threads() {
  static const unsigned processors = std::thread::hardware_concurrency();
  return processors > 1 ? processors - 1 : 0;
}

}  // namespace

SecondThread::SecondThread(bool worthwhile, std::function<void()> work) {
  if (!worthwhile) return;
  if (second_threads.fetch_add(1) < most_second_threads()) {
    try {
      thread_ = std::thread(std::move(work));
      return;
    } catch (const std::system_error&) {
      // No thread to be had: the caller works alone.
    }
  }
  second_threads.fetch_sub(1);
}

SecondThread::~SecondThread() {
  if (!thread_.joinable()) return;
  thread_.join();
  second_threads.fetch_sub(1);
}

}  // namespace neve
