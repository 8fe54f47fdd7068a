#include <nanobind/nanobind.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <neve/base/error.hpp>
#include <neve/base/file.hpp>
#include <neve/dataset/analysis/artifacts.hpp>
#include <neve/dataset/option_words.hpp>

#include "datasets/store_object.hpp"
#include "interpreter/errors.hpp"
#include "interpreter/gil.hpp"
#include "interpreter/interruptible.hpp"
#include "values/arguments.hpp"
#include "values/json_values.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace neve::python {
namespace {

using dataset::AddOptions;
using dataset::AddResult;
using dataset::AnalysisAnswer;
using dataset::ConcentrationParams;
using dataset::DatasetRecord;

template <class T>
void take(T& into, const nb::dict& how, const char* name) {
  if (how.contains(name)) into = argument<T>(nb::object(how[name]), name);
}

std::optional<char> character(const nb::dict& how, const char* name, char (*parse)(std::string_view)) {
  if (!how.contains(name)) return std::nullopt;
  return parse(argument<std::string>(nb::object(how[name]), name));
}

AddOptions add_options(const nb::dict& how) {
  AddOptions options;
  take(options.id, how, "id");
  take(options.name, how, "name");
  take(options.sheet, how, "sheet");
  take(options.encoding, how, "encoding");
  take(options.unpivot, how, "unpivot");
  options.delimiter = character(how, "delimiter", dataset::parse_delimiter);
  options.quote = character(how, "quote", dataset::parse_quote);
  if (how.contains("decimal")) {
    options.decimal_mark = dataset::parse_decimal_mark(argument<std::string>(nb::object(how["decimal"]), "decimal"));
  }
  std::string totals = "exclude";
  take(totals, how, "totals");
  options.total_rows = dataset::parse_total_rows_use(totals);
  if (how.contains("header_row")) {
    options.header_row = argument<std::uint64_t>(nb::object(how["header_row"]), "header_row");
  }
  std::string order = "auto";
  take(order, how, "date_order");
  options.date_order = dataset::parse_date_order(order);
  std::map<std::string, std::string> types;
  take(types, how, "types");
  for (const auto& [column, type] : types) options.types[column] = dataset::parse_column_type(type);
  return options;
}

/// The record as JSON, and where its normalised table is.
Json record_json(const DatasetRecord& record) {
  Json json = record.to_json();
  json["normalized"] = record.normalized.string();
  return json;
}

nb::object add(StoreObject& self, const std::string& file, const nb::dict& how) {
  AddOptions options = add_options(how);
  std::optional<AddResult> result;
  run_interruptibly([&](std::stop_token stop) {
    options.stop = std::move(stop);
    result = self.store().add(file, options);
    self.analyses().dataset_changed(result->record, result->schema);
  });
  Json json = record_json(result->record);
  json["changed"] = result->changed;
  json["replaced"] = result->replaced;
  json["schema"] = result->schema.to_json();
  return python_from_json(json);
}

nb::object list(const StoreObject& self) {
  return python_from_json(without_gil([&] {
    Json json = Json::array();
    for (const DatasetRecord& record : self.store().list()) json.push_back(record_json(record));
    return json;
  }));
}

/// The answer's own words beside the document's text, which Python parses without losing digits.
nb::object analyze(StoreObject& self, const std::string& id, const ConcentrationParams& params, bool again) {
  AnalysisAnswer answer;
  std::string csv;
  run_interruptibly([&](std::stop_token stop) {
    answer = self.analyses().concentration(
        id, params, [&stop] { return stop; }, again ? dataset::Lookup::bypass : dataset::Lookup::normal);
    csv = to_csv_text(dataset::read_analysis_document(answer.document.text()));
  });
  nb::dict dict;
  dict["dataset_id"] = answer.dataset_id;
  dict["generation"] = answer.generation;
  dict["key"] = answer.params_hash;
  dict["source"] = std::string(to_string(answer.source));
  dict["lookup_s"] = answer.lookup_s;
  dict["compute_s"] = answer.compute_s;
  dict["text"] = python_from_text(answer.document.text());
  dict["csv"] = python_from_text(csv);
  nb::dict files;
  for (const dataset::ArtifactFile& file : answer.files) {
    files[file.format.c_str()] = self.analyses().locate(file).string();
  }
  dict["files"] = files;
  return dict;
}

void bind_store(nb::module_& module) {
  nb::class_<StoreObject>(module, "Store", "Datasets in a folder.")
      .def(nb::init<const std::string&, const std::string&>(), "root"_a, "cache_url"_a)
      .def("add", &add, "file"_a, "how"_a,
           nb::sig("def add(self, file: str, how: dict[str, typing.Any]) -> dict[str, typing.Any]"))
      .def("list", &list, nb::sig("def list(self) -> list[dict[str, typing.Any]]"))
      .def(
          "find",
          [](const StoreObject& self, const std::string& id) {
            return python_from_json(without_gil([&] { return record_json(self.store().find(id)); }));
          },
          "id"_a, nb::sig("def find(self, id: str) -> dict[str, typing.Any]"))
      .def(
          "intact_table",
          [](const StoreObject& self, const std::string& id) {
            return without_gil([&] {
              const auto record = self.store().current(id);
              self.store().require_intact_table(*record);
              return record->normalized.string();
            });
          },
          "id"_a, nb::sig("def intact_table(self, id: str) -> str"))
      .def(
          "schema",
          [](const StoreObject& self, const std::string& id) {
            return python_from_json(without_gil([&] { return self.store().schema(self.store().find(id)).to_json(); }));
          },
          "id"_a, nb::sig("def schema(self, id: str) -> dict[str, typing.Any]"))
      .def(
          "lineage",
          [](const StoreObject& self, const std::string& id) {
            return python_from_json(without_gil([&] { return self.store().lineage(self.store().find(id)); }));
          },
          "id"_a, nb::sig("def lineage(self, id: str) -> dict[str, typing.Any]"))
      .def(
          "remove",
          [](StoreObject& self, const std::string& id) {
            without_gil([&] {
              self.store().remove(id);
              self.analyses().dataset_removed(id);
            });
          },
          "id"_a)
      .def(
          "analyze",
          [](StoreObject& self, const std::string& id, std::string group_by, std::string value,
             const std::string& grain, const std::string& thresholds, std::string filter, bool again) {
            const ConcentrationParams params{std::move(group_by), std::move(value), dataset::parse_grain(grain),
                                             dataset::parse_thresholds(thresholds), std::move(filter)};
            return analyze(self, id, params, again);
          },
          "id"_a, "group_by"_a, "value"_a, "grain"_a, "thresholds"_a, "filter"_a, "again"_a,
          nb::sig("def analyze(self, id: str, group_by: str, value: str, grain: str, thresholds: str, filter: str, "
                  "again: bool) -> dict[str, typing.Any]"));
}

}  // namespace
}  // namespace neve::python

// The extension behind `neve.datasets`, apart from the other because it needs DuckDB.
NB_MODULE(_datasets, module) {
  nanobind::set_leak_warnings(false);
  neve::python::register_errors();
  neve::python::bind_store(module);
}
