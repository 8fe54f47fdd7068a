"""`neve.Memo`: a function whose results are kept, under keys made from everything they depend on."""

from __future__ import annotations

import functools
import inspect
import random
import threading
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar, overload

from neve import _arguments, _neve
from neve._code.functions import plain_function
from neve._code.source import comes_from_home_of, qualified_name
from neve._memo import pickled
from neve._memo.autoreload import follow_autoreload
from neve._memo.bound_memo import BoundMemo
from neve._memo.call_keys import CallKeys
from neve._memo.parameters import Dependencies
from neve._memo.recent import RecentCalls, Why
from neve._memo.shelved import Shelved
from neve._memo.side_effects import Call, objection_to
from neve._public import public
from neve._values.describe import describe
from neve._values.type_names import knows_types_of
from neve._warnings import NotDeterministicWarning, NotStoredWarning, warn
from neve.errors import InvalidArgumentError, IoError, UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from neve._memo.call_keys import FunctionForm
    from neve.cache import Cache

P = ParamSpec("P")
Q = ParamSpec("Q")
R = TypeVar("R")
S = TypeVar("S")

_computing = threading.local()
_dice = random.Random()  # not the program's, whose seed promises a sequence


@public
class Memo(Generic[P, R]):
    """A function whose results are kept. Made by `neve.memo`; safe from threads, picklable as the function is."""

    # In slots, so that what is set on the function is all that `__dict__` has.
    __slots__ = (
        "__dict__",
        "__weakref__",
        "_counts",
        "_keys",
        "_mapped",
        "_may_call_itself",
        "_options",
        "_recent",
        "_ttl_s",
        "_twins",
        "_verify",
        "_writable",
        "cache",
        "func",
        "version",
    )

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

    def _set_up(self, function: Callable[P, R], cache: Cache, options: dict[str, Any], parts: dict[str, Any] | None) -> None:
        """`parts`: what was made of the function's source where that was to be had."""
        plain = plain_function(function)
        if function.__module__ in ("__main__", "__mp_main__"):
            knows_types_of(plain)
        functools.update_wrapper(self, function)
        self.__qualname__: str = function.__qualname__
        self.func = function
        self.cache = cache
        self.version: str = options["version"]
        self._options = options
        self._ttl_s: float | None = options["ttl_s"]
        self._verify: float = options["verify"]
        self._writable: bool = options["writable"]
        self._mapped: bool = options["mapped"]
        self._counts = {"hits": 0, "misses": 0, "waited": 0, "not_stored": 0, "unreadable": 0}
        self._counts |= {"verified": 0, "not_deterministic": 0}
        self._twins: dict[FunctionForm, Any] = {}
        name = qualified_name(function) if parts is None else parts["name"]
        later = (inspect.iscoroutinefunction, inspect.isgeneratorfunction, inspect.isasyncgenfunction)
        if any(gives(each) for each in (function, plain) for gives in later):
            raise InvalidArgumentError(
                f"{function.__qualname__} gives a coroutine or generator, and no result; keep those of a function that it calls"
            )
        own_word = _first_parameter(function)
        own_word = own_word if own_word in options["ignore"] else None
        ignored = frozenset(options["ignore"]) - {own_word}
        depends = Dependencies(options["depends"])
        if not options["source"] and not self.version:
            raise InvalidArgumentError(
                f"{self.__qualname__} without its source needs a version=..., to be raised whenever its results change"
            )
        if parts is not None:
            comes_from_home_of(name)
        self._keys = CallKeys(
            function,
            plain,
            cache,
            name,
            self.version,
            depends=depends,
            ignored=ignored,
            owner_counts=own_word is None,
            source=options["source"],
            fixed=None if parts is None else parts["fixed"],
            bearer=self,
        )
        self._may_call_itself = bool(self._keys.current().parameters.ignored)  # with others of the arguments that do not count
        self._recent = RecentCalls(cache, name)
        follow_autoreload(Memo, Memo._become)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """The function's result: the stored one, or computed and stored. Threads and processes on this machine that ask
        for the same call at the same time compute it once.

        Raises UnsupportedError, naming the argument and the place in it, for what cannot be hashed exactly.
        """
        keys = self._keys  # once: the Memo may become another meanwhile
        form = keys.current()
        arguments = form.parameters.named(args, kwargs)
        table = keys.table(form, arguments)
        found, value, key, recipe = table.lookup(arguments, self._writable, self._mapped)
        if not found:
            self._counts["unreadable"] += value is not None
            # An entry that is there and cannot be made a value would be found again and again.
            compute = table.compute if value is None else table.recompute
            return self._compute(compute, Call(keys, form, arguments, key, recipe, args, kwargs))
        self._counts["hits"] += 1
        if self._verify and _dice.random() < self._verify:
            self._check(value, Call(keys, form, arguments, table.key(arguments), table.recipe(arguments), args, kwargs))
        result: R = value
        return result

    def call(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Computes and stores the result, whatever is stored. Raises as a call."""
        keys = self._keys
        form = keys.current()
        arguments = form.parameters.named(args, kwargs)
        table = keys.table(form, arguments)
        call = Call(keys, form, arguments, table.key(arguments), table.recipe(arguments), args, kwargs)
        return self._kept(table.recompute, call)

    def check_call_in_cache(self, *args: P.args, **kwargs: P.kwargs) -> bool:
        """Whether this call would probably be a hit. Raises as `key`."""
        return self.cache.exists(self.key(*args, **kwargs))

    def call_and_shelve(self, *args: P.args, **kwargs: P.kwargs) -> Shelved[R]:
        """Computes if need be and gives a reference to the stored result instead of the result. A result that is
        not kept is in the reference. Raises as a call."""
        key = self.key(*args, **kwargs)  # first: the function may write into its arguments
        result = self(*args, **kwargs)
        return Shelved(self, key, args, kwargs, () if self.cache.exists(key) else (result,))

    def _shelved(self, key: str, args: Any, kwargs: Any) -> R:
        """What is stored under `key`, the call's when it was shelved. Its arguments may be others by now."""
        keys = self._keys
        found, value = keys.table(keys.current()).stored(key, self._writable, self._mapped)
        if not found:
            if self.key(*args, **kwargs) != key:
                raise KeyError(f"the result under {key} is gone, and what it was made from is no longer what it was")
            return self(*args, **kwargs)
        self._counts["hits"] += 1
        result: R = value
        return result

    def key(self, *args: P.args, **kwargs: P.kwargs) -> str:
        """The key of this call, 64 hexadecimal digits. Raises UnsupportedError for what cannot be hashed exactly, and
        TypeError for arguments that the function does not take."""
        keys = self._keys
        form = keys.current()
        arguments = form.parameters.named(args, kwargs)
        return keys.table(form, arguments).key(arguments)

    def why(self, *args: P.args, **kwargs: P.kwargs) -> Why:
        """Whether this call is stored, and if not, what differs from the nearest one that is. Print it. Raises as
        `key`."""
        keys = self._keys
        form = keys.current()
        arguments = form.parameters.named(args, kwargs)
        table = keys.table(form, arguments)
        return self._recent.why(table.key(arguments), table.recipe(arguments))

    def clear(self, warn: bool = True) -> int:
        """Forgets every stored call of this function, of all its versions; how many. Needs a cache in a folder, or
        one that is off, which has none. Raises UnsupportedError for another.

        `warn` is there for those who come from joblib.
        """
        if self.cache.name == "none":
            return 0
        self._recent.forget()
        return sum(self.cache.delete(key) for key in self.cache._keys_of(self._keys.name))

    def stats(self) -> dict[str, int]:
        """What this object has done so far: hits, misses, waited (for another's result), not_stored, unreadable
        (stored, but no value here), verified, not_deterministic."""
        return dict(self._counts)

    def _compute(self, compute: Callable[..., Any], call: Call) -> R:
        running: set[str] = _computing.__dict__.setdefault("keys", set())
        if call.key in running:
            if self._may_call_itself:
                unkept: R = call.run()
                return unkept
            raise InvalidArgumentError(f"{self.__qualname__} called itself with the same arguments")
        running.add(call.key)
        try:
            return self._kept(compute, call)
        finally:
            running.discard(call.key)

    def _kept(self, compute: Callable[..., Any], call: Call) -> R:
        result: R
        result, role = compute(
            call.key,
            call.recipe,
            call.run,
            lambda: objection_to(call),
            self._ttl_s,
            self._writable,
        )
        self._note(role, call.key, call.recipe)
        return result

    def _note(self, role: str, key: str, recipe: str) -> None:
        if role in ("found", "waited"):
            self._counts["waited"] += 1
            return
        self._counts["misses"] += 1
        how, _, reason = role.partition(": ")
        if how in ("kept out", "declined"):
            self._counts["not_stored"] += 1
            text = f"the result of {self._keys.name} is not kept: {reason}"
            if how == "declined" and self.cache._raise_failures:
                raise IoError(text)
            warn(NotStoredWarning(text))
            return
        self._recent.add(key, recipe)

    def _check(self, value: Any, call: Call) -> None:
        stored = _neve.value_digest(value, describe)  # first: the function may write into its arguments
        try:
            fresh = call.run()
        except Exception as error:  # what is stored is as good as it was
            self._not_deterministic(
                f"{self._keys.name}, computed anew, raised {error!r}; the call stored under {call.key} has a result"
            )
            return
        self._counts["verified"] += 1
        try:
            same = _neve.value_digest(fresh, describe) == stored
        except UnsupportedError:
            same = False
        if not same:
            self._not_deterministic(
                f"{self._keys.name} is not deterministic: computed anew, the call stored under "
                f"{call.key} gave another result. Give it what it depends on as an argument "
                "(a seed, a path's content) or name it in depends=, or do not keep its results"
            )
        elif (objection := objection_to(call)) is not None:
            self._not_deterministic(f"{self._keys.name}, computed anew though stored under {call.key}: {objection}")

    def _not_deterministic(self, text: str) -> None:
        self._counts["not_deterministic"] += 1
        warn(NotDeterministicWarning(text))

    @overload
    def __get__(self, instance: None, owner: type | None = None) -> Memo[P, R]: ...
    @overload
    def __get__(self: Memo[Concatenate[S, Q], R], instance: S, owner: type | None = None) -> BoundMemo[Q, R]: ...
    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return self if instance is None else BoundMemo(self, instance)

    def __reduce__(self) -> Any:
        return pickled.reduced(self, _unfilled)

    def __setstate__(self, state: Any) -> None:
        pickled.fill(self, state)

    def _become(self, other: Memo[P, R]) -> None:
        """Shares all that `other` has. Calls that run meanwhile are of the one or the other."""
        for name in (*Memo.__slots__, "__dict__"):
            if name != "__weakref__":
                setattr(self, name, getattr(other, name))

    @property
    def _traveller(self) -> Any:
        """Of a function of a script, what goes to pickle in the place of this object. One for all threads, whatever the
        function depends on by now: pickle asks whether the name leads to what it was given."""
        form, twins = self._keys.current(), self._twins
        twin = twins.get(form)
        if twin is None:
            for former in list(twins):
                if former is not form:
                    twins.pop(former, None)
            twin = twins.setdefault(form, pickled.traveller_of(self))
        pickled.load(twin, self)
        return twin

    def __neve_identity__(self) -> dict[str, Any]:
        identity, reads = self._keys.identity(), self._keys.reads()
        return dict(sorted({**identity, "reads": reads}.items())) if reads else identity

    def __repr__(self) -> str:
        return f"<neve.memo {self._keys.name} in {self.cache.url}>"


def _first_parameter(function: Any) -> str | None:
    """Of a bound method, what stands for its object: a word of joblib's for `ignore`."""
    code = getattr(getattr(function, "__func__", None), "__code__", None)
    return None if code is None or not code.co_argcount else str(code.co_varnames[0])


def _unfilled() -> Memo[..., Any]:
    """Filled by `__setstate__`, when what the function refers to is there, itself perhaps."""
    return Memo.__new__(Memo)
