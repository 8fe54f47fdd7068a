#pragma once

#include <nanobind/nanobind.h>

#include <map>
#include <memory>
#include <string>

#include <neve/codec/array.hpp>

#include "interpreter/gil_object.hpp"
#include "values/value_codec.hpp"

namespace neve::python {

/// The arrays of a result that a function has just computed, as a later hit would give them: with the same elements in
/// the same order in memory, read-only, and written into by nobody. The function's own memory is used where nobody else
/// has it; where somebody may write into it (it is an argument's, or a buffer that the function keeps), it is copied.
/// Used under the GIL.
class ResultArrays {
 public:
  /// Those that `encoder` has met.
  explicit ResultArrays(const ValueEncoder& encoder);

  /// The array called so; no object if there is none.
  [[nodiscard]] nanobind::object get(const std::string& name, Writable writable) const;

  /// Copies what others than this object and the arrays it gave can reach; whether there was any. To be called when the
  /// encoder and the function's result are gone, which reach all of it.
  [[nodiscard]] bool copy_what_others_reach();

 private:
  struct Held {
    Array array;
    std::shared_ptr<const GilObject> lender;  ///< null once the array owns its memory
  };

  std::map<std::string, Held> held_;
};

}  // namespace neve::python
