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
    if (asks_itself_()) return;
    raised_ = true;
    PyThreadState_SetAsyncExc(thread_, type_.ptr());
  });
}

StageInterrupt::~StageInterrupt() {
  without_gil([&] { callback_.reset(); });  // waits for a request that is under way, which waits for the GIL
  if (raised_) take_what_is_pending();
}

/// The thread's next stage is not meant. The exception is raised here if it was not in the stage. To take it back by
/// PyThreadState_SetAsyncExc would leave Python looking for one that is not there: 3.11 never gets any further then
/// while it is profiled or traced.
void StageInterrupt::take_what_is_pending() {
  try {
    call_python([&] { return nb::module_::import_("neve.errors").attr("_step")(); });
  } catch (nb::python_error& raised) {
    if (!raised.matches(type_)) raised.discard_as_unraisable("the end of a stage");
  }
}

}  // namespace neve::python
