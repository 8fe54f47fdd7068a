"""What a function's parameters and an author's `depends` are called."""

from __future__ import annotations

import functools
import inspect
import types
from typing import TYPE_CHECKING, Any, cast

from neve._code.functions import keeps_results_of, stamp_of
from neve._code.source import found_by_name
from neve.errors import InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Parameters:
    """How the arguments of a call are called, defaults filled in and without those that do not count."""

    __slots__ = ("_called", "_defaults", "_ignored", "_more_names", "_names", "_signature", "_simple", "ignored")

    def __init__(self, function: Any, ignored: frozenset[str]) -> None:
        """`ignored`: names of which some may be no parameters. Raises InvalidArgumentError for a function that does not tell
        its parameters."""
        try:
            self._signature = signature_of(function)
        except ValueError as error:
            raise InvalidArgumentError(f"{function.__qualname__} does not tell its parameters: {error}") from None
        self._called = function.__qualname__
        parameters = self._signature.parameters.values()
        self._names: dict[str, None] = dict.fromkeys(self._signature.parameters)
        self._defaults = {each.name: each.default for each in parameters if each.default is not inspect.Parameter.empty}
        plain = all(each.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD for each in parameters)
        self._more_names = next((each.name for each in parameters if each.kind is inspect.Parameter.VAR_KEYWORD), None)
        known = set(self._names)
        if self._more_names is not None:  # a decorator passes them on
            known |= set(inspect.signature(function).parameters)
        self._ignored = self.ignored = ignored & known
        self._simple = plain and not self.ignored

    def names(self) -> list[str]:
        return list(self._names)

    def named(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        """Raises TypeError, naming the function, for arguments that it does not take."""
        if self._simple and len(args) <= len(self._names):
            given = dict(zip(self._names, args, strict=False))  # the defaults follow
            if not kwargs:
                if len(given) == len(self._names):
                    return given
            elif given.keys().isdisjoint(kwargs):
                given.update(kwargs)
            else:
                return self._bound(args, kwargs)
            arguments = {**self._defaults, **given}
            if len(arguments) == len(self._names) and arguments.keys() == self._names.keys():
                return arguments
        return self._bound(args, kwargs)

    def _bound(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        try:
            bound = self._signature.bind(*args, **kwargs)
        except TypeError as error:
            raise TypeError(f"{self._called}(): {error}") from None
        bound.apply_defaults()
        more = self._more_names
        if more is not None and more not in self._ignored:  # f(p=1, q=2) and f(q=2, p=1) are one call
            further = sorted(bound.arguments[more].items())
            bound.arguments[more] = {name: value for name, value in further if name not in self._ignored}
        return {name: value for name, value in bound.arguments.items() if name not in self._ignored}


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

    def __bool__(self) -> bool:
        return bool(self._named) or self._own

    def now(self) -> list[tuple[str, Any]]:
        """Names and what they stand for at this moment."""
        return [(name, self._current(name, value)) for name, value in self._named.items()]

    def words(self) -> frozenset[str]:
        """The names that the author has given to values."""
        return frozenset(self._named) if self._own else frozenset()

    def called(self) -> frozenset[tuple[str, str]]:
        """Modules and names of functions and classes."""
        return frozenset((each.__module__, each.__qualname__) for each in self._named.values() if _has_name(each))

    def as_they_are(self) -> Any:
        """What stands for the author's words now, for another process: the names there lead elsewhere or nowhere."""
        now = dict(self.now())
        return now if self._own else tuple(now.values())

    def stamp(self) -> tuple[Any, ...] | None:
        """Objects that are the same as long as `now` gives what it gave; None if that cannot be told."""
        if self._own:
            return None
        if not self._named:
            return ()
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
    return found_by_name(value.__module__, value.__qualname__) if _has_name(value) else None


def _has_name(value: Any) -> bool:
    if type(value) is functools._lru_cache_wrapper:  # of something that has none, perhaps
        return hasattr(value, "__qualname__")
    return isinstance(value, (types.FunctionType, type)) or keeps_results_of(value)


def _named(depends: Iterable[Any] | Mapping[str, Any]) -> Mapping[str, Any]:
    if hasattr(depends, "items"):
        return cast("Mapping[str, Any]", depends)
    named: dict[str, Any] = {}
    for each in depends:
        name = each if isinstance(each, str) else getattr(each, "__qualname__", getattr(each, "__name__", None))
        if name is None:
            raise InvalidArgumentError(f"depends holds a {type(each).__qualname__} without a name; give a dict of names")
        if named.setdefault(str(name), each) is not each:
            raise InvalidArgumentError(f"depends holds two things called {name}; give a dict of names")
    return named
