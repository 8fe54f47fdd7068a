#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <neve/base/digest.hpp>

#include "calls/call_table.hpp"
#include "values/json_values.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace neve::python {
namespace {

/// SHA-256 over the compact JSON of a value with its arrays' digests: equal values, equal digests.
std::string value_digest(nb::handle value, nb::handle describe) {
  ValueEncoder encoder(ArraysAs::digests, describe);
  const Json json = encoder.encode(value);
  return encoder.aside([&] { return sha256_hex(dump_compact_json(json)); });
}

nb::tuple encode_value(nb::handle value, nb::handle describe) {
  ValueEncoder encoder(ArraysAs::names, describe);
  const Json json = encoder.encode(value);
  nb::dict arrays;
  for (const auto& [name, array] : encoder.originals()) arrays[python_from_text(name)] = array;
  return nb::make_tuple(python_from_json(json), arrays);
}

nb::object decode_python_value(nb::handle json, nb::dict arrays, nb::handle restore) {
  const ArraySource source = [&](const std::string& name) {
    const nb::object key = python_from_text(name);
    return arrays.contains(key) ? nb::object(arrays[key]) : nb::object();
  };
  return decode_value(json_from_python(json), source, restore);
}

Placement placement_if(bool mapped) { return mapped ? Placement::mapped : Placement::owned; }

std::vector<std::string> explain(const std::string& before, const std::string& after) {
  return explain_difference(KeyRecipe::from_json(parse_json(before)), KeyRecipe::from_json(parse_json(after)));
}

}  // namespace

void bind_calls(nb::module_& module) {
  module.def("value_digest", &value_digest, "value"_a.none(), "describe"_a,
             "SHA-256 of the value's encoded form; raises UnsupportedError for what has none.");
  module.def("encode_value", &encode_value, "value"_a.none(), "describe"_a,
             nb::sig("def encode_value(value: object, describe: object) -> "
                     "tuple[typing.Any, dict[str, numpy.typing.NDArray[typing.Any]]]"),
             "The value as JSON and arrays: docs/formats/python-values.md.");
  module.def("decode_value", &decode_python_value, "json"_a.none(), "arrays"_a, "restore"_a,
             nb::sig("def decode_value(json: object, arrays: dict[str, typing.Any], restore: object) -> typing.Any"),
             "The value that encode_value took apart.");
  module.def("explain_difference", &explain, "before"_a, "after"_a, "What differs between two recipes, a line each.");

  nb::class_<CallTable>(module, "CallTable", "The stored calls of one function.")
      .def(
          "__init__",
          [](CallTable* self, CacheHandle& cache, std::string name, std::string version, nb::dict fixed,
             nb::object describe, nb::object restore) {
            new (self) CallTable(cache, {std::move(name), std::move(version), json_from_python(fixed)},
                                 std::move(describe), std::move(restore));
          },
          "cache"_a, "name"_a, "version"_a, "fixed"_a, "describe"_a, "restore"_a, nb::keep_alive<1, 2>(),
          nb::sig("def __init__(self, cache: Cache, name: str, version: str, fixed: dict[str, typing.Any], "
                  "describe: object, restore: object) -> None"))
      .def(
          "key", [](const CallTable& self, nb::dict arguments) { return self.key(arguments).text(); }, "arguments"_a,
          nb::sig("def key(self, arguments: dict[str, typing.Any]) -> str"))
      .def(
          "recipe", [](const CallTable& self, nb::dict arguments) { return self.recipe(arguments); }, "arguments"_a,
          nb::sig("def recipe(self, arguments: dict[str, typing.Any]) -> str"))
      .def(
          "lookup",
          [](const CallTable& self, nb::dict arguments, bool writable, bool mapped) {
            return self.lookup(arguments, writable_if(writable), placement_if(mapped));
          },
          "arguments"_a, "writable"_a, "mapped"_a,
          nb::sig("def lookup(self, arguments: dict[str, typing.Any], writable: bool, mapped: bool) -> "
                  "tuple[bool, typing.Any, str, str]"))
      .def(
          "stored",
          [](const CallTable& self, const std::string& key, bool writable, bool mapped) {
            return self.stored(Key(key), writable_if(writable), placement_if(mapped));
          },
          "key"_a, "writable"_a, "mapped"_a,
          nb::sig("def stored(self, key: str, writable: bool, mapped: bool) -> tuple[bool, typing.Any]"))
      .def(
          "compute",
          [](const CallTable& self, const std::string& key, std::string recipe, nb::handle compute,
             nb::handle objection, std::optional<double> ttl_s, bool writable) {
            return self.compute({Key(key), std::move(recipe), compute, objection}, ttl_s, writable_if(writable));
          },
          "key"_a, "recipe"_a, "compute"_a, "objection"_a, "ttl_s"_a.none(), "writable"_a,
          nb::sig("def compute(self, key: str, recipe: str, compute: object, objection: object, ttl_s: float | None, "
                  "writable: bool) -> tuple[typing.Any, str]"))
      .def(
          "recompute",
          [](const CallTable& self, const std::string& key, std::string recipe, nb::handle compute,
             nb::handle objection, std::optional<double> ttl_s, bool writable) {
            return self.recompute({Key(key), std::move(recipe), compute, objection}, ttl_s, writable_if(writable));
          },
          "key"_a, "recipe"_a, "compute"_a, "objection"_a, "ttl_s"_a.none(), "writable"_a,
          nb::sig("def recompute(self, key: str, recipe: str, compute: object, objection: object, "
                  "ttl_s: float | None, writable: bool) -> tuple[typing.Any, str]"));
}

}  // namespace neve::python
