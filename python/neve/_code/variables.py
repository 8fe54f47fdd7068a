"""Global variables and attributes of objects: what they are called, which of them are Python's."""

from __future__ import annotations

import functools
import types
from typing import TYPE_CHECKING, Any

from neve._code.functions import has_identity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def keeps_itself(value: Any, name: str) -> bool:
    """Whether an attribute is what the object has under that name, without anything of its class in between."""
    kind: Any = type(value)
    if isinstance(value, (type, types.FunctionType, functools._lru_cache_wrapper)) or has_identity(value):
        return False
    if kind.__getattribute__ is not object.__getattribute__ and kind is not types.SimpleNamespace:
        return False
    kept = getattr(value, "__dict__", None)
    if type(kept) is not dict or name not in kept:
        return False
    found = next((vars(each)[name] for each in kind.__mro__ if name in vars(each)), None)
    return not hasattr(type(found), "__set__")


OF_PYTHON = frozenset(  # every module has them: where it lies and how it was loaded
    "__annotations__ __builtins__ __cached__ __debug__ __dict__ __doc__ __file__ __loader__ __name__ __package__ __path__ "
    "__spec__ __warningregistry__".split()
)


def home_of(function: Any) -> str:
    """What the module is called whose global variables need no prefix."""
    variables = getattr(function, "__globals__", None) or getattr(getattr(function, "__func__", None), "__globals__", None)
    return module_name(variables or {"__name__": getattr(function, "__module__", None)})


def within(home: str, names: Iterable[str]) -> frozenset[str]:
    return frozenset(form for each in names for form in (each, f"{home}.{each}"))


def module_name(variables: Mapping[str, Any], word: str = "__name__") -> str:
    name = variables.get(word)
    return "__main__" if name == "__mp_main__" else str(name)
