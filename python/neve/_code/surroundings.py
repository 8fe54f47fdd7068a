"""What functions read around them, remembered from one call to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from neve._code.objects import is_foreign
from neve._code.source import found_by_name, qualified_name
from neve._code.variables import home_of, within
from neve._code.walk import look_around
from neve._warnings import NotCountedWarning, warn

if TYPE_CHECKING:
    from collections.abc import Iterable

    from neve._code.assignments import Variable
    from neve._code.look import Look, Roots


class Surroundings:
    """What a function and the others beside it read, as keys have it. Safe from threads."""

    __slots__ = ("_advice", "_found", "_function", "_home", "_ignored", "_name", "_named", "_tells")

    def __init__(
        self,
        name: str,
        function: Any,
        ignored: Iterable[str] = (),
        named: Iterable[str] = (),
        tells: bool = True,
        advice: str | None = None,
    ) -> None:
        """`name` is the function's in warnings, which `tells` allows and which end with `advice`. Global variables are called
        as in its module; `ignored` do not count, and of those in `named` nobody needs to be told that they cannot."""
        self._name, self._function, self._tells, self._advice = name, function, tells, advice
        self._home = home_of(function)
        self._ignored = within(self._home, ignored)
        self._named = within(self._home, named)
        self._found: dict[tuple[type, ...], Look] = {}

    def look(self, roots: Roots, kinds: tuple[type, ...] = ()) -> Look:
        """What `roots` read, and use of objects of `kinds`. Its `forms` are the same object as long as nothing has changed."""
        found = self._found.get(kinds)
        if found is None or not found.is_of(roots) or not found.is_current():
            former, found = found, self._look(roots, kinds)
            if former is not None and repr(former.forms) == repr(found.forms):  # 1 and 1.0 differ
                found.forms = former.forms
            if len(self._found) > _KEPT:  # of classes that are defined again and again
                self._found = {}
            if self._tells:
                self._tell(found)  # which may be an error, then each time
            self._found[kinds] = found
        return found

    def unknown(self, roots: Roots, names: Iterable[str]) -> tuple[set[str], list[str], bool]:
        """Which of these names none of `roots` reads, those that they do read, and whether some of them are not there yet.
        Which classes arguments have is not known: `Model.table` is read if `table` is."""
        look = self._look(roots)
        known = look.names | {each.partition(".")[0] for each in look.names}
        missing = {each for each in set(names) - known if "." not in each or each.rpartition(".")[2] not in look.attributes}
        return missing, sorted(look.names), look.misses

    def _look(self, roots: Roots, kinds: tuple[type, ...] = ()) -> Look:
        assigned: frozenset[Variable] = frozenset()
        while True:
            look = look_around(self._function, self._home, roots, self._ignored, kinds, assigned)
            if look.assigned <= assigned:
                return look
            assigned |= look.assigned  # by those that were met later

    def _tell(self, look: Look) -> None:
        for name, (what, why) in look.without_form.items():
            if (self._name, name) in _told or self._is_named(name):
                continue
            text = f"{self._name} reads the global variable {name!r}, {what}, which does not count in its keys ({why}): if it "
            text += "changes, stored results stay. "
            warn(NotCountedWarning(text + (self._advice or _advice_for_a_memo(name))))
            _told.add((self._name, name))

    def _is_named(self, name: str) -> bool:
        return any(name == each or name.startswith(each + ".") for each in self._named)


def _advice_for_a_memo(name: str) -> str:
    return (
        f"Make what it is made of an argument, name that in depends={{{name!r}: ...}}, or say that it changes no result: "
        f"ignore=[{name!r}]"
    )


_KEPT = 64
_told: set[tuple[str, str]] = set()


def reads_around(value: Any) -> dict[str, Any]:
    """What a function or class reads that is a value in a key."""
    if is_foreign(value):
        return {}
    roots = [(value, frozenset[str]())]
    if found_by_name(value.__module__, value.__qualname__) is not value:
        return Surroundings(qualified_name(value), value).look(roots).forms
    known = _around.get(id(value))
    if known is None or known[0] is not value:
        if len(_around) > 1024:
            _around.clear()
        known = _around[id(value)] = (value, Surroundings(qualified_name(value), value))
    return known[1].look(roots).forms


_around: dict[int, tuple[Any, Surroundings]] = {}  # what a name leads to is there to stay
