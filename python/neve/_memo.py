"""`neve.Memo`: a function whose results are kept, under keys made from everything they depend on."""

from __future__ import annotations

import functools
import inspect
import operator
import random
import threading
import types
import warnings
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar, cast, overload

from neve import _arguments, _neve
from neve._describe import describe, knows_types_of, restore
from neve._parameters import Dependencies, parameters_of, signature_of
from neve._recent import RecentCalls, Why
from neve._shelved import Shelved
from neve._source import (
    closure_of,
    code_digest,
    copy_of,
    found_by_name,
    plain_function,
    qualified_name,
    source_digest,
    stamp_of,
)
from neve.errors import InvalidArgumentError, IoError, UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from neve.cache import Cache

P = ParamSpec("P")
Q = ParamSpec("Q")
R = TypeVar("R")
S = TypeVar("S")

_computing = threading.local()


class NotDeterministicWarning(UserWarning):
    """A function gave another result for the arguments of a stored call."""


class NotStoredWarning(UserWarning):
    """A result was returned without being kept: it has no exact form, or the cache did not take it."""


class Memo(Generic[P, R]):
    """A function whose results are kept. Made by `neve.memo`; safe from threads, picklable as the function is."""

    def __init__(
        self,
        function: Callable[P, R],
        cache: Cache,
        *,
        version: str,
        depends: Iterable[Any] | Mapping[str, Any],
        ignore: Iterable[str],
        ttl_s: float | None,
        verify: float,
        source: bool,
        writable: bool,
        mapped: bool,
    ) -> None:
        for name, given in (("depends", depends), ("ignore", ignore)):
            if isinstance(given, (str, bytes)):
                raise InvalidArgumentError(f"{name}={given!r} is one text, not several things; give [{given!r}]")
        options = {
            "version": version,
            "depends": depends if hasattr(depends, "items") else tuple(_arguments.values("depends", depends)),
            "ignore": tuple(_arguments.text("ignore", each) for each in _arguments.values("ignore", ignore)),
            "ttl_s": ttl_s,
            "verify": verify,
            "source": source,
            "writable": writable,
            "mapped": mapped,
        }
        self._set_up(function, cache, options, parts=None)

    def _set_up(
        self, function: Callable[P, R], cache: Cache, options: dict[str, Any], parts: dict[str, Any] | None
    ) -> None:
        """`parts`: what was made of the function's source where that was to be had."""
        plain = plain_function(function)
        if function.__module__ in ("__main__", "__mp_main__"):
            knows_types_of(plain)
        functools.update_wrapper(self, function)
        self._options = options
        version, ignore = options["version"], options["ignore"]
        self.__qualname__: str = function.__qualname__
        self.func = function
        self._name: str = qualified_name(function) if parts is None else parts["name"]
        self.cache = cache
        self.version: str = version
        if inspect.iscoroutinefunction(function) or inspect.isgeneratorfunction(function):
            raise InvalidArgumentError(
                f"{function.__qualname__} gives no result but a coroutine or generator; wrap what it gives"
            )
        try:
            self._signature = signature_of(function)
        except ValueError as error:
            raise InvalidArgumentError(f"{function.__qualname__} does not tell its parameters: {error}") from None
        self._ttl_s: float | None = options["ttl_s"]
        self._verify: float = options["verify"]
        self._writable: bool = options["writable"]
        self._mapped: bool = options["mapped"]
        self._ignored = frozenset(ignore)
        self._names, self._defaults, self._simple = parameters_of(self._signature)
        kinds = self._signature.parameters.values()
        self._more_names = next((each.name for each in kinds if each.kind is inspect.Parameter.VAR_KEYWORD), None)
        self._simple = self._simple and not self._ignored
        unknown = self._ignored - set(self._signature.parameters)
        if unknown and self._more_names is not None:  # a decorator passes them on
            unknown -= set(inspect.signature(function).parameters)
        if unknown:
            raise InvalidArgumentError(f"{self.__qualname__} has no parameter {sorted(unknown)[0]!r} to ignore")
        self._depends = Dependencies(options["depends"])
        self._fixed: dict[str, Any] = {}
        if not options["source"] and not version:
            raise InvalidArgumentError(
                f"{self.__qualname__} without its source needs a version=..., to be raised whenever its results change"
            )
        if parts is not None:
            self._fixed |= parts["fixed"]
        elif options["source"]:
            self._fixed["source"] = source_digest(plain)
            if function.__name__ == "<lambda>":
                self._fixed["code"] = code_digest(plain)
        if self._ignored:
            self._fixed["ignore"] = sorted(self._ignored)
        # A method's object, for the key: bound in advance, it is no argument.
        self._owner = function.__self__ if inspect.ismethod(function) else None
        self._plain = plain
        self._closes_over = bool(getattr(plain, "__closure__", None))
        self._changes = self._closes_over or self._owner is not None
        self._made: tuple[tuple[Any, ...], _neve.CallTable] | None = None
        if self._owner is None:
            self._table()  # refuses what it cannot see at once
        self._recent = RecentCalls(cache, self._name)
        self._counts = {"hits": 0, "misses": 0, "waited": 0, "not_stored": 0, "unreadable": 0}
        self._counts |= {"verified": 0, "not_deterministic": 0}

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """The function's result: the stored one, or computed and stored. Threads and processes on this machine that ask
        for the same call at the same time compute it once.

        Raises UnsupportedError, naming the argument and the place in it, for what cannot be hashed exactly.
        """
        arguments, table = self._arguments(args, kwargs), self._table()
        found, value = table.lookup(arguments, self._writable, self._mapped)
        if not found:
            self._counts["unreadable"] += value is not None
            return self._compute(table, arguments, args, kwargs, in_the_way=value)
        self._counts["hits"] += 1
        if self._verify and random.random() < self._verify:
            self._check(value, table.key(arguments), args, kwargs)
        result: R = value
        return result

    def call(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Computes and stores the result, whatever is stored."""
        arguments, table = self._arguments(args, kwargs), self._table()
        key, recipe = table.key(arguments), table.recipe(arguments)
        result: R
        result, role = table.recompute(
            key, recipe, lambda: self.func(*args, **kwargs), self._ttl_s, self._writable
        )
        self._note(role, key, recipe)
        return result

    def check_call_in_cache(self, *args: P.args, **kwargs: P.kwargs) -> bool:
        """Whether this call would probably be a hit."""
        return self.cache.exists(self.key(*args, **kwargs))

    def call_and_shelve(self, *args: P.args, **kwargs: P.kwargs) -> Shelved[R]:
        """Computes if need be and gives a reference to the stored result instead of the result."""
        self(*args, **kwargs)
        return Shelved(functools.partial(self, *args, **kwargs), self.cache, self.key(*args, **kwargs))

    def key(self, *args: P.args, **kwargs: P.kwargs) -> str:
        """The key of this call, 64 hexadecimal digits."""
        return self._table().key(self._arguments(args, kwargs))

    def why(self, *args: P.args, **kwargs: P.kwargs) -> Why:
        """Whether this call is stored, and if not, what differs from the nearest one that is. Print it."""
        arguments, table = self._arguments(args, kwargs), self._table()
        return self._recent.why(table.key(arguments), table.recipe(arguments))

    def clear(self, warn: bool = True) -> int:
        """Forgets every stored call of this function, of all its versions; how many. Needs a cache in a folder, or
        one that is off, which has none.

        `warn` is there for those who come from joblib.
        """
        if self.cache.name == "none":
            return 0
        self._recent.forget()
        return sum(self.cache.delete(key) for key in self.cache._keys_of(self._name))

    def stats(self) -> dict[str, int]:
        """What this object has done so far: hits, misses, waited (for another's result), not_stored, unreadable
        (stored, but no value here), verified, not_deterministic."""
        return dict(self._counts)

    def _table(self) -> _neve.CallTable:
        """Made anew for each call if what it stands on may have changed: variables that the function closes over, the
        object of a method, dependencies that are values or are others by now."""
        stamp = None if self._changes else self._depends.stamp()
        if stamp is None:
            return self._make_table()
        made = self._made
        if made is None or len(made[0]) != len(stamp) or not all(map(operator.is_, made[0], stamp)):
            made = self._made = (stamp, self._make_table())
        return made[1]

    def _make_table(self) -> _neve.CallTable:
        fixed = dict(self._fixed)
        if self._closes_over:
            fixed["closure"] = closure_of(self._plain)
        if self._owner is not None:
            fixed["self"] = self._owner
        digests: dict[str, Any] = {each: _neve.value_digest(value, describe) for each, value in fixed.items()}
        digests["depends"] = {each: _neve.value_digest(value, describe) for each, value in self._depends.now()}
        return _neve.CallTable(self.cache, self._name, self.version, digests, describe, restore)

    def _arguments(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        if self._simple and len(args) <= len(self._names):
            given = dict(zip(self._names, args))
            if not kwargs:
                if len(given) == len(self._names):
                    return given
            elif given.keys().isdisjoint(kwargs):
                given.update(kwargs)
            arguments = {**self._defaults, **given}
            if len(arguments) == len(self._names) and arguments.keys() == self._names.keys():
                return arguments
        return self._bound(args, kwargs)

    def _bound(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        bound = self._signature.bind(*args, **kwargs)
        bound.apply_defaults()
        more = self._more_names
        if more is not None and more not in self._ignored:  # f(p=1, q=2) and f(q=2, p=1) are one call
            bound.arguments[more] = dict(sorted(bound.arguments[more].items()))
            bound.arguments[more] = {name: value for name, value in bound.arguments[more].items() if name not in self._ignored}
        return {name: value for name, value in bound.arguments.items() if name not in self._ignored}

    def _compute(
        self, table: _neve.CallTable, arguments: dict[str, Any], args: Any, kwargs: Any, in_the_way: str | None
    ) -> R:
        key, recipe = table.key(arguments), table.recipe(arguments)
        running: set[str] = _computing.__dict__.setdefault("keys", set())
        if key in running:
            if self._ignored:  # it called itself, with others of the arguments that do not count
                return self.func(*args, **kwargs)
            raise InvalidArgumentError(f"{self.__qualname__} called itself with the same arguments")
        running.add(key)
        try:
            result: R
            # An entry that is there and cannot be made a value would be found again and again.
            compute = table.compute if in_the_way is None else table.recompute
            result, role = compute(
                key, recipe, lambda: self.func(*args, **kwargs), self._ttl_s, self._writable
            )
        finally:
            running.discard(key)
        self._note(role, key, recipe)
        return result

    def _note(self, role: str, key: str, recipe: str) -> None:
        if role in ("found", "waited"):
            self._counts["waited"] += 1
            return
        self._counts["misses"] += 1
        how, _, reason = role.partition(": ")
        if how in ("kept out", "declined"):
            self._counts["not_stored"] += 1
            text = f"the result of {self._name} is not kept: {reason}"
            if how == "declined" and self.cache._raise_failures:
                raise IoError(text)
            warnings.warn(NotStoredWarning(text), stacklevel=4)
            return
        self._recent.add(key, recipe)

    def _check(self, value: Any, key: str, args: Any, kwargs: Any) -> None:
        stored = _neve.value_digest(value, describe)  # first: the function may write into its arguments
        try:
            fresh = self.func(*args, **kwargs)
        except Exception as error:  # what is stored is as good as it was
            self._counts["not_deterministic"] += 1
            text = f"{self._name}, computed anew, raised {error!r}; the call stored under {key} has a result"
            warnings.warn(NotDeterministicWarning(text), stacklevel=4)
            return
        self._counts["verified"] += 1
        try:
            same = _neve.value_digest(fresh, describe) == stored
        except UnsupportedError:
            same = False
        if not same:
            self._counts["not_deterministic"] += 1
            text = (
                f"{self._name} is not deterministic: computed anew, the call stored under "
                f"{key} gave another result. Give it what it depends on as an argument "
                "(a seed, a path's content) or name it in depends=, or do not keep its results"
            )
            warnings.warn(NotDeterministicWarning(text), stacklevel=3)

    @overload
    def __get__(self, instance: None, owner: type | None = None) -> Memo[P, R]: ...
    @overload
    def __get__(self: Memo[Concatenate[S, Q], R], instance: S, owner: type | None = None) -> BoundMemo[Q, R]: ...
    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return self if instance is None else BoundMemo(self, instance)

    def __reduce__(self) -> Any:
        """By name where the name leads here, as with `@neve.memo`; else by the function, as after `g2 = memo(g)`. A
        function of a script goes to pickle by name, too, and to cloudpickle, which joblib uses, by what it is made of:
        the processes of the latter do not run the script."""
        if found_by_name(self.__module__, self.__qualname__) is not self:
            return _unfilled, (), (self.func, self.cache, self._options, self._own_parts())
        if self.__module__ in ("__main__", "__mp_main__") and isinstance(self.func, types.FunctionType):
            return _unfilled, (), self._traveller
        return self.__qualname__

    def __setstate__(self, state: Any) -> None:
        if isinstance(state, tuple):
            function, cache, options, parts = state
        else:
            name, cache, options, parts = state.__neve_memo__
            here = found_by_name(state.__module__, name)
            if isinstance(here, Memo) and here.__dict__.get("_traveller") is state:
                self.__dict__ = here.__dict__  # this process has run the script: one function, one state
                return
            function = copy_of(state, name)
            del function.__dict__["__neve_memo__"]
        self._set_up(function, cache, options, parts)

    @functools.cached_property
    def _traveller(self) -> Any:
        """The function under a name that leads to it (`__main__.f._traveller`), with what it takes to make this object."""
        twin: Any = copy_of(cast(types.FunctionType, self.func), f"{self.__qualname__}._traveller")
        twin.__neve_memo__ = (self.__qualname__, self.cache, self._options, self._own_parts())
        return twin

    def _own_parts(self) -> dict[str, Any]:
        """What is in the key for good: where a function travels to, neither its file nor its source may be had."""
        fixed = {name: part for name, part in self._fixed.items() if name in ("source", "code")}
        return {"name": self._name, "fixed": fixed}

    def __neve_identity__(self) -> dict[str, Any]:
        closure = closure_of(self._plain) if self._closes_over else {}
        defaults = [list(getattr(self._plain, "__defaults__", None) or ()), getattr(self._plain, "__kwdefaults__", None)]
        return {
            "closure": closure,
            "defaults": defaults,
            "depends": dict(self._depends.now()),
            "fixed": self._fixed,
            "name": self._name,
            "self": self._owner,
            "version": self.version,
        }

    def __repr__(self) -> str:
        return f"<neve.memo {self._name} in {self.cache.url}>"


class BoundMemo(functools.partial[R], Generic[Q, R]):
    """A method whose results are kept, of one object: `memo`'s words with that object as the first argument."""

    if TYPE_CHECKING:

        def __call__(self, *args: Q.args, **kwargs: Q.kwargs) -> R: ...

    def call(self, *args: Q.args, **kwargs: Q.kwargs) -> R:
        """`Memo.call`."""
        given: R = self._memo.call(*self.args, *args, **kwargs)
        return given

    def check_call_in_cache(self, *args: Q.args, **kwargs: Q.kwargs) -> bool:
        """`Memo.check_call_in_cache`."""
        given: bool = self._memo.check_call_in_cache(*self.args, *args, **kwargs)
        return given

    def call_and_shelve(self, *args: Q.args, **kwargs: Q.kwargs) -> Shelved[R]:
        """`Memo.call_and_shelve`."""
        given: Shelved[R] = self._memo.call_and_shelve(*self.args, *args, **kwargs)
        return given

    def key(self, *args: Q.args, **kwargs: Q.kwargs) -> str:
        """`Memo.key`."""
        given: str = self._memo.key(*self.args, *args, **kwargs)
        return given

    def why(self, *args: Q.args, **kwargs: Q.kwargs) -> Why:
        """`Memo.why`."""
        given: Why = self._memo.why(*self.args, *args, **kwargs)
        return given

    @property
    def _memo(self) -> Memo[..., R]:
        return cast("Memo[..., R]", self.func)


def _unfilled() -> Memo[..., Any]:
    """Filled by `__setstate__`, when what the function refers to is there, itself perhaps."""
    return Memo.__new__(Memo)
