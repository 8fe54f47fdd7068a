#include "pipelines/python_stage.hpp"

#include <nanobind/stl/string.h>

#include <utility>

#include <neve/base/error.hpp>

#include "interpreter/errors.hpp"
#include "interpreter/gil.hpp"
#include "pipelines/context_object.hpp"
#include "pipelines/raised_log.hpp"
#include "pipelines/stage_interrupt.hpp"
#include "values/json_values.hpp"
#include "values/state_value.hpp"

namespace nb = nanobind;

namespace neve::python {
namespace {

/// What a stage raised, as the runner knows failures; neve's own errors keep their code. Needs the GIL.
Error error_from(nb::python_error& raised) {
  if (const auto own = own_error(raised)) return *own;
  const nb::handle exception = raised.value();
  const std::string text = text_from_python(nb::str(exception));
  return {ErrorCode::stage_failed, type_of_value(exception) + (text.empty() ? "" : ": " + text)};
}

/// What was computed under a version that is another by now is nobody's later.
void keep_out_if_changed(const GilObject& version_now, const std::string& version, StageContext& context) {
  const nb::object objection = version_now.get().attr("objection_to")(version);
  if (!objection.is_none()) context.keep_out(text_from_python(objection));
}

}  // namespace

StagePtr PythonStage::for_run() const {
  if (traits_.version_now == nullptr) return nullptr;
  const GilAcquire acquire;
  try {
    StageTraits traits = traits_;
    const nb::handle version_now = traits_.version_now->get();
    const nb::object version = version_now();
    traits.version = text_from_python(version);
    traits.made_of = json_from_python(version_now.attr("made_of")(version));
    return std::make_shared<PythonStage>(std::move(traits), config_, adapter_);
  } catch (nb::python_error& raised) {
    throw Error(ErrorCode::invalid_argument, error_from(raised).what());
  }
}

Json PythonStage::hashed_besides() const {
  constexpr std::size_t kMost = 16 << 10;  // a recipe that is too long for its entry is left out altogether
  if (traits_.made_of.is_null() || dump_compact_json(traits_.made_of).size() > kMost) return nullptr;
  return {{"source", traits_.made_of}};
}

State PythonStage::run(std::span<const State> inputs, StageContext& context) const {
  const RaisedLog::Place place = RaisedLog::take_place();
  const GilAcquire acquire;
  try {
    nb::list states;
    for (const State& input : inputs) states.append(python_from_state(input));
    const ContextLoan loan(context);
    const nb::object run = adapter_->get().attr("run");
    const nb::handle given = loan.object();
    nb::object result;
    {
      const StageInterrupt interrupt(context.stop_token(), [&loan] { return loan.asks_for_stops(); });
      result = call_python([&] { return run(states, given); });
    }
    State state = state_from_python(result);
    if (traits_.version_now != nullptr) keep_out_if_changed(*traits_.version_now, traits_.version, context);
    return state;
  } catch (nb::python_error& raised) {
    Error error = error_from(raised);
    place.add(error.what(), raised.value());
    throw error;
  }
}

StagePtr PythonStage::with_config(const Json& config) const {
  const GilAcquire acquire;
  try {
    nb::object made = adapter_->get().attr("with_config")(python_from_json(config));
    Json full = json_from_python(made.attr("config"));
    return std::make_shared<PythonStage>(traits_, std::move(full), std::make_shared<GilObject>(std::move(made)));
  } catch (nb::python_error& raised) {
    throw Error(ErrorCode::invalid_argument, error_from(raised).what());
  }
}

}  // namespace neve::python
