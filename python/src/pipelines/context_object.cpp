#include "pipelines/context_object.hpp"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <neve/base/error.hpp>

#include "values/arguments.hpp"
#include "values/json_values.hpp"
#include "values/numpy_types.hpp"
#include "values/state_value.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace neve::python {
namespace {

void save(const ContextObject& self, nb::handle given_name, nb::handle value) {
  const auto name = argument<std::string>(given_name, "the name of an artifact");
  if (numpy_is_loaded() && NumpyTypes::get().is_array(value)) {
    self.get().save(name, owned_array(value, "artifact '" + name + "'"));
  } else {
    self.get().save(name, json_from_python(value));
  }
}

}  // namespace

StageContext& ContextObject::get() const {
  if (context_ == nullptr) throw Error(ErrorCode::invalid_argument, "the context is used after its stage has returned");
  return *context_;
}

StageContext& ContextObject::asks() {
  asks_for_stops_ = true;
  return get();
}

ContextLoan::ContextLoan(StageContext& context) : object_(nb::cast(ContextObject(&context))) {}

ContextLoan::~ContextLoan() { nb::inst_ptr<ContextObject>(object_)->end(); }

bool ContextLoan::asks_for_stops() const { return nb::inst_ptr<ContextObject>(object_)->asks_for_stops(); }

void bind_context(nb::module_& module) {
  nb::class_<ContextObject>(module, "StageContext",
                            "A stage's line to the run it is part of; valid while the stage runs.")
      .def(
          "metric",
          [](const ContextObject& self, nb::handle name, nb::handle value) {
            auto text = argument<std::string>(name, "the name of a metric");
            const auto number = argument<double>(value, "the metric '" + text + "'");
            self.get().metric(std::move(text), number);
          },
          "name"_a.none(), "value"_a.none(), nb::sig("def metric(self, name: str, value: float) -> None"),
          "Sets a scalar of the result; units belong into the name, as in `energy_j`. Raises InvalidArgumentError for "
          "what is no number or no name.")
      .def("save", &save, "name"_a.none(), "value"_a.none(),
           nb::sig("def save(self, name: str, value: typing.Any) -> None"),
           "Adds an array or a JSON document to the result, and to the recording folder if there is one. Raises "
           "InvalidArgumentError for a value that JSON cannot hold exactly and for a name that was used or is none, "
           "UnsupportedError for an array of objects.")
      .def(
          "image",
          [](const ContextObject& self, nb::handle given_name, nb::handle given) {
            auto name = argument<std::string>(given_name, "the name of an artifact");
            if (!PyBytes_Check(given.ptr()))
              refuse_argument(given, "the picture '" + name + "'", "the bytes of a PNG file");
            const auto png = nb::borrow<nb::bytes>(given);
            const auto* data = static_cast<const std::byte*>(png.data());
            self.get().image(std::move(name), Bytes::copy_of({data, png.size()}));
          },
          "name"_a.none(), "png"_a.none(), nb::sig("def image(self, name: str, png: bytes) -> None"),
          "Adds a finished PNG file to the result. Raises InvalidArgumentError if it is none, or the name was used.")
      .def(
          "warn",
          [](ContextObject& self, nb::handle text) { self.get().warn(argument<std::string>(text, "the warning")); },
          "text"_a.none(), nb::sig("def warn(self, text: str) -> None"),
          "Tells whoever reads the run's report what is amiss with the result. Part of the result: a hit says it "
          "again, so the same inputs must give the same text. Raises InvalidArgumentError for what is no text.")
      .def(
          "progress",
          [](const ContextObject& self, nb::handle fraction, nb::handle text) {
            self.get().progress(argument<double>(fraction, "fraction"), argument<std::string>(text, "text"));
          },
          "fraction"_a.none(), "text"_a.none() = "",
          nb::sig("def progress(self, fraction: float, text: str = '') -> None"),
          "Tells observers how far the stage is, 0 to 1. No part of the result. Raises InvalidArgumentError for what "
          "is no number.")
      .def(
          "checkpoint", [](ContextObject& self) { self.asks().checkpoint(); },
          "Raises CancelledError or TimeoutError if the work should stop: call it in every outer loop. A stage that "
          "never "
          "asks is interrupted by StageStopped instead.")
      .def_prop_ro(
          "stop_requested", [](ContextObject& self) { return self.asks().stop_requested(); },
          "Whether the work should stop.")
      .def_prop_ro(
          "policy", [](const ContextObject& self) { return python_from_json(self.get().policy()); },
          nb::sig("def policy(self) -> dict[str, typing.Any] | None"), "The run's policy; None if there is none.")
      .def_prop_ro(
          "node", [](const ContextObject& self) { return self.get().node(); }, "The stage's id in its pipeline.")
      .def_prop_ro(
          "inputs", [](const ContextObject& self) { return self.get().inputs(); }, "Names of the inputs, in order.")
      .def_prop_ro(
          "cpu", [](const ContextObject& self) { return self.get().slots().cpu; }, "How many threads were granted.");
}

}  // namespace neve::python
