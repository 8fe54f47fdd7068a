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
from neve._attributes import attributes_of, names_read
from neve._code import code_digest
from neve._describe import describe, knows_types_of, restore
from neve._functions import closure_of, object_of, plain_function
from neve._parameters import Dependencies, Parameters
from neve._recent import RecentCalls, Why
from neve._shelved import Shelved
from neve._source import comes_from_home_of, copy_of, found_by_name, qualified_name, source_digest
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


class _ReplacedError(Exception):
    """Another code was put into the function while it ran: nobody can say whose result it is."""

    def __init__(self, result: Any) -> None:
        self.result = result


class _Form:
    """What a function is at one moment. Reloading its module makes another function, but the autoreload of notebooks puts
    another code and other defaults into the one there is."""

    __slots__ = ("_code", "_defaults", "_function", "_named_defaults", "fixed", "names", "parameters")

    def __init__(self, function: Any, plain: Any, ignored: frozenset[str], fixed: dict[str, Any] | None, source: bool) -> None:
        """`fixed`: parts of the key made where the source was to be had."""
        inner = plain.__func__ if isinstance(plain, types.MethodType) else plain
        self._function = inner if isinstance(inner, types.FunctionType) else None
        if self._function is not None:  # first: what is put in later shows
            self._code, self._defaults = self._function.__code__, self._function.__defaults__
            self._named_defaults = self._function.__kwdefaults__
        self.names = names_read(inner) - _OWN  # by which it may read attributes of its own
        self.parameters = Parameters(function, ignored)
        self.fixed = dict(fixed or {})
        if fixed is None and source:
            self.fixed["source"] = source_digest(plain)
            if function.__name__ == "<lambda>":
                self.fixed["code"] = code_digest(plain)
        if ignored:
            self.fixed["ignore"] = sorted(ignored)

    def is_current(self) -> bool:
        function = self._function
        return function is None or (
            function.__code__ is self._code
            and function.__defaults__ is self._defaults
            and function.__kwdefaults__ is self._named_defaults
        )


_OWN = frozenset(  # a Memo's attributes, which are none of the function's
    "_bearers _changes _closes_over _counts _depends _form _ignored _made _mapped _name _options _owner _plain _recent "
    "_traveller _ttl_s _verify _writable cache func version".split()
)


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

    def _set_up(self, function: Callable[P, R], cache: Cache, options: dict[str, Any], parts: dict[str, Any] | None) -> None:
        """`parts`: what was made of the function's source where that was to be had."""
        plain = plain_function(function)
        if function.__module__ in ("__main__", "__mp_main__"):
            knows_types_of(plain)
        functools.update_wrapper(self, function)
        self._options = options
        version: str = options["version"]
        self.__qualname__: str = function.__qualname__
        self.func = function
        self._name: str = qualified_name(function) if parts is None else parts["name"]
        self.cache = cache
        self.version = version
        if inspect.iscoroutinefunction(function) or inspect.isgeneratorfunction(function):
            raise InvalidArgumentError(
                f"{function.__qualname__} gives no result but a coroutine or generator; wrap what it gives"
            )
        self._ttl_s: float | None = options["ttl_s"]
        self._verify: float = options["verify"]
        self._writable: bool = options["writable"]
        self._mapped: bool = options["mapped"]
        own_word = _first_parameter(function)
        own_word = own_word if own_word in options["ignore"] else None
        self._ignored = frozenset(options["ignore"]) - {own_word}
        self._depends = Dependencies(options["depends"])
        if not options["source"] and not version:
            raise InvalidArgumentError(
                f"{self.__qualname__} without its source needs a version=..., to be raised whenever its results change"
            )
        if parts is not None:
            comes_from_home_of(parts["name"])
        self._plain = plain
        self._form = self._form_of(None if parts is None else parts["fixed"])
        # A method's object, for the key: bound in advance, it is no argument.
        self._owner = None if own_word is not None else object_of(function)
        self._closes_over = bool(getattr(plain, "__closure__", None))
        self._changes = self._closes_over or self._owner is not None
        self._made: tuple[_Form, tuple[Any, ...], _neve.CallTable] | None = None
        self._recent = RecentCalls(cache, self._name)
        self._counts = {"hits": 0, "misses": 0, "waited": 0, "not_stored": 0, "unreadable": 0}
        self._counts |= {"verified": 0, "not_deterministic": 0}
        bearers = (self, function) if plain is function else (self, function, plain)
        self._bearers = tuple(each for each in bearers if hasattr(each, "__dict__"))  # of attributes
        if self._owner is None and parts is None:
            self._table(self._form)  # refuses what it cannot see at once

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """The function's result: the stored one, or computed and stored. Threads and processes on this machine that ask
        for the same call at the same time compute it once.

        Raises UnsupportedError, naming the argument and the place in it, for what cannot be hashed exactly.
        """
        form = self._current()
        arguments, table = form.parameters.named(args, kwargs), self._table(form)
        found, value = table.lookup(arguments, self._writable, self._mapped)
        if not found:
            self._counts["unreadable"] += value is not None
            return self._compute(form, table, arguments, args, kwargs, in_the_way=value)
        self._counts["hits"] += 1
        if self._verify and random.random() < self._verify:
            self._check(value, table.key(arguments), args, kwargs)
        result: R = value
        return result

    def call(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Computes and stores the result, whatever is stored."""
        form = self._current()
        arguments, table = form.parameters.named(args, kwargs), self._table(form)
        key, recipe = table.key(arguments), table.recipe(arguments)
        return self._kept(table.recompute, form, key, recipe, args, kwargs)

    def check_call_in_cache(self, *args: P.args, **kwargs: P.kwargs) -> bool:
        """Whether this call would probably be a hit."""
        return self.cache.exists(self.key(*args, **kwargs))

    def call_and_shelve(self, *args: P.args, **kwargs: P.kwargs) -> Shelved[R]:
        """Computes if need be and gives a reference to the stored result instead of the result."""
        key = self.key(*args, **kwargs)  # first: the function may write into its arguments
        self(*args, **kwargs)
        return Shelved(self, key, args, kwargs)

    def _shelved(self, key: str, args: Any, kwargs: Any) -> R:
        """What is stored under `key`, the call's when it was shelved. Its arguments may be others by now."""
        found, value = self._table(self._current()).stored(key, self._writable, self._mapped)
        if not found:
            if self.key(*args, **kwargs) != key:
                raise KeyError(f"the result under {key} is gone, and what it was made from is no longer what it was")
            return self(*args, **kwargs)
        self._counts["hits"] += 1
        result: R = value
        return result

    def key(self, *args: P.args, **kwargs: P.kwargs) -> str:
        """The key of this call, 64 hexadecimal digits."""
        form = self._current()
        return self._table(form).key(form.parameters.named(args, kwargs))

    def why(self, *args: P.args, **kwargs: P.kwargs) -> Why:
        """Whether this call is stored, and if not, what differs from the nearest one that is. Print it."""
        form = self._current()
        arguments, table = form.parameters.named(args, kwargs), self._table(form)
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

    def _current(self) -> _Form:
        form = self._form
        if not form.is_current():
            form = self._form = self._form_of(None)
            self.__dict__.pop("_traveller", None)
        return form

    def _form_of(self, fixed: dict[str, Any] | None) -> _Form:
        return _Form(self.func, self._plain, self._ignored, fixed, self._options["source"])

    def _table(self, form: _Form) -> _neve.CallTable:
        """Made anew for each call if what it stands on may have changed: variables that the function closes over, the
        object of a method, dependencies that are values or are others by now."""
        attributes = self._attributes_read(form)
        stamp = None if self._changes or attributes else self._depends.stamp()
        if stamp is None:
            return self._make_table(form, attributes)
        made = self._made
        if made is None or made[0] is not form or len(made[1]) != len(stamp) or not all(map(operator.is_, made[1], stamp)):
            made = self._made = (form, stamp, self._make_table(form, {}))
        return made[2]

    def _attributes_read(self, form: _Form) -> dict[str, list[Any]]:
        """The attributes that the code of the function names."""
        names = form.names
        for each in self._bearers:
            if not each.__dict__.keys().isdisjoint(names):
                return {name: values for name, values in self._attributes().items() if name in names}
        return {}

    def _attributes(self) -> dict[str, list[Any]]:
        """What is set on the function. Its name may lead to it or to this object: the values of both count."""
        found: dict[str, list[Any]] = {}
        for bearer in self._bearers:
            for name, value in attributes_of(bearer).items():
                if name not in _OWN and not any(value is each for each in found.get(name, ())):
                    found.setdefault(name, []).append(value)
        return found

    def _make_table(self, form: _Form, attributes: dict[str, list[Any]]) -> _neve.CallTable:
        fixed = dict(form.fixed)
        if attributes:
            fixed["attributes"] = attributes
        if self._closes_over:
            fixed["closure"] = closure_of(self._plain)
        if self._owner is not None:
            fixed["self"] = self._owner
        digests: dict[str, Any] = {each: _neve.value_digest(value, describe) for each, value in fixed.items()}
        digests["depends"] = {each: _neve.value_digest(value, describe) for each, value in self._depends.now()}
        return _neve.CallTable(self.cache, self._name, self.version, digests, describe, restore)

    def _compute(
        self,
        form: _Form,
        table: _neve.CallTable,
        arguments: dict[str, Any],
        args: Any,
        kwargs: Any,
        in_the_way: str | None,
    ) -> R:
        key, recipe = table.key(arguments), table.recipe(arguments)
        running: set[str] = _computing.__dict__.setdefault("keys", set())
        if key in running:
            if self._ignored:  # it called itself, with others of the arguments that do not count
                return self.func(*args, **kwargs)
            raise InvalidArgumentError(f"{self.__qualname__} called itself with the same arguments")
        running.add(key)
        try:
            # An entry that is there and cannot be made a value would be found again and again.
            compute = table.compute if in_the_way is None else table.recompute
            return self._kept(compute, form, key, recipe, args, kwargs)
        finally:
            running.discard(key)

    def _kept(self, compute: Callable[..., Any], form: _Form, key: str, recipe: str, args: Any, kwargs: Any) -> R:
        def called() -> R:
            result = self.func(*args, **kwargs)
            if not form.is_current():
                raise _ReplacedError(result)
            return result

        result: R
        try:
            result, role = compute(key, recipe, called, self._ttl_s, self._writable)
        except _ReplacedError as replaced:
            result, role = replaced.result, "kept out: the function was replaced while it ran"
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
            warnings.warn(NotStoredWarning(text), stacklevel=5)
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
            self._current()
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
        """What is in the key for now: where a function travels to, neither its file nor its source may be had."""
        fixed = {name: part for name, part in self._current().fixed.items() if name in ("source", "code")}
        return {"name": self._name, "fixed": fixed}

    def __neve_identity__(self) -> dict[str, Any]:
        closure = closure_of(self._plain) if self._closes_over else {}
        defaults = [list(getattr(self._plain, "__defaults__", None) or ()), getattr(self._plain, "__kwdefaults__", None)]
        identity = {
            "closure": closure,
            "defaults": defaults,
            "depends": dict(self._depends.now()),
            "fixed": self._current().fixed,
            "name": self._name,
            "self": self._owner,
            "version": self.version,
        }
        attributes = self._attributes()
        return {**identity, "attributes": attributes} if attributes else identity

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


def _first_parameter(function: Any) -> str | None:
    """Of a bound method, what stands for its object: a word of joblib's for `ignore`."""
    code = getattr(getattr(function, "__func__", None), "__code__", None)
    return None if code is None or not code.co_argcount else str(code.co_varnames[0])


def _unfilled() -> Memo[..., Any]:
    """Filled by `__setstate__`, when what the function refers to is there, itself perhaps."""
    return Memo.__new__(Memo)
