"""What a memoised function reads around it, as its keys have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from neve._code.surroundings import Surroundings
from neve._code.variables import home_of, within
from neve.errors import InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from neve._code.look import Look, Roots

_NOTHING: dict[str, Any] = {}


class Around:
    """The global variables that the function reads and, with `source`, counts by; and those that others read which count
    with it: what it closes over, what it depends on. Safe from threads."""

    __slots__ = ("_called", "_function", "_ignored", "_merged", "_own", "_postponed", "_roots", "_source", "_surroundings")

    def __init__(
        self,
        name: str,
        function: Any,
        *,
        source: bool,
        ignored: frozenset[str],
        named: Iterable[str],
        called: frozenset[tuple[str, str]],
        tells: bool,
    ) -> None:
        """`ignored`: what need not count. `named`: of which the author says in other words what it is made of. `called`: the
        functions and classes that it depends on."""
        self._function = getattr(function, "__func__", function)
        self._source, self._ignored, self._called = source, ignored, called
        self._roots: Roots = [(self._function, frozenset())]
        self._merged: tuple[dict[str, Any], dict[str, Any], dict[str, Any]] | None = None
        self._postponed: frozenset[str] = frozenset()
        self._surroundings = Surroundings(name, self._function, ignored, named, tells)
        self._own = Surroundings(name, self._function, ignored, named, False)  # without its source

    def reads(self, met: Roots, kinds: tuple[type, ...] = ()) -> tuple[dict[str, Any], tuple[Look, ...]]:
        """By name, the same object as long as nothing has changed; and the looks around that say whether something has. `met`:
        the functions beside it; `kinds`: classes of arguments and of objects beside it, of which counts what is called."""
        if self._postponed:
            self.require_known(self._postponed, met)
        if self._source:
            roots = self._roots
            if roots[1:] != met:
                roots = self._roots = [roots[0], *met]
            look = self._surroundings.look(roots, kinds)
            return look.forms, (look,)
        return self._without_source(met) if met else (_NOTHING, ())

    def _without_source(self, met: Roots) -> tuple[dict[str, Any], tuple[Look, ...]]:
        """What those read that it depends on; and they themselves, if it reads former ones under their names."""
        looks = mine, others = self._own.look(self._roots), self._surroundings.look(met)
        merged = self._merged
        if merged is None or merged[0] is not mine.forms or merged[1] is not others.forms:
            named = {name: form for name, form in mine.forms.items() if mine.called.get(name) in self._called}
            merged = self._merged = (mine.forms, others.forms, {**named, **others.forms})
        return merged[2], looks

    def reader(self) -> tuple[Any, frozenset[str]]:
        """The function whose global variables count, if they do, and those that need not."""
        return (self._function if self._source else None), within(home_of(self._function), self._ignored)

    def require_known(self, names: frozenset[str], met: Roots, parameters: Iterable[str] = ()) -> None:
        """Raises InvalidArgumentError if one of the names to ignore is no global variable that is read: in the first call, if
        some of those are not there before."""
        unknown, known, misses = self._surroundings.unknown([self._roots[0], *met], names)
        now = bool(self._postponed) or not misses
        self._postponed = frozenset() if now else frozenset(unknown)
        if unknown and now:
            raise InvalidArgumentError(
                f"{self._function.__qualname__} has no parameter {min(unknown)!r} to ignore, and reads no global variable of "
                f"that name; it has the parameters {', '.join(parameters) or 'none'} and reads {', '.join(known) or 'nothing'}"
            )
