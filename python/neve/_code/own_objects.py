"""Objects of classes written in Python that are neither arguments nor results, as far as all that they hold can be seen."""

from __future__ import annotations

import collections
import functools
import types
from typing import TYPE_CHECKING, Any

from neve._code.attributes import is_of_tools
from neve._code.class_parts import is_compiled
from neve._code.functions import has_identity, is_made_of_python
from neve._code.packages import is_of_own_module
from neve._values.fields import cached_of
from neve._values.type_names import type_path

if TYPE_CHECKING:
    from collections.abc import Callable


def content_of(value: Any) -> tuple[str, Any] | None:
    """Tag and content of what is derived from a dict, a list, a number, a text: these and its attributes; of an object that
    has no attributes its class. None of others."""
    kind = type(value)
    held = _attributes(value)
    if held is None:
        return None
    derived = [each for each in kind.__mro__ if each is not object and is_made_of_python(each)]
    builtin = [each for each in kind.__mro__ if each is not object and each not in derived]
    if any(map(is_compiled, derived)) or any(vars(each).get("__slots__") for each in derived):
        return None
    if not builtin:
        empty = not held and is_of_own_module(kind.__module__) and kind.__basicsize__ <= _Nothing.__basicsize__
        return ("object", {"type": type_path(kind)}) if empty else None
    if builtin[0] not in _CONTENT or builtin != [each for each in builtin[0].__mro__ if each is not object]:
        return None
    return "object", {"attributes": held, "of": _CONTENT[builtin[0]](value), "type": type_path(kind)}


def functions_around(value: Any) -> tuple[dict[str, Any], bool]:
    """The functions, and such objects around them, that an object of a class of the user's has as attributes which is called
    or stands in a class, as decorators do that are classes; and whether it has others."""
    held = _attributes(value)
    if not held or not _stands_for_function(value):
        return {}, True
    functions = {name: each for name, each in held.items() if _is_function(each) or _stands_for_function(each)}
    return functions, any(name not in functions and not is_of_tools(name) for name in held) or is_compiled(type(value))


def _is_function(value: Any) -> bool:
    return type(value) in (types.FunctionType, functools._lru_cache_wrapper) or has_identity(value)


def _stands_for_function(value: Any) -> bool:
    kind = type(value)
    stands = (callable(value) or hasattr(kind, "__get__")) and not issubclass(kind, type)
    return stands and is_of_own_module(kind.__module__)


def _attributes(value: Any) -> dict[str, Any] | None:
    try:
        held = object.__getattribute__(value, "__dict__")
    except AttributeError:
        return {}
    except Exception:  # what anybody's class does when it is asked
        return None
    if held is value:  # `self.__dict__ = self`
        return {}
    if type(held) is not dict:
        return None
    cached = cached_of(value)
    return {name: each for name, each in held.items() if name not in cached}


class _Nothing:
    pass


_CONTENT: dict[type, Callable[[Any], Any]] = {  # of what is derived from them, whatever methods that has
    dict: lambda value: dict(dict.items(value)),
    collections.OrderedDict: lambda value: dict(dict.items(value)),
    collections.defaultdict: lambda value: [value.default_factory, dict(dict.items(value))],
    list: lambda value: list(list.__iter__(value)),
    tuple: lambda value: list(tuple.__iter__(value)),
    set: lambda value: set(set.__iter__(value)),
    frozenset: lambda value: set(frozenset.__iter__(value)),
    str: str.__str__,
    int: int.__int__,
    float: float.__float__,
}
