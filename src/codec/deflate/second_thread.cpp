#include "codec/deflate/second_thread.hpp"

#include <pthread.h>

#include <system_error>
#include <thread>
#include <utility>

#include <neve/base/usable_processors.hpp>

namespace neve {
namespace {

std::atomic<unsigned> second_threads{0};

/// A forked child has none of the threads that its parent counted.
[[maybe_unused]] const int registered = ::pthread_atfork(nullptr, nullptr, [] { second_threads = 0; });

unsigned most_second_threads() { return usable_processors() - 1; }

}  // namespace

bool start_second_thread(std::function<void()> work) {
  if (second_threads.fetch_add(1) < most_second_threads()) {
    try {
      std::thread([work = std::move(work)] {
        work();
        second_threads.fetch_sub(1);
      }).detach();
      return true;
    } catch (const std::system_error&) {
      // No thread to be had: the caller works alone.
    }
  }
  second_threads.fetch_sub(1);
  return false;
}

SecondThread::SecondThread(bool worthwhile, std::function<void()> work)
    : started_(worthwhile && start_second_thread([state = work_, work = std::move(work)] {
                 Work expected = Work::expected;
                 if (!state->compare_exchange_strong(expected, Work::begun)) return;
                 work();
                 *state = Work::ended;
                 state->notify_one();
               })) {}

SecondThread::~SecondThread() {
  Work expected = Work::expected;
  if (started_ && !work_->compare_exchange_strong(expected, Work::called_off)) work_->wait(Work::begun);
}

}  // namespace neve
