"""What the key of a call is made from besides its arguments: the function as it is now, and what it depends on."""

from __future__ import annotations

import types
from typing import TYPE_CHECKING, Any, NamedTuple

from neve import _neve
from neve._code.attributes import attributes_of, names_read
from neve._code.compiled import code_digest
from neve._code.functions import are_same_stamps, closure_of, object_of
from neve._code.met import Met
from neve._code.source import source_digest
from neve._memo.argument_types import ArgumentTypes
from neve._memo.around import Around
from neve._memo.parameters import Dependencies, Parameters
from neve._values.describe import describe, restore
from neve.errors import UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from neve._code.look import Look, Roots
    from neve.cache import Cache

NO_ARGUMENTS: dict[str, Any] = {}
_KEPT = 64
HIDDEN = frozenset({"cache", "func", "version"})  # a Memo's own attributes: under its name the function's are out of reach


class FunctionForm:
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
        self.names = names_read(inner) - HIDDEN  # by which it may read attributes of its own
        self.parameters = Parameters(function, ignored)
        self.fixed = dict(fixed or {})
        if fixed is None and source:
            self.fixed["source"] = source_digest(plain)
            if function.__name__ == "<lambda>":
                self.fixed["code"] = code_digest(plain)
        if self.parameters.ignored:
            self.fixed["ignore"] = sorted(self.parameters.ignored)

    def is_current(self) -> bool:
        """Whether the function still has the code and the defaults that this was made from."""
        function = self._function
        return function is None or (
            function.__code__ is self._code
            and function.__defaults__ is self._defaults
            and function.__kwdefaults__ is self._named_defaults
        )


def _digest_of_dependency(name: str, value: Any, met: Met) -> str:
    try:
        return _neve.value_digest(value, met.describe)
    except UnsupportedError as error:
        raise UnsupportedError(f"depends holds {name!r}: {error}") from None


class CallKeys:
    """Makes the keys of a function's calls. Safe from threads."""

    __slots__ = (
        "_around",
        "_bearers",
        "_cache",
        "_changes",
        "_closes_over",
        "_depends",
        "_form",
        "_ignored",
        "_made",
        "_owner",
        "_plain",
        "_source",
        "_types",
        "_version",
        "function",
        "name",
    )

    def __init__(
        self,
        function: Any,
        plain: Any,
        cache: Cache,
        name: str,
        version: str,
        *,
        depends: Dependencies,
        ignored: frozenset[str],
        owner_counts: bool,
        source: bool,
        fixed: dict[str, Any] | None,
        bearer: Any,
    ) -> None:
        """`plain` is the function in `function` whose code can be seen; `fixed`, parts of the key made elsewhere, as for
        `FunctionForm`; `bearer`, the object that the function's name leads to, on which attributes may be set, too.

        Raises InvalidArgumentError for a function without source or parameters, and, unless `fixed` is given,
        UnsupportedError for a dependency without an exact form.
        """
        self.function, self._plain, self._cache, self._version = function, plain, cache, version
        self.name = name
        self._depends, self._ignored, self._source = depends, ignored, source
        self._form = self._form_of(fixed)
        # A method's object, for the key: bound in advance, it is no argument.
        self._owner = object_of(function) if owner_counts else None
        self._closes_over = bool(getattr(plain, "__closure__", None))
        self._changes = self._closes_over or self._owner is not None
        self._made: dict[tuple[type, ...], _Made] = {}
        self._types = ArgumentTypes(() if self._owner is None else (type(self._owner),))
        bearers: Iterable[Any] = (bearer, function) if plain is function else (bearer, function, plain)
        self._bearers = tuple(each for each in bearers if hasattr(each, "__dict__"))  # of attributes
        others = ignored - self._form.parameters.ignored
        self._around = Around(
            name,
            plain,
            source=source,
            ignored=others,
            named=depends.words(),
            called=depends.called(),
            tells=fixed is None,
        )
        beside = _Beside({}, [], ())
        if self._owner is None and fixed is None:
            beside = self._beside(self._form, self._attributes_read(self._form))  # refuses what it cannot see at once
        if others and fixed is None:
            self._around.require_known(others, beside.functions, self._form.parameters.names())

    def current(self) -> FunctionForm:
        """The function as it is now."""
        form = self._form
        if not form.is_current():
            form = self._form = self._form_of(None)
        return form

    def _form_of(self, fixed: dict[str, Any] | None) -> FunctionForm:
        return FunctionForm(self.function, self._plain, self._ignored, fixed, self._source)

    def table(self, form: FunctionForm, arguments: dict[str, Any] = NO_ARGUMENTS) -> _neve.CallTable:
        """What makes keys of arguments such as these. It is made anew for each call if what it stands on may have changed:
        variables that the function closes over, the object of a method, dependencies that are values or are others by now."""
        attributes = self._attributes_read(form)
        stamp = None if self._changes or attributes else self._depends.stamp()
        kinds = self._types.own_among(arguments.values()) if self._source else ()
        made = self._made.get(kinds)
        if made is None or stamp is None or made.form is not form or not are_same_stamps(made.stamp, stamp):
            made = self._make(form, stamp, self._beside(form, attributes), kinds)
        else:
            for look in made.looks:
                if not look.is_current():
                    return self._make(form, stamp, made.beside, kinds).table
        return made.table

    def _make(
        self,
        form: FunctionForm,
        stamp: tuple[Any, ...] | None,
        beside: _Beside,
        kinds: tuple[type, ...],
    ) -> _Made:
        former = self._made.get(kinds)
        reads, looks = self._around.reads(beside.functions, (*kinds, *beside.classes))
        if former is not None and former.reads is reads and former.beside.digests == beside.digests:
            made = former._replace(form=form, stamp=stamp, beside=beside, looks=looks)
        else:
            parts = {**beside.digests, "reads": reads} if reads else beside.digests
            table = _neve.CallTable(self._cache, self.name, self._version, parts, describe, restore)
            made = _Made(form, stamp, beside, reads, looks, table)
        if len(self._made) > _KEPT:
            self._made = {}
        self._made[kinds] = made
        return made

    def _attributes_read(self, form: FunctionForm) -> dict[str, list[Any]]:
        """The attributes that the code of the function names."""
        names = form.names
        for each in self._bearers:
            if not each.__dict__.keys().isdisjoint(names):
                return {name: values for name, values in self.attributes().items() if name in names}
        return {}

    def attributes(self) -> dict[str, list[Any]]:
        """What is set on the function. Its name may lead to it or to the object that keeps its results: the values of both
        count."""
        found: dict[str, list[Any]] = {}
        for bearer in self._bearers:
            for name, value in attributes_of(bearer).items():
                if name not in HIDDEN and not any(value is each for each in found.get(name, ())):
                    found.setdefault(name, []).append(value)
        return found

    def _beside(self, form: FunctionForm, attributes: dict[str, list[Any]]) -> _Beside:
        fixed = dict(form.fixed)
        if attributes:
            fixed["attributes"] = attributes
        if self._closes_over:
            fixed["closure"] = closure_of(self._plain)
        if self._owner is not None:
            fixed["self"] = self._owner
        met = Met(strict=True)
        digests: dict[str, Any] = {each: _neve.value_digest(value, met.describe) for each, value in fixed.items()}
        digests["depends"] = {each: _digest_of_dependency(each, value, met) for each, value in self._depends.now()}
        others = (types.FunctionType,) if met.names else ()  # functions of others, as arguments may be
        return _Beside(digests, met.functions, (*others, *dict.fromkeys(met.classes)))

    def parts(self) -> dict[str, Any]:
        """What is in the key for now: where a function travels to, neither its file nor its source may be had."""
        fixed = {name: part for name, part in self.current().fixed.items() if name in ("source", "code")}
        return {"name": self.name, "fixed": fixed}

    def depends(self) -> Any:
        """What it depends on, for now. It travels with digests of texts that are not to be had elsewhere, which its key has."""
        self.table(self.current())
        return self._depends.as_they_are()

    def identity(self) -> dict[str, Any]:
        """What the function is where it stands in another's key."""
        closure = closure_of(self._plain) if self._closes_over else {}
        defaults = [list(getattr(self._plain, "__defaults__", None) or ()), getattr(self._plain, "__kwdefaults__", None)]
        identity = {
            "closure": closure,
            "defaults": defaults,
            "depends": dict(self._depends.now()),
            "fixed": self.current().fixed,
            "name": self.name,
            "self": self._owner,
            "version": self._version,
        }
        attributes = self.attributes()
        return {**identity, "attributes": attributes} if attributes else identity

    def reads(self) -> dict[str, Any]:
        """What it reads around it, for now."""
        form = self.current()
        beside = self._beside(form, self._attributes_read(form))
        return self._around.reads(beside.functions, (*self._types.own_among(()), *beside.classes))[0]

    def reader(self) -> tuple[Any, frozenset[str]]:
        return self._around.reader()

    def stands_alone(self) -> bool:
        """Whether it is all in its function and what that reads."""
        return not (self._changes or self._depends)


class _Beside(NamedTuple):
    """What a key has besides the arguments and what is read; the functions there, and the classes of the objects."""

    digests: dict[str, Any]
    functions: Roots
    classes: tuple[type, ...]


class _Made(NamedTuple):
    """Parts of keys, and what they were made from."""

    form: FunctionForm
    stamp: tuple[Any, ...] | None
    beside: _Beside
    reads: dict[str, Any]
    looks: tuple[Look, ...]
    table: _neve.CallTable
