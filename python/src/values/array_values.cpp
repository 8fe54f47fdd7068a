#include "values/array_values.hpp"

#include <nanobind/stl/string.h>

#include <utility>

#include <neve/base/buffer.hpp>
#include <neve/base/error.hpp>

#include "values/array_of_lists.hpp"
#include "values/json_values.hpp"
#include "values/numpy_types.hpp"

#include <cstring>

namespace nb = nanobind;
using namespace nb::literals;

namespace neve::python {
namespace {

int export_memory(PyObject* self, Py_buffer* view, int flags) {
  const Memory& memory = *nb::inst_ptr<Memory>(nb::handle(self));
  void* data = const_cast<std::byte*>(memory.bytes.data());
  return PyBuffer_FillInfo(view, self, data, static_cast<Py_ssize_t>(memory.bytes.size()), 1, flags);
}

PyType_Slot memory_slots[] = {{Py_bf_getbuffer, reinterpret_cast<void*>(export_memory)}, {0, nullptr}};

nb::object shape_tuple(const Shape& shape) {
  nb::object tuple = nb::steal(PyTuple_New(static_cast<Py_ssize_t>(shape.size())));
  for (std::size_t i = 0; i < shape.size(); ++i) {
    PyTuple_SetItem(tuple.ptr(), static_cast<Py_ssize_t>(i), PyLong_FromUnsignedLongLong(shape[i]));
  }
  return tuple;
}

/// The array itself, or as an array what NumPy makes one of: lists, numbers.
nb::object as_array(nb::handle value, const std::string& place) {
  const NumpyTypes& numpy = NumpyTypes::get();
  if (numpy.is_array(value)) return nb::borrow(value);
  if (nb::isinstance(value, numpy.ndarray())) {
    throw Error(ErrorCode::unsupported, place + " is a " + type_of_value(value) +
                                            ", of which only the plain array could be stored; give numpy.asarray(...)");
  }
  if (numpy.is_scalar(value)) return array_of_scalar(value, place);
  return array_of_lists(value, place);
}

/// An array whose elements are empty texts. NumPy gives one only as the field of another: made directly, its elements
/// would take a byte or four each, and there may be more of them than any memory holds.
nb::object array_of_nothing(const NumpyTypes& numpy, const nb::object& dtype, const nb::object& shape,
                            const char* order) {
  nb::list fields;
  fields.append(nb::make_tuple("text", dtype));
  const nb::object record = numpy.module().attr("dtype")(fields);
  const nb::object whole = numpy.ndarray()(shape, record, nb::bytes("", 0), 0, nb::none(), order);
  return whole.attr("__getitem__")("text");
}

}  // namespace

void bind_memory(nb::module_& module) {
  nb::class_<Memory>(module, "Memory", nb::type_slots(memory_slots),
                     "Memory that keeps the data of arrays alive; their `base`. Nothing to be called.");
}

nb::object python_from_array(const Array& array, Writable writable) {
  const NumpyTypes& numpy = NumpyTypes::get();
  const nb::object dtype = numpy.dtype_object(array.dtype());
  const nb::object shape = shape_tuple(array.shape());
  const char* order = array.order() == Order::c ? "C" : "F";
  if (array.dtype().item_size() == 0) return array_of_nothing(numpy, dtype, shape, order);
  nb::object memory = nb::cast(Memory{array.bytes()}, nb::rv_policy::move);
  nb::object made = order[0] == 'C' ? numpy.ndarray()(shape, dtype, memory)
                                    : numpy.ndarray()(shape, dtype, memory, 0, nb::none(), order);
  if (writable == Writable::yes) return made.attr("copy")("K");
  if (array.bytes().empty()) made.attr("setflags")("write"_a = false);  // NumPy takes no memory for none given
  return made;
}

nb::dict python_from_arrays(const ArrayMap& arrays, Writable writable) {
  nb::dict dict;
  for (const auto& [name, array] : arrays) dict[python_from_text(name)] = python_from_array(array, writable);
  return dict;
}

BorrowedArrays::~BorrowedArrays() {
  for (Py_buffer& buffer : buffers_) PyBuffer_Release(&buffer);
}

const Py_buffer& BorrowedArrays::acquire(nb::handle array) {
  Py_buffer& buffer = buffers_.emplace_back();
  constexpr int kFlags = PyBUF_ANY_CONTIGUOUS | PyBUF_FORMAT;
  if (PyObject_GetBuffer(array.ptr(), &buffer, kFlags) == 0) return buffer;
  buffers_.pop_back();
  throw nb::python_error();
}

BorrowedArray BorrowedArrays::borrow_from(nb::handle value, const std::string& place) {
  nb::object array = as_array(value, place);
  DType dtype = [&] {
    try {
      return NumpyTypes::get().dtype_of(array);
    } catch (const Error& error) {
      throw Error(error.code(), place + ": " + error.what());
    }
  }();
  const nb::object flags = array.attr("flags");
  const bool c_order = nb::cast<bool>(flags.attr("c_contiguous"));
  const bool fortran = !c_order && nb::cast<bool>(flags.attr("f_contiguous"));
  if (!c_order && !fortran) array = NumpyTypes::get().module().attr("ascontiguousarray")(array);
  const nb::object shape_object = array.attr("shape");
  Shape shape;
  for (const nb::handle extent : shape_object) shape.push_back(nb::cast<std::uint64_t>(extent));
  const Order order = fortran ? Order::fortran : Order::c;
  if (element_count(shape, dtype.item_size()) * dtype.item_size() == 0) {
    return {Array(dtype, shape, order, Bytes()), nb::none()};
  }
  // The buffer protocol has no letter for these two, and none for the other byte order of text.
  const char kind = dtype.kind();
  if (kind == 'M' || kind == 'm') array = array.attr("view")("i8");
  if (kind == 'U') array = array.attr("ravel")("K").attr("view")("u4");
  const Py_buffer& buffer = acquire(array);
  const ByteSpan bytes(static_cast<const std::byte*>(buffer.buf), static_cast<std::size_t>(buffer.len));
  return {Array(std::move(dtype), std::move(shape), order, Bytes::borrowed(bytes)), std::move(array)};
}

ArrayMap BorrowedArrays::borrow_all(nb::handle dict) {
  if (!PyDict_Check(dict.ptr())) {
    throw Error(ErrorCode::invalid_argument,
                "arrays is a " + type_of_value(dict) + "; give a dict of names and arrays");
  }
  ArrayMap arrays;
  PyObject* key = nullptr;
  PyObject* value = nullptr;
  Py_ssize_t position = 0;
  const nb::dict kept(nb::borrow<nb::dict>(dict));
  while (PyDict_Next(kept.ptr(), &position, &key, &value) != 0) {
    if (!PyUnicode_Check(key)) {
      throw Error(ErrorCode::invalid_argument,
                  "the array name " + nb::cast<std::string>(nb::repr(nb::handle(key))) + " is no text");
    }
    std::string name = text_from_python(key);
    Array array = borrow(value, "array '" + name + "'");
    arrays.insert_or_assign(std::move(name), std::move(array));
  }
  return arrays;
}

Array owned_copy(const Array& array) {
  if (array.bytes().owned() || array.bytes().empty()) return array;
  Buffer buffer(array.bytes().size());
  std::memcpy(buffer.data(), array.bytes().data(), array.bytes().size());
  return Array(array.dtype(), array.shape(), array.order(), std::move(buffer).freeze());
}

}  // namespace neve::python
