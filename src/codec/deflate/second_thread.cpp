#include "codec/deflate/second_thread.hpp"

#include <system_error>
#include <utility>

namespace neve {
namespace {

std::atomic<unsigned> second_threads{0};

const unsigned processors = std::thread::hardware_concurrency();

unsigned most_second_threads() { return processors > 1 ? processors - 1 : 0; }

}  // namespace

SecondThread::SecondThread(bool worthwhile, std::function<void()> work) {
  if (!worthwhile) return;
  if (second_threads.fetch_add(1) < most_second_threads()) {
    try {
      thread_ = std::thread([state = work_, work = std::move(work)] {
        Work expected = Work::expected;
        if (state->compare_exchange_strong(expected, Work::begun)) work();
        second_threads.fetch_sub(1);
      });
      return;
    } catch (const std::system_error&) {
      // No thread to be had: the caller works alone.
    }
  }
  second_threads.fetch_sub(1);
}

SecondThread::~SecondThread() {
  if (!thread_.joinable()) return;
  Work expected = Work::expected;
  if (work_->compare_exchange_strong(expected, Work::called_off)) {
    thread_.detach();
  } else {
    thread_.join();
  }
}

}  // namespace neve
