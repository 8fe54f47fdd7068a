"""What a function's parameters and an author's `depends` are called."""

from __future__ import annotations

import functools
import inspect
import types
from typing import TYPE_CHECKING, Any, cast

from neve._source import found_by_name, stamp_of
from neve.errors import InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def parameters_of(signature: inspect.Signature) -> tuple[dict[str, None], dict[str, Any], bool]:
    """Names in order, defaults, and whether every parameter can be given by position or by name."""
    parameters = signature.parameters.values()
    simple = all(each.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD for each in parameters)
    defaults = {each.name: each.default for each in parameters if each.default is not inspect.Parameter.empty}
    return dict.fromkeys(signature.parameters), defaults, simple


def signature_of(function: Any) -> inspect.Signature:
    """Of what runs: a decorator may say, by `__wrapped__` or `__signature__`, that it has the parameters and defaults of
    what it wraps, and pass others on."""
    if isinstance(function, types.MethodType):
        return inspect.signature(types.MethodType(_bare(function.__func__), function.__self__), follow_wrapped=False)
    return inspect.signature(_bare(function), follow_wrapped=False)


def _bare(function: Any) -> Any:
    """The same without attributes."""
    if isinstance(function, functools._lru_cache_wrapper):
        return _bare(function.__wrapped__)
    if not isinstance(function, types.FunctionType):
        return function
    bare = types.FunctionType(
        function.__code__, function.__globals__, function.__name__, function.__defaults__, function.__closure__
    )
    bare.__kwdefaults__ = function.__kwdefaults__
    bare.__annotations__ = {}
    return bare


class Dependencies:
    """What a function's author says that it depends on, by name. A mapping is the author's own: what it holds later
    counts later. A function or class that its name leads to is looked up by that name each time: after a reload, or
    when a notebook's cell has run again, another is called."""

    def __init__(self, depends: Iterable[Any] | Mapping[str, Any]) -> None:
        self._own = hasattr(depends, "items")
        self._named = _named(depends)
        self._at_home = {name: value for name, value in self._named.items() if _here(value) is value}

    def now(self) -> list[tuple[str, Any]]:
        """Names and what they stand for at this moment."""
        return [(name, self._current(name, value)) for name, value in self._named.items()]

    def stamp(self) -> tuple[Any, ...] | None:
        """Objects that are the same as long as `now` gives what it gave; None if that cannot be told."""
        if self._own:
            return None
        stamps = [stamp_of(value) for _, value in self.now()]
        if None in stamps:
            return None
        return tuple(part for stamp in stamps if stamp is not None for part in stamp)

    def _current(self, name: str, value: Any) -> Any:
        if self._at_home.get(name, self) is not value:
            return value
        found = _here(value)
        return value if found is None else found


def _here(value: Any) -> Any:
    """What the name of a function or class leads to; None for other values."""
    if not isinstance(value, (types.FunctionType, type)) and not hasattr(type(value), "__neve_identity__"):
        return None
    return found_by_name(value.__module__, value.__qualname__)


def _named(depends: Iterable[Any] | Mapping[str, Any]) -> Mapping[str, Any]:
    if hasattr(depends, "items"):
        return cast("Mapping[str, Any]", depends)
    named: dict[str, Any] = {}
    for each in depends:
        name = each if isinstance(each, str) else getattr(each, "__qualname__", getattr(each, "__name__", None))
        if name is None:
            raise InvalidArgumentError(
                f"depends holds a {type(each).__qualname__} without a name; give a dict of names"
            )
        if named.setdefault(str(name), each) is not each:
            raise InvalidArgumentError(f"depends holds two things called {name}; give a dict of names")
    return named
