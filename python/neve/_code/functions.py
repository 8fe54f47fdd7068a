"""What a function or a value beside it is: what can be seen of it, what is around it, what may change unseen."""

from __future__ import annotations

import functools
import operator
import types
from typing import Any

from neve._code.attributes import attributes_of
from neve._code.packages import is_pythons_own
from neve._code.source import found_by_name
from neve._values.disguise import passes_for_another
from neve.errors import InvalidArgumentError


def plain_function(given: Any) -> Any:
    """The function or method in `given`, whose code and closure can be seen: itself, or what functools.cache and
    lru_cache wrap. Raises InvalidArgumentError for other objects: they may hold anything that their results depend on.
    """
    if type(given) is functools._lru_cache_wrapper:
        return plain_function(given.__wrapped__)
    python = type(given) in (types.FunctionType, types.MethodType, types.BuiltinFunctionType)  # wrappers pass for these
    if python and passes_for_another(getattr(given, "__func__", None)):
        return plain_function(given.__func__)  # refused
    if python or type(given).__name__ in OF_CYTHON:
        return given
    if isinstance(given, (classmethod, staticmethod, property)):
        raise InvalidArgumentError(f"neve.memo keeps the results of functions; put it below @{type(given).__name__}, not above")
    raise InvalidArgumentError(
        f"neve.memo keeps the results of functions and methods, not of a {type(given).__qualname__}, whose content it could "
        "not see; define a function that calls it"
    )


OF_CYTHON = ("cython_function_or_method", "fused_cython_function")  # names of types that each module has of its own


def keeps_results_of(value: Any) -> bool:
    """Whether it is a function with its results kept, by functools or by neve; `__wrapped__` is that function."""
    return type(value) is functools._lru_cache_wrapper or has_identity(value)


def function_within(value: Any) -> types.FunctionType | None:
    """The function written in Python that a value is, keeps the results of, or is a method by; None of others."""
    while keeps_results_of(value):
        value = value.__wrapped__
    value = getattr(value, "__func__", value) if type(value) is types.MethodType else value
    return value if type(value) is types.FunctionType else None


def has_identity(value: Any) -> bool:
    """Whether its class says what it is in a key. An object may have any name, and a class by its metaclass."""
    kind = type(value)
    return hasattr(kind, "__neve_identity__") and any("__neve_identity__" in vars(each) for each in kind.__mro__)


def object_of(function: Any) -> Any:
    """The object or class whose method it is, written in Python or, as `table.get`, not; None of other functions."""
    owner = None if isinstance(function, types.FunctionType) else getattr(function, "__self__", None)
    return None if isinstance(owner, types.ModuleType) else owner


def closure_of(function: Any) -> dict[str, Any]:
    """The values of the variables the function takes from around it."""
    names = function.__code__.co_freevars
    cells = function.__closure__ or ()
    values = {}
    for name, cell in zip(names, cells, strict=True):
        try:
            values[name] = cell.cell_contents
        except ValueError:  # not assigned yet; the function itself in a recursive definition
            continue
    return {
        name: value
        for name, value in values.items()
        if (value.__wrapped__ if keeps_results_of(value) else value) is not function
    }


def stamp_of(value: Any) -> tuple[Any, ...] | None:
    """What tells a dependency from what it was in the last call without looking into it: objects that are the same as
    long as it is. None for what may change unseen: somebody may write into a list, an array, a class between two calls.
    """
    if isinstance(value, types.FunctionType):
        if not (value.__closure__ or value.__dict__ or value.__defaults__ or value.__kwdefaults__):
            return (value, value.__code__)
        defaults = (*(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values())
        if value.__closure__ or attributes_of(value) or not all(isinstance(each, _FIXED) for each in defaults):
            return None
        return (value, value.__code__, *defaults)
    if isinstance(value, types.ModuleType):  # reloading leaves the object
        version = getattr(value, "__version__", None)
        return (value, version) if isinstance(version, _FIXED) else None
    fixed = isinstance(value, (*_FIXED, types.BuiltinFunctionType))
    return (value,) if fixed or (isinstance(value, type) and not is_made_of_python(value)) else None


def are_same_stamps(one: tuple[Any, ...] | None, other: tuple[Any, ...]) -> bool:
    return one is other or (one is not None and len(one) == len(other) and all(map(operator.is_, one, other)))


_FIXED = (str, bytes, int, float, complex, type(None))


def is_made_of_python(kind: type) -> bool:
    """Whether a class came about by a `class` statement or a call of `type`, so that what it has can be replaced."""
    heap_type, immutable_type = 1 << 9, 1 << 8  # of CPython's tp_flags
    return bool(kind.__flags__ & heap_type) and not kind.__flags__ & immutable_type


def is_class_of_python(kind: type) -> bool:
    """Named by the version of Python, which is in the code digests anyhow. A module's name alone says nothing: what
    dataclasses.make_dataclass makes is in `types`."""
    if not is_pythons_own(kind.__module__):
        return False
    return not is_made_of_python(kind) or found_by_name(kind.__module__, kind.__qualname__) is kind
