#include "calls/call_table.hpp"
#include "interpreter/require_stack.hpp"

#include <nanobind/stl/string.h>

#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include <neve/base/clock.hpp>
#include <neve/base/error.hpp>
#include <neve/key/digests.hpp>

#include "calls/result_arrays.hpp"
#include "interpreter/errors.hpp"
#include "interpreter/gil.hpp"
#include "values/json_values.hpp"
#include "values/lookup_value.hpp"
#include "values/numpy_types.hpp"

#include <unistd.h>

namespace nb = nanobind;
using namespace nb::literals;

namespace neve::python {
namespace {

constexpr const char* kOperation = "python.memo";
constexpr const char* kFormat = "neve.value";

/// A result on its way from the function into the cache; its arrays are the function's own.
struct Outcome {
  explicit Outcome(nb::handle describe) { encoder.emplace(ArraysAs::names, describe); }

  nb::object value;
  std::optional<ValueEncoder> encoder;
  Json encoded;
  std::string kept_out;
};

/// A result that cannot be stored ends the flight without an entry.
struct KeptOut {};

StoreOptions store_options(std::optional<double> ttl_s, const std::string& recipe) {
  StoreOptions options;
  options.expires_at = expiry_after(ttl_s);
  options.recipe = recipe;
  return options;
}

Computed run(Outcome& outcome, const CallToCompute& call, const StoreOptions& store, bool is_kept) {
  const GilAcquire acquire;
  const Stopwatch watch;
  outcome.value = call_python([&] { return call.compute(); });
  const double compute_s = watch.seconds();
  if (is_kept) {
    if (const nb::object reason = call_python([&] { return call.objection(); }); !reason.is_none()) {
      outcome.kept_out = message_of(reason);
      throw KeptOut();
    }
  }
  try {
    outcome.encoded = outcome.encoder->encode(outcome.value);
  } catch (const Error& error) {
    outcome.kept_out = error.what();
    throw KeptOut();
  } catch (nb::python_error& error) {  // the Python side's refusal of a value inside it
    if (!error.matches(PyExc_Exception)) throw;
    outcome.kept_out = message_of(error.value());
    throw KeptOut();
  }
  Computed computed{.entry = {}, .store = store};
  computed.store.compute_s = compute_s;
  computed.entry.meta = {{"format", kFormat}, {"format_version", 1}, {"value", outcome.encoded}};
  computed.entry.arrays = outcome.encoder->arrays();
  return computed;
}

/// What it took to compute is worth more than the cache: one that fails has declined, as in `compute_once`.
StoreResult store_or_declined(CacheBackend& backend, const Key& key, const Computed& computed) {
  try {
    return backend.store(key, computed.entry, computed.store);
  } catch (const Error& error) {
    StoreResult failed;
    failed.declined = error.what();
    return failed;
  }
}

/// Whether a value could not be made of an entry because its type is not known here, or no longer what it was, or
/// because somebody else wrote the entry: a registered decoder may raise anything then. A process at its limits, or one
/// that is to end, says nothing about the entry.
bool is_unreadable(const nb::python_error& error) {
  return error.matches(PyExc_Exception) && !error.matches(PyExc_MemoryError) && !error.matches(PyExc_RecursionError);
}

/// What `make` returns; nothing, and the reason, if the entry's value cannot be made here.
template <class Make>
std::optional<nb::object> made_if_readable(const Make& make, std::string& reason) {
  try {
    return make();
  } catch (const Error& error) {
    reason = error.what();
  } catch (nb::python_error& error) {
    if (!is_unreadable(error)) throw;
    reason = message_of(error.value());
  }
  return std::nullopt;
}

/// Ends the waiting for another's result: that one has ended and left none.
struct NothingToWaitFor {};

/// Ends the waiting for another's result when a signal's handler raises, as that of Ctrl-C does, and when it is in
/// vain.
FlightOptions waiting_of(const FruitlessCalls::Call& call) {
  FlightOptions options;
  options.before_pause = [&call] {
    const GilAcquire acquire;
    if (PyErr_CheckSignals() != 0) throw nb::python_error();
    if (call.waits_in_vain()) throw NothingToWaitFor();
  };
  return options;
}

/// What was just computed and stored, as a hit would give it: what was not exact shows at once, not on another day, and
/// what the caller or the function does later to arrays that both have does not show. If a hit could not be made a
/// value, the entry goes and the result is as it came.
nb::tuple own(Outcome& outcome, nb::handle restore, CacheHandle& cache, const Key& key, Writable writable,
              std::string_view role) {
  ResultArrays arrays(*outcome.encoder);
  const ArraySource source = [&](const std::string& name) { return arrays.get(name, writable); };
  const auto made = [&] { return decode_value(outcome.encoded, source, restore); };
  std::string reason;
  if (auto value = made_if_readable(made, reason)) {
    outcome.encoder.reset();
    outcome.value.reset();
    if (arrays.copy_what_others_reach()) value = made();
    return nb::make_tuple(*std::move(value), message_object(role));
  }
  const auto backend = cache.backend();
  try {
    const GilRelease release;
    static_cast<void>(backend->erase(key));
  } catch (const Error&) {  // then whoever finds it computes anew
  }
  return nb::make_tuple(outcome.value,
                        message_object("kept out: what is stored of it cannot be made a value again: " + reason));
}

}  // namespace

CallTable::CallTable(CacheHandle& cache, FunctionIdentity identity, nb::object describe, nb::object restore)
    : cache_(cache), identity_(std::move(identity)), describe_(std::move(describe)), restore_(std::move(restore)) {
  record_.node_id = identity_.name;
  record_.op_name = kOperation;
  record_.version = identity_.version;
  record_.input_hash = combined_input_hash({}, {});
}

Json CallTable::config(nb::handle arguments, ValueEncoder& encoder) const {
  Json config = identity_.fixed;
  Json& encoded = config["arguments"];
  encoded = Json::object();
  PyObject* name = nullptr;
  PyObject* value = nullptr;
  Py_ssize_t position = 0;
  while (PyDict_Next(arguments.ptr(), &position, &name, &value) != 0) {
    std::string text = text_from_python(name);
    encoded[text] = encoder.encode(nb::borrow(value), JsonPath(JsonPath(), text));
  }
  return config;
}

Key CallTable::key(nb::handle arguments) const {
  ValueEncoder encoder(ArraysAs::digests, describe_);
  return key_of(config(arguments, encoder), encoder);
}

std::string CallTable::recipe(nb::handle arguments) const {
  ValueEncoder encoder(ArraysAs::digests, describe_);
  return recipe_of(config(arguments, encoder), encoder);
}

Key CallTable::key_of(const Json& config, const ValueEncoder& encoder) const {
  KeyRecord record = record_;
  record.cfg_hash = encoder.aside([&] { return config_digest(config); });
  return record.key();
}

std::string CallTable::recipe_of(Json config, const ValueEncoder& encoder) const {
  KeyRecipe recipe;
  recipe.node_id = record_.node_id;
  recipe.op_name = record_.op_name;
  recipe.version = record_.version;
  recipe.config = std::move(config);
  return encoder.aside([&] { return dump_compact_json(recipe.to_json()); });
}

nb::object CallTable::decode(const Entry& entry, Writable writable) const {
  const auto format = entry.meta.find("format");
  const auto value = entry.meta.find("value");
  if (format == entry.meta.end() || *format != kFormat || entry.meta.value("format_version", Json()) != 1 ||
      value == entry.meta.end()) {
    throw Error(ErrorCode::unsupported, "the entry holds no value of a Python function");
  }
  const ArraySource arrays = [&](const std::string& name) {
    const auto found = entry.arrays.find(name);
    return found == entry.arrays.end() ? nb::object() : python_from_array(found->second, writable);
  };
  return decode_value(*value, arrays, restore_);
}

nb::tuple CallTable::lookup(nb::handle arguments, Writable writable, Placement placement) const {
  ValueEncoder encoder(ArraysAs::digests, describe_);
  Json config = this->config(arguments, encoder);
  const Key key = key_of(config, encoder);
  const nb::tuple found = stored(key, writable, placement);
  if (nb::cast<bool>(found[0])) return nb::make_tuple(true, found[1], nb::none(), nb::none());
  return nb::make_tuple(false, found[1], key.text(), recipe_of(std::move(config), encoder));
}

nb::tuple CallTable::stored(const Key& key, Writable writable, Placement placement) const {
  const auto found = cache_.lookup(key, placement);
  if (!found->hit()) return nb::make_tuple(false, nb::none());
  std::string reason;
  if (auto value = made_if_readable([&] { return decode(*found->entry, writable); }, reason)) {
    return nb::make_tuple(true, *std::move(value));
  }
  return nb::make_tuple(false, message_object(reason));
}

nb::tuple CallTable::compute(const CallToCompute& wanted, std::optional<double> ttl_s, Writable writable) const {
  require_stack();
  if (cache_.keeps_nothing()) return recompute(wanted, ttl_s, writable);  // nobody would find it
  const auto backend = cache_.backend();
  // A cache that only this process has still has its threads.
  std::shared_ptr<FlightControl> control = cache_.flight();
  if (control == nullptr)
    control = std::make_shared<HostFlight>("process " + std::to_string(::getpid()) + cache_.url());
  Outcome outcome(describe_);
  const StoreOptions store = store_options(ttl_s, wanted.recipe);
  FruitlessCalls::Call call(cache_.fruitless_calls(), wanted.key);
  FlightOutcome flight;
  try {
    const GilRelease release;
    flight = compute_once(
        *backend, *control, wanted.key, [&] { return run(outcome, wanted, store, true); }, waiting_of(call));
  } catch (const KeptOut&) {
    call.ends(true);
    return nb::make_tuple(outcome.value, message_object("kept out: " + outcome.kept_out));
  } catch (const NothingToWaitFor&) {
    return recompute(wanted, ttl_s, writable);
  } catch (nb::python_error& raised) {
    if (raised.matches(PyExc_Exception)) call.ends(true);
    throw;
  }
  if (outcome.value.is_valid()) {
    call.ends(is_lost(flight.store));
    return own(outcome, restore_, cache_, wanted.key, writable, told(flight.role, flight.store));
  }
  std::string reason;
  if (auto value = made_if_readable([&] { return decode(flight.entry, writable); }, reason)) {
    return nb::make_tuple(*std::move(value), std::string(to_string(flight.role)));
  }
  return recompute(wanted, ttl_s, writable);  // whoever computed it knows a type that is not known here
}

nb::tuple CallTable::recompute(const CallToCompute& wanted, std::optional<double> ttl_s, Writable writable) const {
  require_stack();
  const auto backend = cache_.backend();
  Outcome outcome(describe_);
  StoreResult stored;
  try {
    const Computed computed = run(outcome, wanted, store_options(ttl_s, wanted.recipe), !cache_.keeps_nothing());
    const GilRelease release;
    stored = store_or_declined(*backend, wanted.key, computed);
  } catch (const KeptOut&) {
    return nb::make_tuple(outcome.value, message_object("kept out: " + outcome.kept_out));
  }
  return own(outcome, restore_, cache_, wanted.key, writable, told(FlightRole::alone, stored));
}

bool CallTable::is_lost(const StoreResult& store) const {
  return !store.stored && !store.fenced && !cache_.keeps_nothing();
}

std::string CallTable::told(FlightRole role, const StoreResult& store) const {
  return is_lost(store) ? "declined: " + store.declined : std::string(to_string(role));
}

}  // namespace neve::python
