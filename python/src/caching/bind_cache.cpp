#include "caching/bind_cache.hpp"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <memory>

#include <neve/base/error.hpp>
#include <neve/base/url.hpp>
#include <neve/cache/cache_report.hpp>
#include <neve/cache/copy_entry.hpp>
#include <neve/cache/tier_url.hpp>

#include "caching/cache_handle.hpp"
#include "interpreter/gil.hpp"
#include "values/arguments.hpp"
#include "values/json_values.hpp"
#include "values/lookup_value.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace neve::python {
namespace {

Key key_from(nb::handle given) { return Key(argument<std::string>(given, "the key")); }

Placement placement_if(nb::handle mapped) {
  return argument<bool>(mapped, "mapped") ? Placement::mapped : Placement::owned;
}

std::optional<double> ttl_from(nb::handle given) {
  if (given.is_none()) return std::nullopt;
  return argument<double>(given, "ttl_s");
}

LookupResult look_up(CacheHandle& self, nb::handle key, nb::handle mapped) {
  const Key checked = key_from(key);
  const Placement placement = placement_if(mapped);
  const auto backend = self.backend();
  const GilRelease release;
  return backend->lookup(checked, {.placement = placement});
}

nb::object get(CacheHandle& self, nb::handle key, nb::handle writable, nb::handle mapped) {
  const Writable wanted = writable_if(argument<bool>(writable, "writable"));
  const auto found = self.lookup(key_from(key), placement_if(mapped));
  return found->hit() ? nb::object(python_from_entry(*found->entry, wanted)) : nb::none();
}

std::vector<LookupResult> look_up_many(CacheHandle& self, nb::handle keys, nb::handle mapped) {
  if (PyUnicode_Check(keys.ptr()) || !nb::isinstance<nb::iterable>(keys))
    refuse_argument(keys, "keys", "a list of texts");
  std::vector<Key> checked;
  for (const nb::handle key : nb::borrow<nb::object>(keys)) checked.push_back(key_from(key));
  const Placement placement = placement_if(mapped);
  const auto backend = self.backend();
  const GilRelease release;
  return backend->lookup_many(checked, {.placement = placement});
}

/// The right to compute a key, given up when Python and the stores under it let go of it.
struct Lease {
  std::shared_ptr<FlightLease> lease;  ///< null where nobody has to agree
};

/// What one who waits for a key hears of whoever has the lease.
struct HeardLease {
  std::unique_ptr<LeaseWatch> watch;
};

StoreResult store(CacheHandle& self, nb::handle key, nb::handle meta, nb::handle arrays, nb::handle ttl_s,
                  nb::handle compute_s, nb::handle recipe, JsonRules rules, const Lease* under) {
  const Key checked = key_from(key);
  if (!PyDict_Check(meta.ptr())) {
    throw Error(ErrorCode::invalid_argument, "meta is a " + type_of_value(meta) + "; give a dict");
  }
  Entry entry;
  entry.meta = json_from_python(meta, JsonPath(), rules);
  BorrowedArrays borrowed;
  if (!arrays.is_none()) entry.arrays = borrowed.borrow_all(arrays);
  StoreOptions options;
  options.expires_at = expiry_after(ttl_from(ttl_s));
  options.recipe = argument<std::string>(recipe, "recipe");
  options.compute_s = argument<double>(compute_s, "compute_s");
  const std::shared_ptr<FlightLease> lease = under != nullptr ? under->lease : nullptr;
  const auto backend = self.backend();
  const GilRelease release;
  store_under(lease, options);
  StoreResult result = backend->store(checked, entry, options);
  if (const auto unkept = unkept_for(result); unkept && lease != nullptr) lease->say_unkept(*unkept);
  return result;
}

nb::dict store_as_dict(CacheHandle& self, nb::handle key, nb::handle meta, nb::handle arrays, nb::handle ttl_s,
                       nb::handle compute_s, nb::handle recipe, bool lenient, const Lease* lease) {
  const JsonRules rules = lenient ? JsonRules::lenient : JsonRules::exact;
  const StoreResult result = store(self, key, meta, arrays, ttl_s, compute_s, recipe, rules, lease);
  nb::dict dict;
  dict["stored"] = result.stored;
  dict["stored_bytes"] = result.stored_bytes;
  dict["declined"] = python_from_text(result.declined);
  dict["store_s"] = result.store_s;
  return dict;
}

std::string_view to_text(CopyOutcome outcome) {
  switch (outcome) {
    case CopyOutcome::copied:
      return "copied";
    case CopyOutcome::there:
      return "there";
    case CopyOutcome::missed:
      return "missed";
    case CopyOutcome::declined:
      break;
  }
  return "declined";
}

nb::dict copy(CacheHandle& self, nb::handle key, nb::handle to) {
  const Key checked = key_from(key);
  if (!nb::isinstance<CacheHandle>(to)) refuse_argument(to, "to", "a cache, as neve.open gives it");
  const auto source = self.backend();
  const auto destination = nb::cast<CacheHandle&>(to).backend();
  const CopyResult result = [&] {
    const GilRelease release;
    return copy_entry(*source, *destination, checked);
  }();
  nb::dict dict;
  dict["outcome"] = to_text(result.outcome);
  dict["reason"] = to_string(result.reason);
  dict["detail"] = python_from_text(result.detail);
  dict["stored_bytes"] = result.stored_bytes;
  return dict;
}

template <class Answer>
auto ask(CacheHandle& self, Answer answer) {
  const auto backend = self.backend();
  const GilRelease release;
  return answer(*backend);
}

std::vector<std::string> keys(CacheHandle& self) {
  KeyWalk walk = self.disk("listing keys").walk();
  const auto keep = self.backend();
  const GilRelease release;
  std::vector<std::string> names;
  for (std::vector<Key> batch = walk.next(4096); !batch.empty(); batch = walk.next(4096)) {
    for (const Key& key : batch) names.push_back(key.text());
  }
  return names;
}

std::uint64_t clear(CacheHandle& self) {
  static_cast<void>(self.disk("clearing"));
  return self.clear();
}

nb::object stats(CacheHandle& self) {
  const auto backend = self.backend();
  return python_from_json(CacheReport::of(*backend).to_json());
}

nb::dict usage(CacheHandle& self) {
  const Usage usage = ask(self, [](Observed& cache) { return cache.usage(); });
  nb::dict dict;
  dict["entries"] = usage.entries;
  dict["bytes"] = usage.bytes;
  dict["exact"] = usage.exact;
  return dict;
}

std::string_view to_text(LeaseWatch::Heard heard) {
  switch (heard) {
    case LeaseWatch::Heard::nothing:
      return "nothing";
    case LeaseWatch::Heard::unkept:
      return "unkept";
    case LeaseWatch::Heard::gone:
      break;
  }
  return "gone";
}

nb::object try_lease(CacheHandle& self, const std::string& key) {
  const Key checked(key);
  const auto control = self.flight();
  if (control == nullptr) return nb::cast(Lease{});
  std::unique_ptr<FlightLease> lease;
  {
    const GilRelease release;
    lease = control->try_acquire(checked);
  }
  if (lease == nullptr) return nb::none();
  return nb::cast(Lease{std::move(lease)}, nb::rv_policy::move);
}

nb::object watch_lease(CacheHandle& self, const std::string& key) {
  const Key checked(key);
  const auto control = self.flight();
  if (control == nullptr) return nb::none();
  std::unique_ptr<LeaseWatch> watch = control->watch(checked);
  if (watch == nullptr) return nb::none();
  return nb::cast(HeardLease{std::move(watch)}, nb::rv_policy::move);
}

/// The keys whose recipe names this node.
std::vector<std::string> keys_of(CacheHandle& self, const std::string& node) {
  DiskCache& disk = self.disk("finding a function's entries");
  const auto keep = self.backend();
  const GilRelease release;
  std::vector<std::string> names;
  KeyWalk walk = disk.walk();
  for (std::vector<Key> batch = walk.next(4096); !batch.empty(); batch = walk.next(4096)) {
    for (const Key& key : batch) {
      const auto info = disk.inspect(key);
      if (!info || info->recipe.empty()) continue;
      const Json recipe = Json::parse(info->recipe, nullptr, false);
      if (recipe.is_object() && recipe.value("node_id", Json()) == node) names.push_back(key.text());
    }
  }
  return names;
}

void bind_verbs(nb::class_<CacheHandle>& cache) {
  cache
      .def(
          "get", &get, "key"_a.none(), nb::kw_only(), "writable"_a.none() = false, "mapped"_a.none() = false,
          nb::sig("def get(self, key: str, *, writable: bool = False, mapped: bool = False) -> "
                  "neve.types.Entry | None"),
          "The entry under `key` as `{\"meta\": dict, \"arrays\": dict}`, or None: a damaged entry is a miss too; "
          "`lookup` says why.\n\n"
          "Arrays are read-only views of the memory the entry was read into, which they keep alive; `writable` copies "
          "them. `mapped` leaves those of 4 MB and more in their file, verified once: for folders where nobody "
          "truncates files in place.\n\n"
          "Raises InvalidArgumentError for what is no key or no flag, and if the cache is closed. A store that cannot "
          "be reached is a miss, or of a cache opened with `on_failure=\"raise\"` an UnavailableError, TimeoutError or "
          "IoError.")
      .def("lookup", &look_up, "key"_a.none(), nb::kw_only(), "mapped"_a.none() = false,
           nb::sig("def lookup(self, key: str, *, mapped: bool = False) -> Lookup"),
           "As `get`, with the reason for a miss, what it cost and what is known of the entry. Raises as `get`.")
      .def("lookup_many", &look_up_many, "keys"_a.none(), nb::kw_only(), "mapped"_a.none() = false,
           nb::sig(
               "def lookup_many(self, keys: collections.abc.Sequence[str], *, mapped: bool = False) -> list[Lookup]"),
           "One lookup per key, in order; a Redis cache is asked once for all of them. Raises as `get`.")
      .def("_store", &store_as_dict, "key"_a.none(), "meta"_a.none(), "arrays"_a.none(), "ttl_s"_a.none(),
           "compute_s"_a.none(), "recipe"_a.none(), "lenient"_a, "lease"_a.none() = nb::none(),
           nb::sig("def _store(self, key: str, meta: object, arrays: object, ttl_s: float | None, compute_s: float, "
                   "recipe: str, lenient: bool, lease: Lease | None = None) -> neve.types.Stored"))
      .def(
          "exists",
          [](CacheHandle& self, nb::handle key) {
            return ask(self, [checked = key_from(key)](Observed& asked) { return asked.contains(checked); });
          },
          "key"_a.none(), nb::sig("def exists(self, key: str) -> bool"),
          "Whether `get` would probably hit: looks for the entry without reading it. Raises as `get`.")
      .def(
          "delete",
          [](CacheHandle& self, nb::handle key) {
            return ask(self, [checked = key_from(key)](Observed& asked) { return asked.erase(checked); });
          },
          "key"_a.none(), nb::sig("def delete(self, key: str) -> bool"),
          "Forgets the entry; whether there was one. Raises InvalidArgumentError as `get`; UnavailableError, "
          "TimeoutError or IoError if the store cannot be reached or refuses, however the cache was opened.")
      .def("copy", &copy, "key"_a.none(), "to"_a.none(),
           nb::sig("def copy(self, key: str, to: Cache) -> neve.types.Copied"),
           "Copies the entry, with its expiry and what it cost, into the cache `to` unless that has one under the key, "
           "which stays as it is; says what became of it. Raises as `delete`, and InvalidArgumentError for what is no "
           "cache.")
      .def(
          "touch",
          [](CacheHandle& self, nb::handle key, nb::handle ttl_s) {
            const auto expires_at = expiry_after(ttl_from(ttl_s));
            return ask(self,
                       [&, checked = key_from(key)](Observed& asked) { return asked.touch(checked, expires_at); });
          },
          "key"_a.none(), "ttl_s"_a.none(), nb::sig("def touch(self, key: str, ttl_s: float | None) -> bool"),
          "Gives the entry `ttl_s` seconds from now, None: for ever; whether there is one. Raises as `delete`, and "
          "InvalidArgumentError for seconds that are not above 0.");
}

}  // namespace

void bind_cache(nb::module_& module) {
  nb::class_<Lease>(module, "Lease", "The right to compute a key among all who use the cache, until `release`.")
      .def("release",
           [](Lease& self) {
             // Of a shared flight it tells the server.
             without_gil([lease = std::move(self.lease)]() mutable { lease.reset(); });
           })
      .def(
          "say_unkept",
          [](Lease& self) {
            if (self.lease == nullptr) return;
            const GilRelease release;
            self.lease->say_unkept(UnkeptFor::everybody);
          },
          "Tells those who wait that what was computed is kept nowhere. To be said before `release`; a store under the "
          "lease says it by itself.");
  nb::class_<HeardLease>(module, "LeaseWatch", "What one who waits for a key hears of whoever has the lease.")
      .def(
          "listen", [](HeardLease& self) { return std::string(to_text(self.watch->listen())); },
          nb::sig("def listen(self) -> typing.Literal[\"nothing\", \"unkept\", \"gone\"]"),
          "`unkept`: waiting is in vain, the result is not kept. `gone`: the lease was given up. Never waits.");
  module.def(
      "redacted_urls", [](nb::handle urls) { return python_from_text(redacted_urls(text_from_python(urls))); },
      "urls"_a, nb::sig("def redacted_urls(urls: str) -> str"),
      "The URLs with `***` in the place of every password: the only form that may be printed.");
  nb::class_<CacheHandle> cache(module, "Cache", nb::is_weak_referenceable());
  cache
      .def(
          "__init__",
          [](CacheHandle* self, std::string url, bool raise_failures) {
            new (self) CacheHandle(std::move(url), raise_failures ? FailurePolicy::rethrow : FailurePolicy::tolerate);
          },
          "url"_a, nb::kw_only(), "raise_failures"_a = false)
      .def_prop_ro(
          "name", [](CacheHandle& self) { return std::string(self.backend()->name()); },
          "'disk', 'memory', 'redis', or those of a chain joined by '+'.")
      .def_prop_ro("_url", &CacheHandle::url)
      .def_prop_ro("_raise_failures", [](CacheHandle& self) { return self.policy() == FailurePolicy::rethrow; })
      .def_prop_ro("closed", &CacheHandle::closed, "Whether `close` was called.")
      .def("keys", &keys, "Every key, in no order. Raises UnsupportedError unless the cache has a folder.")
      .def("_keys_of", &keys_of, "node"_a)
      .def("_try_lease", &try_lease, "key"_a, nb::sig("def _try_lease(self, key: str) -> Lease | None"))
      .def("_watch_lease", &watch_lease, "key"_a, nb::sig("def _watch_lease(self, key: str) -> LeaseWatch | None"))
      .def("clear", &clear,
           "Removes every entry from the folder, and of a chain from every tier; the number of files. Raises "
           "UnsupportedError unless there is a folder, and if there is a server, which may be others' too.")
      .def("stats", &stats, nb::sig("def stats(self) -> dict[str, typing.Any]"),
           "What this object was asked and what came of it: hits, misses by reason, bytes, seconds saved, latencies in "
           "seconds; in `tiers` the same of each tier, nearest first, with `errors_by_kind` and, of one that may be "
           "away, `breaker` and `last_error`.")
      .def("usage", &usage, nb::sig("def usage(self) -> neve.types.Usage"), "How many entries and bytes it holds.")
      .def("close", &CacheHandle::close, "Lets go of files and connections. Arrays that were handed out stay valid.");
  bind_verbs(cache);
}

}  // namespace neve::python
