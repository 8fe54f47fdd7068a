#include "pipelines/stage_interrupt.hpp"

#include <utility>

#include "interpreter/gil.hpp"

namespace nb = nanobind;

namespace neve::python {

StageInterrupt::StageInterrupt(const std::stop_token& stop, std::function<bool()> asks_itself)
    : type_(nb::module_::import_("neve.errors").attr("StageStopped")),
      thread_(PyThread_get_thread_ident()),
      asks_itself_(std::move(asks_itself)) {
  callback_.emplace(stop, [this] {
    const GilAcquire acquire;
    if (!asks_itself_()) PyThreadState_SetAsyncExc(thread_, type_.ptr());
  });
}

StageInterrupt::~StageInterrupt() {
  without_gil([&] { callback_.reset(); });      // waits for a request that is under way, which waits for the GIL
  PyThreadState_SetAsyncExc(thread_, nullptr);  // the thread's next stage is not meant
}

}  // namespace neve::python
