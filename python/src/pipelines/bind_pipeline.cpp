#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/set.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <set>
#include <string>

#include <neve/base/error.hpp>
#include <neve/base/url.hpp>
#include <neve/pipeline/nearest_result.hpp>
#include <neve/pipeline/recipe_probe.hpp>
#include <neve/pipeline/recorder.hpp>
#include <neve/pipeline/run.hpp>
#include <neve/pipeline/sweep.hpp>

#include "caching/cache_handle.hpp"
#include "interpreter/interruptible.hpp"
#include "pipelines/bind_pipeline.hpp"
#include "pipelines/graph_object.hpp"
#include "pipelines/python_stage.hpp"
#include "pipelines/raised_log.hpp"
#include "pipelines/run_object.hpp"
#include "values/arguments.hpp"
#include "values/json_values.hpp"
#include "values/state_value.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace neve::python {
namespace {

/// `dict` holds what neve.Pipeline.run was given; see python/neve/_pipelines/pipeline.py.
template <class T>
std::optional<T> given(const nb::dict& dict, const char* name) {
  if (!dict.contains(name) || nb::object(dict[name]).is_none()) return std::nullopt;
  return argument<T>(nb::object(dict[name]), name);
}

std::chrono::milliseconds milliseconds_from(double seconds, const char* name) {
  if (!(seconds >= 0) || seconds > 1e10) {
    throw Error(ErrorCode::invalid_argument, std::string(name) + " is " + python_repr(seconds) + "; give seconds");
  }
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(seconds * 1000)));
}

/// Everything a run borrows, alive until it has returned.
class RunSetting {
 public:
  explicit RunSetting(const nb::dict& how) {
    if (how.contains("cache") && !nb::object(how["cache"]).is_none()) {
      auto& handle = nb::cast<CacheHandle&>(how["cache"]);
      cache_ = handle.backend();
      flight_ = handle.flight();
      folder_ = handle.folder();
      options_.cache = cache_->name() == "none" ? nullptr : cache_.get();
      options_.flight = flight_.get();
    }
    if (const auto record = given<std::string>(how, "record")) {
      recorder_.emplace(*record, FolderRecorderOptions{.temporary_folder = std::filesystem::temp_directory_path()});
      options_.recorder = &*recorder_;
    }
    if (how.contains("policy")) options_.policy = json_from_python(how["policy"]);
    if (how.contains("input") && !nb::object(how["input"]).is_none()) options_.input = state_from_python(how["input"]);
    if (how.contains("recompute") && !nb::object(how["recompute"]).is_none())
      options_.recompute = nb::cast<std::set<std::string>>(how["recompute"]);
    options_.capacity.cpu = given<unsigned>(how, "jobs").value_or(0);
    options_.capacity.gpu = given<unsigned>(how, "gpus").value_or(0);
    if (const auto memory = given<std::string>(how, "memory"))
      options_.capacity.memory_bytes = parse_byte_size(*memory);
    if (given<bool>(how, "fail_fast").value_or(false)) options_.on_failure = OnFailure::cancel_others;
    if (given<bool>(how, "mapped").value_or(false)) options_.placement = Placement::mapped;
    if (const auto keep = given<std::string>(how, "keep")) options_.keep = keep_from(*keep);
    raised_.emplace(nb::cast<nb::list>(how["raised"]));
    options_.observer = &*raised_;
  }
  RunSetting(const RunSetting&) = delete;  // the options look into it
  RunSetting& operator=(const RunSetting&) = delete;

  /// The folder behind the cache; null if there is none.
  [[nodiscard]] DiskCache* folder() const noexcept { return folder_; }

  [[nodiscard]] RunOptions options(std::stop_token stop) const {
    RunOptions options = options_;
    options.stop = std::move(stop);
    return options;
  }

 private:
  static KeepStates keep_from(const std::string& text) {
    if (text == "all") return KeepStates::all;
    if (text == "output") return KeepStates::output;
    if (text == "none") return KeepStates::none;
    throw Error(ErrorCode::invalid_argument, "keep is '" + text + "'; it is 'all', 'output' or 'none'");
  }

  RunOptions options_;
  std::shared_ptr<Observed> cache_;
  std::shared_ptr<FlightControl> flight_;
  DiskCache* folder_ = nullptr;  ///< in `cache_`
  std::optional<FolderRecorder> recorder_;
  std::optional<RaisedLog> raised_;
};

/// A run is of values that somebody gave.
void require_given(const GraphObject& self, const std::vector<std::string>& swept) {
  for (const std::string& setting : self.swept_only) {
    if (std::find(swept.begin(), swept.end(), setting) != swept.end()) continue;
    throw Error(ErrorCode::invalid_argument, "pipeline '" + self.graph.name() + "': '" + setting +
                                                 "' has values in its sweep only, and needs one for this; set it, or "
                                                 "call sweep()");
  }
}

RunObject run_graph(const GraphObject& self, const nb::dict& how) {
  require_given(self, {});
  const RunSetting setting(how);
  RunObject object;
  run_interruptibly([&](std::stop_token stop) {
    object.result = std::make_shared<const RunResult>(try_run(self.graph, setting.options(std::move(stop))));
  });
  return object;
}

nb::dict told_of(const ProbedStage& stage, const std::optional<NearestResult>& nearest) {
  nb::dict dict;
  dict["outcome"] = std::string(to_string(stage.state));
  dict["key"] = stage.key;
  dict["reason"] = python_from_text(stage.reason);
  nb::list waits_for;
  for (const std::string& node : stage.waits_for) waits_for.append(python_from_text(node));
  dict["waits_for"] = waits_for;
  nb::list changes;
  if (nearest) {
    for (const std::string& change : nearest->changes) changes.append(python_from_text(change));
  }
  dict["changes"] = changes;
  dict["nearest"] = nearest ? nb::object(nb::str(nearest->key.text().c_str())) : nb::none();
  return dict;
}

/// By node what a run would find, and of what is missing what has changed, if the cache can be listed.
nb::dict why_graph(const GraphObject& self, const nb::dict& how) {
  require_given(self, {});
  const RunSetting setting(how);
  std::vector<ProbedStage> stages;
  std::vector<std::optional<NearestResult>> nearest;
  run_interruptibly([&](std::stop_token stop) {
    stages = probe_recipes(self.graph, setting.options(std::move(stop)));
    nearest.resize(stages.size());
    const auto missing = [](const ProbedStage& stage) { return stage.state == ProbedStage::State::missing; };
    if (setting.folder() == nullptr || std::none_of(stages.begin(), stages.end(), missing)) return;
    const StoredRecipes stored(*setting.folder());
    for (std::size_t i = 0; i < stages.size(); ++i) {
      if (missing(stages[i])) nearest[i] = stored.nearest_to(stages[i].recipe);
    }
  });
  nb::dict told;
  for (std::size_t i = 0; i < stages.size(); ++i)
    told[python_from_text(stages[i].node)] = told_of(stages[i], nearest[i]);
  return told;
}

SweepObject sweep_graph(const GraphObject& self, const nb::object& axes, const nb::dict& how) {
  Sweep sweep = self.sweep;
  for (const nb::handle axis : axes) {
    std::vector<std::pair<std::string, std::vector<Json>>> paths;
    for (const nb::handle path : axis) {
      std::string setting = nb::cast<std::string>(nb::object(path[0]));
      const JsonPath root;
      const JsonPath place(root, setting);
      std::vector<Json> values;
      for (const nb::handle value : nb::object(path[1])) {
        values.push_back(json_from_python(value, JsonPath(place, values.size())));
      }
      paths.emplace_back(std::move(setting), std::move(values));
    }
    sweep.together(std::move(paths));
  }
  require_given(self, sweep.paths());
  const RunSetting setting(how);
  SweepObject object;
  run_interruptibly([&](std::stop_token stop) {
    object.result = std::make_shared<const SweepResult>(run_sweep(self.graph, sweep, setting.options(std::move(stop))));
  });
  return object;
}

NodeOptions node_options(const nb::dict& how, const AnyStage& stage) {
  NodeOptions options;
  if (how.contains("cpu") || how.contains("gpu") || how.contains("memory")) {
    Slots slots = stage.requirements().slots;
    slots.cpu = given<unsigned>(how, "cpu").value_or(slots.cpu);
    slots.gpu = given<unsigned>(how, "gpu").value_or(slots.gpu);
    if (const auto memory = given<std::string>(how, "memory")) slots.memory_bytes = parse_byte_size(*memory);
    options.slots = slots;
  }
  if (const auto seconds = given<double>(how, "timeout_s")) options.timeout = milliseconds_from(*seconds, "timeout_s");
  if (const auto attempts = given<unsigned>(how, "attempts")) options.retry = RetryPolicy{.attempts = *attempts};
  if (!given<bool>(how, "cached").value_or(true)) options.caching = Caching::off;
  return options;
}

}  // namespace

void bind_pipeline(nb::module_& module) {
  nb::class_<GraphObject>(module, "Graph", "Stages and what each needs.")
      .def(
          "__init__", [](GraphObject* self, std::string name) { new (self) GraphObject{Graph(std::move(name))}; },
          "name"_a)
      .def(
          "add",
          [](GraphObject& self, std::string id, const StageObject& stage, std::vector<std::string> needs,
             nb::dict how) {
            self.graph.add(std::move(id), stage.stage, std::move(needs), node_options(how, *stage.stage));
          },
          "id"_a, "stage"_a, "needs"_a, "how"_a,
          nb::sig("def add(self, id: str, stage: Stage, needs: collections.abc.Sequence[str], how: dict[str, "
                  "typing.Any]) -> None"))
      .def(
          "add_graph",
          [](GraphObject& self, std::string id, const GraphObject& inner, std::vector<std::string> needs) {
            require_given(inner, {});
            self.graph.add(std::move(id), inner.graph, std::move(needs));
          },
          "id"_a, "inner"_a, "needs"_a)
      .def(
          "set_output", [](GraphObject& self, std::string id) { self.graph.set_output(std::move(id)); }, "id"_a)
      .def(
          "set",
          [](GraphObject& self, const std::string& path, nb::handle value) {
            const JsonPath root;
            self.graph.set(path, json_from_python(value, JsonPath(root, path)));
            std::erase_if(self.swept_only, [&path](const std::string& setting) {
              return setting == path || lies_within(setting, path);
            });
          },
          "path"_a, "value"_a.none())
      .def("check", [](const GraphObject& self) { self.graph.check(); })
      .def_prop_ro("name", [](const GraphObject& self) { return self.graph.name(); })
      .def_prop_ro(
          "policy", [](const GraphObject& self) { return python_from_json(self.policy); },
          nb::sig("def policy(self) -> dict[str, typing.Any] | None"))
      .def_prop_ro("swept", [](const GraphObject& self) { return self.sweep.paths(); })
      .def_prop_ro(
          "stages",
          [](const GraphObject& self) {
            nb::dict stages;
            for (const Node& node : self.graph.nodes()) stages[python_from_text(node.id)] = StageObject{node.stage};
            return stages;
          },
          nb::sig("def stages(self) -> dict[str, Stage]"))
      .def("run", &run_graph, "how"_a, nb::sig("def run(self, how: dict[str, typing.Any]) -> RunResult"))
      .def("why", &why_graph, "how"_a,
           nb::sig("def why(self, how: dict[str, typing.Any]) -> dict[str, dict[str, typing.Any]]"))
      .def("run_sweep", &sweep_graph, "axes"_a, "how"_a,
           nb::sig("def run_sweep(self, axes: object, how: dict[str, typing.Any]) -> SweepResult"));
}

}  // namespace neve::python
