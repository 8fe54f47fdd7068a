#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <chrono>
#include <cmath>

#include <neve/base/error.hpp>
#include <neve/pipeline/stage_registry.hpp>

#ifdef NEVE_HAS_OPTICS
#include <neve/optics/stages.hpp>
#endif

#include "pipelines/python_stage.hpp"
#include "pipelines/stage_library.hpp"
#include "values/arguments.hpp"
#include "values/json_values.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace neve::python {
namespace {

/// `version` is a text, or a VersionBySource.
StageObject python_stage(nb::object adapter, std::string op_name, nb::object version,
                         std::optional<std::size_t> input_count) {
  Json config = json_from_python(adapter.attr("config"));
  StageTraits traits{std::move(op_name), {}, nullptr, nullptr, input_count, {}};
  if (nb::isinstance<nb::str>(version)) {
    traits.version = text_from_python(version);
  } else {
    traits.version = text_from_python(version());
    traits.version_now = std::make_shared<GilObject>(std::move(version));
  }
  auto held = std::make_shared<GilObject>(std::move(adapter));
  return {std::make_shared<PythonStage>(std::move(traits), std::move(config), std::move(held))};
}

nb::object stage_fields(nb::handle given) {
  const std::string name = argument<std::string>(given, "the name of a stage");
  Json fields = Json::array();
  for (const FieldInfo& field : stage_library().kind(name).config_schema) fields.push_back(field);
  return python_from_json(fields);
}

}  // namespace

const StageRegistry& stage_library() {
  static const StageRegistry& library = *[] {
    auto* made = new StageRegistry();  // stages may be in use while the process ends
#ifdef NEVE_HAS_OPTICS
    optics::register_stages(*made);
#endif
    return made;
  }();
  return library;
}

void bind_stage(nb::module_& module) {
  nb::class_<StageObject>(module, "Stage", "A stage that pipelines can hold.")
      .def_prop_ro(
          "op_name", [](const StageObject& self) { return self.stage->op_name(); }, "What it does.")
      .def_prop_ro(
          "version", [](const StageObject& self) { return self.stage->version(); },
          "Which way of doing it; enters the key.")
      .def_prop_ro(
          "config", [](const StageObject& self) { return python_from_json(self.stage->config()); },
          nb::sig("def config(self) -> dict[str, typing.Any]"), "Every setting, defaults filled in.")
      .def_prop_ro(
          "input_count", [](const StageObject& self) { return self.stage->input_count(); },
          "How many inputs it takes; None: any number.");
  module.def(
      "python_stage", &python_stage, "adapter"_a, "op_name"_a, "version"_a, "input_count"_a.none(),
      nb::sig("def python_stage(adapter: object, op_name: str, version: str | collections.abc.Callable[[], str], "
              "input_count: int | None) -> Stage"));
  module.def(
      "compiled_stage",
      [](const std::string& name, nb::handle config) {
        return StageObject{stage_library().make(name, json_from_python(config))};
      },
      "name"_a, "config"_a);
  module.def(
      "stage_names", [] { return stage_library().names(); }, "The compiled stages there are.");
  module.def("stage_fields", &stage_fields, "name"_a.none(),
             nb::sig("def stage_fields(name: str) -> list[dict[str, typing.Any]]"),
             "The settings of a compiled stage: name, type, default, unit, constraints. Raises InvalidArgumentError "
             "with the nearest name for what it does not have.");
}

}  // namespace neve::python
