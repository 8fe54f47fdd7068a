"""Functions, classes and modules as parts of a key."""

from __future__ import annotations

import functools
import sys
import types
from typing import Any

from neve._code.class_parts import describe_part
from neve._code.function_parts import function_parts, given_attributes
from neve._code.functions import has_identity, object_of
from neve._code.packages import is_pythons_own
from neve._code.source import found_by_name, qualified_name
from neve._code.surroundings import reads_around
from neve.errors import InvalidArgumentError


def describe_code(value: Any) -> tuple[str, Any] | None:
    """Functions, classes and modules as parts of a key, and what is around them; never of a result. The encoder sees to
    it that a function or class that refers to itself, by way of others perhaps, is described once."""
    if has_identity(value):
        return "function", value.__neve_identity__()
    if isinstance(value, types.FunctionType):
        return "function", _with_reads(value, function_parts(value))
    if isinstance(value, types.BuiltinFunctionType):
        return _describe_builtin(value)
    if type(value).__name__ == "ufunc":
        name: str = value.__name__
        for module in ("numpy", "scipy.special"):
            if getattr(sys.modules.get(module), name, None) is value:
                return "builtin", f"{module}.{name}"
        return None  # made from a function by frompyfunc: its name says nothing
    if type(value).__name__ == "_ArrayFunctionDispatcher":
        return _describe_dispatcher(value)
    if isinstance(value, types.ModuleType):
        version = getattr(value, "__version__", None)
        if version is None and not is_pythons_own(value.__name__):
            raise InvalidArgumentError(f"the module {value.__name__} has no __version__ to depend on; name a text instead")
        return "module", [value.__name__, str(version)]
    if isinstance(value, functools._lru_cache_wrapper):
        attributes = given_attributes(value)
        return ("cached", {**attributes, "of": value.__wrapped__}) if attributes else describe_code(value.__wrapped__)
    found = describe_part(value)
    return ("class", _with_reads(value, found[1])) if found and found[0] == "class" and hasattr(value, "__mro__") else found


def _with_reads(value: Any, parts: dict[str, Any]) -> dict[str, Any]:
    reads = reads_around(value)
    return dict(sorted({**parts, "reads": reads}.items())) if reads else parts


def _describe_builtin(value: types.BuiltinFunctionType) -> tuple[str, Any] | None:
    owner = object_of(value)
    if owner is None:
        return "builtin", qualified_name(value)
    if isinstance(owner, type):  # `tuple.__new__`
        return "builtin", {"name": value.__name__, "of": owner}
    return None


def _describe_dispatcher(value: Any) -> tuple[str, Any] | None:
    """NumPy's own, such as `numpy.mean`, by name and version: what their defaults hold has no exact form. Of another that
    somebody made with NumPy's decorator the function behind it."""
    module, name = value.__module__, value.__qualname__
    if module.partition(".")[0] == "numpy" and found_by_name(module, name) is value:
        return "builtin", {"name": f"{module}.{name}", "version": sys.modules["numpy"].__version__}
    return describe_code(value._implementation)
