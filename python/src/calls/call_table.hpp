#pragma once

#include <nanobind/nanobind.h>

#include <optional>
#include <string>

#include <neve/cache/flight.hpp>
#include <neve/key/key_recipe.hpp>

#include "caching/cache_handle.hpp"
#include "values/value_codec.hpp"

namespace neve::python {

/// What makes two functions different: enters every key of their calls.
struct FunctionIdentity {
  std::string name;     ///< module and qualified name
  std::string version;  ///< as its author declared it
  Json fixed;           ///< digest of the source, named dependencies, ignored arguments
};

/// A call whose result is not there.
struct CallToCompute {
  Key key;
  std::string recipe;
  nanobind::handle compute;  ///< gives the result
  /// Asked once it is computed, unless the cache keeps nothing: None, or as a text why nobody may be given it later, as
  /// when the call has changed what the key was made of.
  nanobind::handle objection;
};

/// The stored calls of one function: keys from arguments, results under keys. Used under the GIL, which it lets go of
/// while it waits for the cache.
class CallTable {
 public:
  /// `describe` and `restore` as in value_codec.hpp.
  CallTable(CacheHandle& cache, FunctionIdentity identity, nanobind::object describe, nanobind::object restore);

  /// From the arguments by name. Throws `unsupported`, naming the place, for what cannot be hashed exactly.
  [[nodiscard]] Key key(nanobind::handle arguments) const;
  [[nodiscard]] std::string recipe(nanobind::handle arguments) const;

  /// (True, value); (False, None) for a miss; (False, text) if what is stored cannot be made a value again, and why.
  [[nodiscard]] nanobind::tuple stored(const Key& key, Writable writable, Placement placement) const;

  /// (True, value, None, None), or (False, None or text, key, recipe) of the call with these arguments, which are
  /// looked at once.
  [[nodiscard]] nanobind::tuple lookup(nanobind::handle arguments, Writable writable, Placement placement) const;

  /// Calls `compute` and stores what it gives, unless somebody else is at it: then waits for their result. The value as
  /// a later hit would give it, and how it came about: "led", "alone", "waited", "found", "kept out: ..." if the result
  /// has no exact form, or "declined: ..." if the cache did not take it. Waits no longer once somebody else in this
  /// process has ended and left nothing.
  [[nodiscard]] nanobind::tuple compute(const CallToCompute& call, std::optional<double> ttl_s,
                                        Writable writable) const;

  /// The same, without looking or waiting: stores anew.
  [[nodiscard]] nanobind::tuple recompute(const CallToCompute& call, std::optional<double> ttl_s,
                                          Writable writable) const;

 private:
  [[nodiscard]] Json config(nanobind::handle arguments, ValueEncoder& encoder) const;
  [[nodiscard]] Key key_of(const Json& config, const ValueEncoder& encoder) const;
  [[nodiscard]] std::string recipe_of(Json config, const ValueEncoder& encoder) const;
  [[nodiscard]] nanobind::object decode(const Entry& entry, Writable writable) const;
  /// Whether a result is in the cache neither by this store nor by that of whoever took over the lease, though it
  /// should.
  [[nodiscard]] bool is_lost(const StoreResult& store) const;
  [[nodiscard]] std::string told(FlightRole role, const StoreResult& store) const;

  CacheHandle& cache_;
  FunctionIdentity identity_;
  KeyRecord record_;
  nanobind::object describe_;
  nanobind::object restore_;
};

void bind_calls(nanobind::module_& module);

}  // namespace neve::python
