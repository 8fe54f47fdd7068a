#include "calls/result_arrays.hpp"

#include <utility>

#include "interpreter/gil.hpp"
#include "values/array_values.hpp"
#include "values/numpy_types.hpp"

namespace nb = nanobind;

namespace neve::python {
namespace {

/// Whether nobody but the one reference that the caller has leads to the memory of `array`. NumPy's views refer to the
/// array they are a view of, so each of those has one reference, too, down to the one that owns the memory.
bool is_reached_by_nobody_else(nb::handle array) {
  if (Py_REFCNT(array.ptr()) != 1) return false;
  nb::object view = nb::borrow(array);
  for (;;) {
    nb::object base = view.attr("base");
    if (base.is_none()) return nb::cast<bool>(view.attr("flags").attr("owndata"));
    if (nb::isinstance<Memory>(base) || PyBytes_CheckExact(base.ptr())) return true;  // nobody writes into these
    constexpr Py_ssize_t kOfTheViewAndOurs = 2;
    if (!NumpyTypes::get().is_array(base) || Py_REFCNT(base.ptr()) != kOfTheViewAndOurs) return false;
    view = std::move(base);
  }
}

}  // namespace

ResultArrays::ResultArrays(const ValueEncoder& encoder) {
  for (const auto& [name, array] : encoder.arrays()) {
    const nb::object& lender = encoder.lenders().at(name);
    held_.emplace(name, Held{array, lender.is_none() ? nullptr : std::make_shared<const GilObject>(lender)});
  }
}

nb::object ResultArrays::get(const std::string& name, Writable writable) const {
  const auto found = held_.find(name);
  if (found == held_.end()) return {};
  const auto& [array, lender] = found->second;
  if (lender == nullptr) return python_from_array(array, writable);
  return python_from_array(Array(array.dtype(), array.shape(), array.order(), Bytes(array.bytes().span(), lender)),
                           writable);
}

bool ResultArrays::copy_what_others_reach() {
  bool any = false;
  for (auto& each : held_) {
    Held& held = each.second;
    if (held.lender == nullptr || is_reached_by_nobody_else(held.lender->get())) continue;
    any = true;
    held.array = without_gil([&] { return owned_copy(held.array); });
    held.lender = nullptr;
  }
  return any;
}

}  // namespace neve::python
