#include "interpreter/interruptible.hpp"

#include <chrono>
#include <exception>
#include <future>
#include <optional>
#include <thread>

#include <nanobind/nanobind.h>

#include "interpreter/gil.hpp"

namespace nb = nanobind;

namespace neve::python {

void run_interruptibly(const std::function<void(std::stop_token)>& work) {
  constexpr std::chrono::milliseconds kBetweenLooks(50);  // a person does not notice, and neither does the work
  std::stop_source stop;
  std::packaged_task<void()> task([&] { work(stop.get_token()); });
  std::future<void> done = task.get_future();
  std::optional<nb::python_error> raised;
  {
    const GilRelease release;
    const std::jthread worker(std::move(task));
    while (done.wait_for(kBetweenLooks) != std::future_status::ready) {
      const GilAcquire acquire;
      if (!raised && PyErr_CheckSignals() != 0) {
        raised.emplace();
        stop.request_stop();
      }
    }
  }
  if (raised) throw std::move(*raised);
  done.get();
}

}  // namespace neve::python
