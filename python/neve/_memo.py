"""`@neve.memo`: keeps what a function returns, under a key made from everything the result depends on."""

from __future__ import annotations

import functools
import inspect
import random
import threading
import warnings
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar, overload

from neve import _neve
from neve._describe import describe, register, restore
from neve._recent import RecentCalls, Why
from neve._source import closure_of, code_digest, qualified_name, source_digest
from neve.cache import Cache, url_of
from neve.cache import open as open_cache
from neve.errors import InvalidArgumentError, UnsupportedError

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Mapping

P = ParamSpec("P")
R = TypeVar("R")

__all__ = ["Memo", "NotDeterministicWarning", "NotStoredWarning", "Why", "memo", "register"]

_computing = threading.local()
_opened: dict[str, Cache] = {}


class NotDeterministicWarning(UserWarning):
    """A function gave another result for the arguments of a stored call."""


class NotStoredWarning(UserWarning):
    """A result has no exact form and was returned without being kept."""


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
        functools.update_wrapper(self, function)
        self.__qualname__: str = function.__qualname__
        self.func = function
        self.cache = cache
        self.version = version
        if inspect.iscoroutinefunction(function) or inspect.isgeneratorfunction(function):
            raise InvalidArgumentError(f"{function.__qualname__} gives no result but a coroutine or generator; wrap what it gives")
        self._signature = inspect.signature(function)
        self._ttl_s = ttl_s
        self._verify = verify
        self._writable = writable
        self._mapped = mapped
        self._ignored = frozenset(ignore)
        self._names, self._defaults, self._simple = _parameters(self._signature)
        self._simple = self._simple and not self._ignored
        unknown = self._ignored - set(self._signature.parameters)
        if unknown:
            raise InvalidArgumentError(f"{self.__qualname__} has no parameter {sorted(unknown)[0]!r} to ignore")
        self._fixed: dict[str, Any] = {"depends": _named(depends)}
        if source:
            self._fixed["source"] = source_digest(function)
            if function.__name__ == "<lambda>":
                self._fixed["code"] = code_digest(function)
        if self._ignored:
            self._fixed["ignore"] = sorted(self._ignored)
        self._closes_over = bool(getattr(function, "__closure__", None))
        self._made_table = self._make_table()
        self._recent = RecentCalls(cache, qualified_name(function))
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
        """Whether this call is stored, and if not, what differs from the nearest call that is. For a person: print it."""
        arguments, table = self._arguments(args, kwargs), self._table()
        return self._recent.why(table.key(arguments), table.recipe(arguments))

    def clear(self, warn: bool = True) -> int:
        """Forgets every stored call of this function, of all its versions; how many. Needs a cache in a folder.

        `warn` is there for those who come from joblib.
        """
        self._recent.forget()
        return sum(self.cache.delete(key) for key in self.cache._keys_of(qualified_name(self.func)))

    def stats(self) -> dict[str, int]:
        """What this object has done so far: hits, misses, waited (for another's result), not_stored, unreadable
        (stored, but no value here), verified, not_deterministic."""
        return dict(self._counts)

    def _table(self) -> _neve.CallTable:
        """Made anew for each call of a function that closes over variables: they may have changed."""
        return self._make_table() if self._closes_over else self._made_table

    def _make_table(self) -> _neve.CallTable:
        fixed = dict(self._fixed)
        if self._closes_over:
            fixed["closure"] = closure_of(self.func)
        name = qualified_name(self.func)
        digests: dict[str, Any] = {
            each: _neve.value_digest(value, describe) for each, value in fixed.items() if each != "depends"
        }
        digests["depends"] = {each: _neve.value_digest(value, describe) for each, value in fixed["depends"].items()}
        return _neve.CallTable(self.cache, name, self.version, digests, describe, restore)

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
        return {name: value for name, value in bound.arguments.items() if name not in self._ignored}

    def _compute(
        self, table: _neve.CallTable, arguments: dict[str, Any], args: Any, kwargs: Any, in_the_way: str | None
    ) -> R:
        key, recipe = table.key(arguments), table.recipe(arguments)
        running: set[str] = _computing.__dict__.setdefault("keys", set())
        if key in running:
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
        if role.startswith("kept out"):
            self._counts["not_stored"] += 1
            text = f"the result of {qualified_name(self.func)} is not kept: {role.removeprefix('kept out: ')}"
            warnings.warn(NotStoredWarning(text), stacklevel=4)
            return
        self._recent.add(key, recipe)

    def _check(self, value: Any, key: str, args: Any, kwargs: Any) -> None:
        stored = _neve.value_digest(value, describe)  # first: the function may write into its arguments
        fresh = self.func(*args, **kwargs)
        self._counts["verified"] += 1
        try:
            same = _neve.value_digest(fresh, describe) == stored
        except UnsupportedError:
            same = False
        if not same:
            self._counts["not_deterministic"] += 1
            text = (
                f"{qualified_name(self.func)} is not deterministic: computed anew, the call stored under "
                f"{key} gave another result. Give it what it depends on as an argument "
                "(a seed, a path's content) or name it in depends=, or do not keep its results"
            )
            warnings.warn(NotDeterministicWarning(text), stacklevel=3)

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return self if instance is None else functools.partial(self, instance)

    def __reduce__(self) -> str:
        return self.__qualname__

    def __neve_identity__(self) -> dict[str, Any]:
        closure = closure_of(self.func) if self._closes_over else {}
        name = qualified_name(self.func)
        return {"closure": closure, "fixed": self._fixed, "name": name, "version": self.version}

    def __repr__(self) -> str:
        return f"<neve.memo {qualified_name(self.func)} in {self.cache.url}>"


class Shelved(Generic[R]):
    """A stored result that has not been loaded."""

    def __init__(self, load: Callable[[], R], cache: Cache, key: str) -> None:
        self._load, self._cache, self.key = load, cache, key

    def get(self) -> R:
        """The result; computed anew if it is gone."""
        return self._load()

    def clear(self) -> None:
        """Forgets the stored result."""
        self._cache.delete(self.key)


def _parameters(signature: inspect.Signature) -> tuple[dict[str, None], dict[str, Any], bool]:
    """Names in order, defaults, and whether every parameter can be given by position or by name."""
    parameters = signature.parameters.values()
    simple = all(each.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD for each in parameters)
    defaults = {each.name: each.default for each in parameters if each.default is not inspect.Parameter.empty}
    return dict.fromkeys(signature.parameters), defaults, simple


def _named(depends: Iterable[Any] | Mapping[str, Any]) -> dict[str, Any]:
    if hasattr(depends, "items"):
        return dict(depends.items())
    named = {}
    for each in depends:
        name = each if isinstance(each, str) else getattr(each, "__qualname__", getattr(each, "__name__", None))
        if name is None:
            raise InvalidArgumentError(f"depends holds a {type(each).__qualname__} without a name; give a dict of names")
        named[str(name)] = each
    return named


def _shared_cache(place: Cache | str | os.PathLike[str] | None) -> Cache:
    """One cache object per URL, so that functions share its memory and connections."""
    if isinstance(place, Cache):
        return place
    url = url_of(place)
    found = _opened.get(url)
    if found is None or found.closed:
        found = _opened[url] = open_cache(url)
    return found


@overload
def memo(function: Callable[P, R], /) -> Memo[P, R]: ...
@overload
def memo(
    cache: Cache | str | os.PathLike[str] | None = None,
    /,
    *,
    version: str = "",
    depends: Iterable[Any] | Mapping[str, Any] = (),
    ignore: Iterable[str] = (),
    ttl_s: float | None = None,
    verify: float = 0.0,
    source: bool = True,
    writable: bool = False,
    mapped: bool = False,
) -> Callable[[Callable[P, R]], Memo[P, R]]: ...
def memo(
    cache: Any = None,
    /,
    *,
    version: str = "",
    depends: Iterable[Any] | Mapping[str, Any] = (),
    ignore: Iterable[str] = (),
    ttl_s: float | None = None,
    verify: float = 0.0,
    source: bool = True,
    writable: bool = False,
    mapped: bool = False,
) -> Any:
    """Keeps what a function returns in `cache`: a `neve.Cache`, a URL, a folder as a `pathlib.Path`, or the default.

        @neve.memo("disk:.neve", version="1", depends=[helper, numpy])
        def propagate(field, length_m): ...

    A call's key is made from the function's name, `version` and source (not with `source=False`), the values it closes
    over, `depends` (functions, modules by their version, texts, or a dict of names and values) and its arguments,
    defaults filled in, without those in `ignore`. Arguments and results are None, bool, int, float, complex, str,
    bytes, list, tuple, dict, set, range, slice, enum, datetime, Decimal, Path, NumPy arrays and scalars, dataclasses,
    named tuples, pydantic models, types given to `neve.register`, and what is made of these. Functions and classes can be
    arguments, and count with their source. Functions that are called by the function count only if `depends` names them.

    `ttl_s`: lifetime of stored results in seconds. `verify`: the share of hits, 0 to 1, that are computed anew and
    compared; a difference is a NotDeterministicWarning. Arrays in results are read-only, hit or miss, unless
    `writable`, which copies those of a hit; `mapped` leaves large ones in their files.

    Raises InvalidArgumentError for what is wrong with these; UnsupportedError for dependencies without an exact form.
    """

    def decorate(function: Callable[P, R]) -> Memo[P, R]:
        return Memo(
            function,
            _shared_cache(None if cache is function else cache),
            version=version,
            depends=depends,
            ignore=ignore,
            ttl_s=ttl_s,
            verify=verify,
            source=source,
            writable=writable,
            mapped=mapped,
        )

    if not 0 <= verify <= 1:
        raise InvalidArgumentError(f"verify is {verify!r}; it is a share of calls, from 0 to 1")
    return decorate(cache) if callable(cache) else decorate
