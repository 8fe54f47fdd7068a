#include "pipelines/raised_log.hpp"

#include <utility>

#include "values/json_values.hpp"

namespace nb = nanobind;

namespace neve::python {
namespace {

thread_local RaisedLog::Place begun;

}  // namespace

void RaisedLog::stage_started(const StageEvent& stage, unsigned /*attempt*/) {
  begun = {this, &stage.node, &stage.label};
}

RaisedLog::Place RaisedLog::take_place() noexcept { return std::exchange(begun, {}); }

void RaisedLog::Place::add(const std::string& text, nb::handle exception) const {
  if (log == nullptr) return;
  log->list_.append(
      nb::make_tuple(python_from_text(*node), python_from_text(*label), python_from_text(text), exception));
}

}  // namespace neve::python
