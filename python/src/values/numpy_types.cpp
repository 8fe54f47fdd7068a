#include "values/numpy_types.hpp"

#include <nanobind/stl/string.h>

#include <functional>
#include <map>
#include <string>
#include <unordered_map>

#include <neve/base/error.hpp>

namespace nb = nanobind;

namespace neve::python {
namespace {

constexpr std::size_t kKeptDtypes = 256;  // programs use a handful; a flood of string widths must not grow for ever

/// Both maps hold references that are never given back, and are used under the GIL only.
std::map<std::string, nb::handle, std::less<>>& objects_by_descr() {
  static auto& kept = *new std::map<std::string, nb::handle, std::less<>>();
  return kept;
}
std::unordered_map<PyObject*, DType>& dtypes_by_object() {
  static auto& kept = *new std::unordered_map<PyObject*, DType>();
  return kept;
}

}  // namespace

NumpyTypes::NumpyTypes() {
  const nb::module_ numpy = nb::module_::import_("numpy");
  module_ = nb::object(numpy).release();
  ndarray_ = nb::object(numpy.attr("ndarray")).release();
  memmap_ = nb::object(numpy.attr("memmap")).release();
  generic_ = nb::object(numpy.attr("generic")).release();
  dtype_ = nb::object(numpy.attr("dtype")).release();
}

const NumpyTypes& NumpyTypes::get() {
  static const NumpyTypes* types = nullptr;  // not a local static object: its import may let go of the GIL
  if (types == nullptr) types = new NumpyTypes();
  return *types;
}

bool NumpyTypes::is_array(nb::handle value) const {
  const nb::handle type = value.type();
  return type.is(ndarray_) || type.is(memmap_);
}

bool NumpyTypes::is_scalar(nb::handle value) const {
  return nb::isinstance(value, generic_) && value.type().is(nb::object(value.attr("dtype").attr("type")));
}

nb::object NumpyTypes::dtype_object(const DType& dtype) const {
  auto& kept = objects_by_descr();
  if (const auto found = kept.find(dtype.descr()); found != kept.end()) return nb::borrow(found->second);
  nb::object made = dtype_(dtype.descr());
  if (kept.size() < kKeptDtypes) kept.emplace(dtype.descr(), nb::object(made).release());
  return made;
}

DType NumpyTypes::dtype_of(nb::handle array) const {
  const nb::object object = array.attr("dtype");
  auto& kept = dtypes_by_object();
  if (const auto found = kept.find(object.ptr()); found != kept.end()) return found->second;
  if (!object.attr("names").is_none()) {
    throw Error(ErrorCode::unsupported, "arrays with fields cannot be stored; store each field as an array of its own");
  }
  DType dtype = DType::parse(nb::cast<std::string>(object.attr("str")));
  if (kept.size() < kKeptDtypes) kept.emplace(nb::object(object).release().ptr(), dtype);
  return dtype;
}

bool numpy_is_loaded() {
  static bool loaded = false;
  if (!loaded) {
    PyObject* modules = PyImport_GetModuleDict();
    loaded = PyMapping_HasKeyString(modules, "numpy") != 0;
  }
  return loaded;
}

}  // namespace neve::python
