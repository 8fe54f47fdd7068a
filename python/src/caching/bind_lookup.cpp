#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>

#include <cmath>

#include <neve/base/error.hpp>

#include "caching/bind_cache.hpp"
#include "values/json_values.hpp"
#include "values/lookup_value.hpp"

namespace nb = nanobind;

namespace neve::python {

nb::dict python_from_entry(const Entry& entry, Writable writable) {
  static const nb::handle meta = nb::object(nb::str("meta")).release();
  static const nb::handle arrays = nb::object(nb::str("arrays")).release();
  nb::dict dict;
  dict[meta] = python_from_json(entry.meta);
  dict[arrays] = python_from_arrays(entry.arrays, writable);
  return dict;
}

double seconds_since_epoch(TimePoint time) { return std::chrono::duration<double>(time.time_since_epoch()).count(); }

std::optional<TimePoint> expiry_after(std::optional<double> ttl_s) {
  if (!ttl_s) return std::nullopt;
  constexpr double kLongest = 1e10;  // three centuries: beyond, milliseconds would overflow somewhere
  if (!(*ttl_s > 0) || *ttl_s > kLongest) {
    throw Error(ErrorCode::invalid_argument,
                "ttl_s is " + python_repr(*ttl_s) + "; give seconds above 0, or None for ever");
  }
  return Clock::system().now() + std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(*ttl_s * 1000)));
}

void bind_lookup(nb::module_& module) {
  nb::class_<LookupResult>(module, "Lookup",
                           "What a lookup gave: a hit, or the reason there is none, and what it cost.")
      .def_prop_ro("hit", &LookupResult::hit, "Whether there is an entry.")
      .def_prop_ro(
          "reason", [](const LookupResult& self) { return std::string(to_string(self.reason)); },
          "Why there is none: 'absent', 'expired', 'half', 'torn', 'corrupt', 'foreign', 'unsupported' or "
          "'unavailable'; 'none' for a hit.")
      .def_prop_ro(
          "detail", [](const LookupResult& self) { return nb::str(python_from_text(self.detail)); },
          "What exactly was wrong, for a person; empty for plain hits and misses.")
      .def_ro("tier", &LookupResult::tier, "Name of the cache that answered.")
      .def_ro("recipe", &LookupResult::recipe, "The key's ingredients as JSON text, if they were stored with it.")
      .def_ro("lookup_s", &LookupResult::lookup_s, "Seconds the lookup took.")
      .def_ro("compute_s", &LookupResult::compute_s, "Seconds the computation of a hit took, 0 if unknown.")
      .def_ro("stored_bytes", &LookupResult::stored_bytes, "Bytes read from the store for a hit.")
      .def_prop_ro(
          "expires_at",
          [](const LookupResult& self) {
            return self.expires_at ? std::optional(seconds_since_epoch(*self.expires_at)) : std::nullopt;
          },
          "When a hit expires, in seconds since 1970 as `time.time()` counts them; None: never.")
      .def_prop_ro(
          "meta",
          [](const LookupResult& self) -> nb::object {
            return self.entry ? python_from_json(self.entry->meta) : nb::object(nb::dict());
          },
          nb::sig("def meta(self) -> dict[str, typing.Any]"), "The metadata of a hit; empty otherwise.")
      .def_prop_ro(
          "arrays",
          [](const LookupResult& self) {
            return self.entry ? python_from_arrays(self.entry->arrays, Writable::no) : nb::dict();
          },
          nb::sig("def arrays(self) -> dict[str, numpy.typing.NDArray[typing.Any]]"),
          "The arrays of a hit, read-only; empty otherwise.")
      .def("__repr__", [](const LookupResult& self) {
        return self.hit() ? "<hit in " + self.tier + ">" : "<miss: " + std::string(to_string(self.reason)) + ">";
      });
}

}  // namespace neve::python
