#pragma once

#include <nanobind/nanobind.h>

#include <functional>
#include <map>
#include <string>
#include <utility>

#include <neve/codec/array.hpp>
#include <neve/codec/json.hpp>
#include <neve/codec/json_path.hpp>

#include "interpreter/gil.hpp"
#include "values/array_values.hpp"

namespace neve::python {

/// What stands for an array inside encoded JSON: its digest, for keys, or the name it is kept under.
enum class ArraysAs { digests, names };

/// Python values as JSON and arrays, exactly, or not at all: docs/formats/python-values.md. Needs the GIL throughout;
/// lets go of it while it hashes large arrays.
class ValueEncoder {
 public:
  /// `describe(value, for_key)` says what stands for a value of another type: a pair of tag and content, or None.
  ValueEncoder(ArraysAs arrays_as, nanobind::handle describe) : arrays_as_(arrays_as), describe_(describe) {}

  /// Throws `unsupported`, naming the place, for what has no exact form.
  [[nodiscard]] Json encode(nanobind::handle value, const JsonPath& path = JsonPath());

  /// What `work` gives, which touches no Python object: without the GIL if what was encoded is large.
  template <class Work>
  [[nodiscard]] auto aside(Work work) const {
    return size_ < kWorthLettingGo ? work() : without_gil(std::move(work));
  }

  /// The arrays met so far, borrowed from the encoded values: valid while this object lives.
  [[nodiscard]] const ArrayMap& arrays() const noexcept { return arrays_; }
  /// The objects that were met as arrays.
  [[nodiscard]] const std::map<std::string, nanobind::object>& originals() const noexcept { return originals_; }
  /// The objects whose memory the arrays are: see BorrowedArray.
  [[nodiscard]] const std::map<std::string, nanobind::object>& lenders() const noexcept { return lenders_; }

 private:
  [[nodiscard]] static std::string digest_of(const Array& array);
  [[nodiscard]] Json encode_text(nanobind::handle value);
  [[nodiscard]] Json encode_integer(nanobind::handle value);
  [[nodiscard]] Json encode_list(nanobind::handle value, const JsonPath& path);
  [[nodiscard]] Json encode_dict(nanobind::handle value, const JsonPath& path);
  [[nodiscard]] Json encode_array(nanobind::handle value, const JsonPath& path);
  [[nodiscard]] std::string array_name(const JsonPath& path) const;
  [[nodiscard]] Json encode_other(nanobind::handle value, const JsonPath& path);
  [[nodiscard]] nanobind::object description_of(nanobind::handle value, const JsonPath& path);

  static constexpr std::size_t kWorthLettingGo =
      64 * 1024;  ///< bytes: hashing fewer takes less time than handing the GIL over

  ArraysAs arrays_as_;
  nanobind::handle describe_;
  std::size_t size_ = 0;          ///< about how many bytes of JSON were made
  std::size_t descriptions_ = 0;  ///< that are being encoded, one within another
  BorrowedArrays borrowed_;
  ArrayMap arrays_;
  std::map<std::string, nanobind::object> originals_;
  std::map<std::string, nanobind::object> lenders_;

  /// A function or class that was described or is being so. It may refer to itself by way of others; where it is met
  /// again, its number in the order of meeting stands for it.
  struct MetCode {
    nanobind::object code;  ///< kept alive: another must not get its address
    std::size_t number;
  };
  std::map<PyObject*, MetCode> code_;
};

/// The array called so, as a Python object.
using ArraySource = std::function<nanobind::object(const std::string& name)>;

/// The value that `json` (made by a ValueEncoder with names) stands for. `restore(tag, content)` makes the values that
/// `describe` described. Throws `corrupt` for what no encoder makes, and what `restore` raises.
[[nodiscard]] nanobind::object decode_value(const Json& json, const ArraySource& arrays, nanobind::handle restore);

}  // namespace neve::python
