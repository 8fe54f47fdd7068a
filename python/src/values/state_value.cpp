#include "values/state_value.hpp"

#include <nanobind/stl/string.h>

#include "interpreter/gil.hpp"
#include "values/array_values.hpp"
#include "values/json_values.hpp"
#include "values/numpy_types.hpp"

namespace nb = nanobind;

namespace neve::python {

Array owned_array(nb::handle value, const std::string& place) {
  BorrowedArrays borrowed;
  const Array array = borrowed.borrow(value, place);
  const nb::object base = nb::getattr(value, "base", nb::none());
  if (nb::isinstance<Memory>(base)) {
    const Bytes& memory = nb::inst_ptr<Memory>(base)->bytes;
    const std::byte* data = array.bytes().data();
    if (data >= memory.data() && data + array.bytes().size() <= memory.data() + memory.size()) {
      const auto offset = static_cast<std::size_t>(data - memory.data());
      return Array(array.dtype(), array.shape(), array.order(), memory.slice(offset, array.bytes().size()));
    }
  }
  return without_gil([&] { return owned_copy(array); });
}

nb::tuple python_from_state(const State& state) {
  return nb::make_tuple(python_from_json(state.meta), python_from_arrays(state.arrays, Writable::no));
}

State state_from_python(nb::handle pair) {
  State state;
  state.meta = json_from_python(pair[0]);
  const nb::dict arrays(nb::borrow<nb::dict>(pair[1]));
  for (const auto& [name, value] : arrays) {
    const std::string text = text_from_python(name);
    state.arrays.insert_or_assign(text, owned_array(value, "array '" + text + "'"));
  }
  return state;
}

}  // namespace neve::python
