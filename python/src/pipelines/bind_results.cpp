#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <neve/base/error.hpp>

#include "pipelines/run_object.hpp"
#include "values/array_values.hpp"
#include "values/json_values.hpp"
#include "values/state_value.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace neve::python {
namespace {

nb::list failures(const RunResult& result) {
  nb::list list;
  for (const StageFailure& failure : result.failures) {
    nb::dict dict;
    dict["node"] = python_from_text(failure.node);
    dict["label"] = python_from_text(failure.label);
    dict["code"] = std::string(to_string(failure.code));
    dict["message"] = python_from_text(failure.message);
    list.append(dict);
  }
  return list;
}

nb::dict metrics_of(const Metrics& metrics) {
  nb::dict dict;
  for (const auto& [name, value] : metrics) dict[python_from_text(name)] = value;
  return dict;
}

nb::dict artifacts_of(const StageResult& result) {
  nb::dict dict;
  for (const Artifact& artifact : result.artifacts) {
    nb::dict one;
    one["kind"] = std::string(to_string(artifact.kind));
    one["partial"] = artifact.partial;
    one["document"] = python_from_json(artifact.document);
    one["preview"] = python_from_json(artifact.preview);
    one["arrays"] = python_from_arrays(artifact.arrays, Writable::no);
    one["file"] = artifact.reference.file;
    dict[python_from_text(artifact.name)] = one;
  }
  return dict;
}

nb::dict provenances(const RunResult& result) {
  nb::dict dict;
  for (const auto& [node, stage] : result.stages) {
    dict[python_from_text(node)] = python_from_json(stage->provenance.to_json());
  }
  return dict;
}

/// Dicts in the order of the columns.
nb::list rows_of(const SweepTable& table) {
  nb::list list;
  for (const std::vector<Json>& row : table.rows) {
    nb::dict dict;
    for (std::size_t i = 0; i < row.size(); ++i) dict[python_from_text(table.columns[i])] = python_from_json(row[i]);
    list.append(dict);
  }
  return list;
}

void bind_run(nb::module_& module) {
  nb::class_<RunObject>(module, "RunResult", "What a run gave. Its arrays are read-only.")
      .def_prop_ro(
          "ok", [](const RunObject& self) { return self.result->ok(); }, "Whether every stage succeeded.")
      .def_prop_ro(
          "pipeline", [](const RunObject& self) { return self.result->pipeline; }, "The pipeline's name.")
      .def_prop_ro(
          "output_node", [](const RunObject& self) { return self.result->output_node; },
          "Id of the last stage; empty if there is no single one.")
      .def_prop_ro(
          "nodes",
          [](const RunObject& self) {
            std::vector<std::string> names;
            for (const auto& [node, stage] : self.result->stages) names.push_back(node);
            return names;
          },
          "Ids of the stages that succeeded.")
      .def_prop_ro(
          "failures", [](const RunObject& self) { return failures(*self.result); },
          nb::sig("def failures(self) -> list[dict[str, str]]"),
          "Stages that failed: node, label of the sweep point, code and message, in the order it happened.")
      .def_prop_ro(
          "metrics", [](const RunObject& self) { return metrics_of(self.result->metrics()); },
          nb::sig("def metrics(self) -> dict[str, float]"), "All metrics as `pipeline.stage.metric`.")
      .def_prop_ro(
          "provenance", [](const RunObject& self) { return provenances(*self.result); },
          nb::sig("def provenance(self) -> dict[str, dict[str, typing.Any]]"),
          "By stage: versions, hashes, seconds, and how the cache took part.")
      .def_prop_ro(
          "report", [](const RunObject& self) { return python_from_json(self.result->report.to_json()); },
          nb::sig("def report(self) -> dict[str, typing.Any]"),
          "What the run did and what the cache saved, stage by stage and in all.")
      .def(
          "_state",
          [](const RunObject& self, const std::string& node) { return python_from_state(self.result->at(node).state); },
          "node"_a, nb::sig("def _state(self, node: str) -> tuple[dict[str, typing.Any], dict[str, typing.Any]]"))
      .def(
          "stage_metrics",
          [](const RunObject& self, const std::string& node) { return metrics_of(self.result->at(node).metrics); },
          "node"_a, nb::sig("def stage_metrics(self, node: str) -> dict[str, float]"), "The metrics of one stage.")
      .def(
          "artifacts",
          [](const RunObject& self, const std::string& node) { return artifacts_of(self.result->at(node)); }, "node"_a,
          nb::sig("def artifacts(self, node: str) -> dict[str, dict[str, typing.Any]]"),
          "The artifacts of one stage by name: kind, document, preview, arrays, file.")
      .def(
          "table", [](const RunObject& self) { return self.result->report.table(); },
          "The report as text, for a terminal.");
}

}  // namespace

void bind_results(nb::module_& module) {
  bind_run(module);
  nb::class_<SweepObject>(module, "SweepResult", "What a sweep gave: one run per point.")
      .def_prop_ro(
          "ok", [](const SweepObject& self) { return self.result->ok(); }, "Whether every stage succeeded.")
      .def_prop_ro(
          "_runs",
          [](const SweepObject& self) {
            nb::list runs;
            for (const SweepRun& run : self.result->runs) {
              runs.append(RunObject{std::shared_ptr<const RunResult>(self.result, &run.result)});
            }
            return runs;
          },
          nb::sig("def _runs(self) -> list[RunResult]"))
      .def_prop_ro(
          "_labels",
          [](const SweepObject& self) {
            nb::list labels;
            for (const SweepRun& run : self.result->runs) labels.append(python_from_text(run.point.label));
            return labels;
          },
          nb::sig("def _labels(self) -> list[str]"))
      .def_prop_ro(
          "rows", [](const SweepObject& self) { return rows_of(self.result->table()); },
          nb::sig("def rows(self) -> list[dict[str, typing.Any]]"),
          "One dict per point: its number, the settings and the metrics; None where a stage failed.")
      .def_prop_ro(
          "report", [](const SweepObject& self) { return python_from_json(self.result->report.to_json()); },
          nb::sig("def report(self) -> dict[str, typing.Any]"), "Every stage that ran, once.")
      .def(
          "csv", [](const SweepObject& self) { return python_from_text(self.result->table().to_csv()); },
          nb::sig("def csv(self) -> str"), "The rows as CSV.");
}

}  // namespace neve::python
