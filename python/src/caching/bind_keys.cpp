#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>

#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>
#include <neve/codec/entry.hpp>
#include <neve/key/digests.hpp>
#include <neve/key/input_file.hpp>
#include <neve/key/key_recipe.hpp>

#include "caching/bind_keys.hpp"
#include "interpreter/gil.hpp"
#include "values/array_values.hpp"
#include "values/json_values.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace neve::python {
namespace {

std::string digest_of_array(nb::handle array) {
  BorrowedArrays borrowed;
  const Array taken = borrowed.borrow(array, "the array");
  return without_gil([&] { return array_digest(taken); });
}

std::string digest_of_state(nb::handle meta, nb::handle arrays) {
  BorrowedArrays borrowed;
  const Json json = json_from_python(meta);
  const ArrayMap taken = borrowed.borrow_all(arrays);
  return without_gil([&] { return state_digest(json, taken); });
}

std::string digest_of_file(nb::bytes path) {
  constexpr std::uint64_t kBetweenLooks = std::uint64_t{64}
                                          << 20;  // a person does not notice, and neither does the work
  const std::string name(path.c_str(), path.size());
  std::uint64_t unlooked = 0;
  const OnBlock on_block = [&unlooked](std::size_t bytes) {
    unlooked += bytes;
    if (unlooked < kBetweenLooks) return;
    unlooked = 0;
    const GilAcquire acquire;
    if (PyErr_CheckSignals() != 0) throw nb::python_error();
  };
  return without_gil([&] { return hash_input_file(name, on_block).sha256; });
}

nb::bytes as_bytes(std::string_view text) { return nb::bytes(text.data(), text.size()); }

nb::tuple encode(const std::string& key, nb::handle meta, nb::handle arrays, const std::string& recipe) {
  BorrowedArrays borrowed;
  const Entry entry{json_from_python(meta), borrowed.borrow_all(arrays)};
  std::string npz;
  const EncodedEntry encoded = without_gil([&] {
    EncodedEntry made = encode_entry(entry, {.key = key, .expires_at = {}, .recipe = recipe});
    for (const Bytes& piece : made.npz) npz += piece.text();
    return made;
  });
  return nb::make_tuple(as_bytes(encoded.json), as_bytes(npz));
}

nb::tuple decode(const std::string& key, nb::bytes json, nb::bytes npz) {
  const ByteSpan text(static_cast<const std::byte*>(json.data()), json.size());
  const Bytes file = Bytes::copy_of({static_cast<const std::byte*>(npz.data()), npz.size()});
  const DecodedEntry decoded = without_gil([&] { return decode_entry(key, text, file); });
  return nb::make_tuple(python_from_json(decoded.entry.meta), python_from_arrays(decoded.entry.arrays, Writable::no));
}

/// The key of a recipe's JSON. Raises `unsupported` with the reason where there is none.
std::string key_of_recipe(nb::handle recipe) {
  const KeyOutcome outcome = KeyRecipe::from_json(json_from_python(recipe)).key();
  if (!outcome.cacheable()) throw Error(ErrorCode::unsupported, outcome.reason());
  return outcome.key().text();
}

std::string key_of_record(nb::handle record) { return sha256_hex(dump_compact_json(json_from_python(record))); }

}  // namespace

void bind_keys(nb::module_& module) {
  module.def(
      "compact_json", [](nb::handle value) { return as_bytes(dump_compact_json(json_from_python(value))); },
      "value"_a.none(), "The JSON bytes that keys are computed from.");
  module.def(
      "spaced_json", [](nb::handle value) { return as_bytes(dump_spaced_json(json_from_python(value))); },
      "value"_a.none(), "The JSON bytes that an entry's JSON file holds.");
  module.def(
      "parse_json",
      [](nb::bytes text) {
        return python_from_json(parse_json({text.c_str(), text.size()}));
      },
      "text"_a, nb::sig("def parse_json(text: bytes) -> typing.Any"),
      "What Python's json.loads accepts, within 64 bits.");
  module.def("python_repr", &python_repr, "value"_a, "A float as Python's repr prints it, made by neve.");
  module.def(
      "config_digest", [](nb::handle config) { return config_digest(json_from_python(config)); }, "config"_a.none(),
      "The cfg_hash of a key; raises UnsupportedError for NaN and infinities.");
  module.def("array_digest", &digest_of_array, "array"_a.none(), "The array digest that phys-pipeline's keys contain.");
  module.def("state_digest", &digest_of_state, "meta"_a.none(), "arrays"_a.none(), "The digest of a state: all of it.");
  module.def("file_digest", &digest_of_file, "path"_a,
             "SHA-256 of what a file holds. Raises InvalidArgumentError if there is none or it is a folder, IoError.");
  module.def("record_key", &key_of_record, "record"_a, "The key of a record of the eight members that are hashed.");
  module.def("recipe_key", &key_of_recipe, "recipe"_a, "The key of a recipe, every digest in it recomputed.");
  module.def("encode_entry", &encode, "key"_a, "meta"_a.none(), "arrays"_a.none(), "recipe"_a = "",
             nb::sig("def encode_entry(key: str, meta: object, arrays: object, recipe: str = '') -> "
                     "tuple[bytes, bytes]"),
             "The two files of an entry: JSON and NPZ.");
  module.def("decode_entry", &decode, "key"_a, "json"_a, "npz"_a,
             nb::sig("def decode_entry(key: str, json: bytes, npz: bytes) -> "
                     "tuple[dict[str, typing.Any], dict[str, numpy.typing.NDArray[typing.Any]]]"),
             "Metadata and arrays from an entry's two files; raises CorruptError and UnsupportedError.");
}

}  // namespace neve::python
