"""What a function stage takes from around it: data would be settings that its key does not see."""

from __future__ import annotations

import array
import collections
import functools
import types
from typing import TYPE_CHECKING, Any

from neve._code.attributes import attributes_of, names_read
from neve._code.functions import OF_CYTHON, closure_of, keeps_results_of
from neve._code.packages import is_pythons_own, version_of_package
from neve._values.describe import describe
from neve._values.disguise import passes_for_another
from neve.errors import Error

if TYPE_CHECKING:
    from collections.abc import Iterator

_DATA = (bool, int, float, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset, memoryview)
_CONTAINERS = (collections.deque, types.SimpleNamespace, types.MappingProxyType, array.array)


def data_around(function: Any, name: str = "", met: tuple[Any, ...] = ()) -> Iterator[str]:
    """The names by which the function reaches data: in its closure or set on it, in those of a helper (`helper.factor`), in
    a helper's defaults. An object of another kind may be one that only watches."""
    if isinstance(function, functools.partial):
        yield from _data_of(function.func, name, met)
        for number, given in enumerate(function.args):
            yield from _data_of(given, f"{name}.args[{number}]", met)
        for word, given in function.keywords.items():
            yield from _data_of(given, f"{name}.{word}", met)
        return
    attributes: dict[str, Any] = {}
    while keeps_results_of(function):
        attributes |= _set_on(function)
        function = function.__wrapped__
    function = function.__func__ if isinstance(function, types.MethodType) else function
    if not isinstance(function, types.FunctionType) or function in met:
        return
    met = (*met, function)
    for each, value in closure_of(function).items():
        yield from _data_of(value, f"{name}.{each}" if name else each, met)
    if name:
        for number, value in enumerate(function.__defaults__ or ()):
            yield from _data_of(value, f"{name}.defaults[{number}]", met)
        for each, value in (function.__kwdefaults__ or {}).items():
            yield from _data_of(value, f"{name}.{each}", met)
    for each, value in {**attributes, **attributes_of(function)}.items():
        if name or each in names_read(function):
            yield from _data_of(value, f"{name or function.__name__}.{each}", met)


def _set_on(kept: Any) -> dict[str, Any]:
    """Attributes of a function with its results kept."""
    if isinstance(kept, functools._lru_cache_wrapper):
        return attributes_of(kept)
    return {name: values[0] for name, values in kept._keys.attributes().items()}


def data_of_class(kind: type) -> Iterator[str]:
    """The names by which the methods of a stage's class reach data that is neither a field nor said by its name and version:
    variables around the class, and attributes of a class that a function makes, or that is derived from the one with
    the name and version. Attributes of another class are its source, which counts by the version."""
    named = next((n for n, each in enumerate(kind.__mro__) if {"op_name", "version"} & set(vars(each))), 0)
    declared = getattr(kind, "__dataclass_fields__", {})
    fields = {name for name, each in declared.items() if each._field_type.name != "_FIELD_CLASSVAR"}
    fields |= {*getattr(kind, "model_fields", ())}
    for number, each in enumerate(kind.__mro__):
        made = "<locals>" in each.__qualname__
        written = made or not (is_pythons_own(each.__module__) or version_of_package(each.__module__) is not None)
        for name, member in vars(each).items():
            if written and name not in _ANNOTATE and not _by_dataclass(each, name):
                for function in _functions_of(member):
                    yield from data_around(function)
            own = name in fields or name in _NAMES or name.startswith("__")
            if (made or number < named) and not own and is_data(member):
                yield name


_ANNOTATE = ("__annotate__", "__annotate_func__")  # gives the annotations from Python 3.14 on, with the class around it
_NAMES = ("op_name", "version", "model_config", "model_fields", "model_computed_fields", "_is_protocol", "_is_runtime_protocol")


def _functions_of(member: Any) -> list[Any]:
    """What of a class's member is called."""
    if isinstance(member, (classmethod, staticmethod)):
        found: list[Any] = [member.__func__]
    elif isinstance(member, property):
        found = [member.fget, member.fset, member.fdel]
    elif isinstance(member, functools.cached_property):
        found = [member.func]
    elif isinstance(member, functools.partialmethod):
        found = [functools.partial(member.func, *member.args, **member.keywords)]
    else:
        found = [member] if isinstance(member, types.FunctionType) or keeps_results_of(member) else []
    return [each for each in found if each is not None]


def _by_dataclass(kind: type, name: str) -> bool:
    """Whether dataclasses write it, with the defaults of fields around it."""
    made = ("init", "repr", "eq", "lt", "le", "gt", "ge", "hash", "setattr", "delattr", "replace", "getstate", "setstate")
    return "__dataclass_fields__" in vars(kind) and name.strip("_") in made and name.startswith("__")


def _data_of(value: Any, name: str, met: tuple[Any, ...]) -> Iterator[str]:
    if isinstance(value, types.MethodType) and not isinstance(value.__self__, type) and is_data(value.__self__):
        yield name
    elif isinstance(value, (types.FunctionType, types.MethodType, functools.partial)) or keeps_results_of(value):
        yield from data_around(value, name, met)
    elif is_data(value):
        yield name


def owner_of(function: Any) -> Any:
    """The object whose content a call of it may use: of a method its object, of an object that is called itself, as is one
    that passes for a function. None for functions and methods of classes."""
    if passes_for_another(function):
        return function
    if isinstance(function, types.MethodType):
        return None if isinstance(function.__self__, type) else function.__self__
    compiled = type(function).__name__ in (*OF_CYTHON, "ufunc")
    plain = isinstance(function, (types.FunctionType, types.BuiltinFunctionType, type)) or keeps_results_of(function)
    return None if plain or compiled else function


def is_data(value: Any) -> bool:
    """Numbers, texts, containers, arrays, and what else neve could keep exactly."""
    if isinstance(value, (*_DATA, *_CONTAINERS)) or hasattr(value, "__array_interface__"):
        return True
    if isinstance(value, type) or value is None:
        return False
    try:
        return describe(value, False) is not None
    except Error:  # it is of such a kind, with more in it
        return True
