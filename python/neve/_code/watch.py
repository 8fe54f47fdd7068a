"""Whether another look would find what a look has found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from neve._code.checks import NOTHING, Checks
from neve._code.forms import form_of
from neve._code.met import Met
from neve._code.objects import reference_to

Place = tuple[Mapping[str, Any], str]  # variables, and the name of one


class Watch:
    """What was met, and how a change of it shows. Nothing is kept of what somebody may want to have out of memory: what can be
    written into is asked for again, and has no part in the checks."""

    __slots__ = ("_always_anew", "_nothing", "_unsteady", "checks")

    def __init__(self) -> None:
        self.checks = Checks()
        self._unsteady: list[tuple[Place, Any, Met]] = []
        self._nothing: list[tuple[Place, Callable[[], Any]]] = []
        self._always_anew = False

    def holds(self) -> bool:
        """Asked in each call."""
        if not self.checks.hold():
            return False
        return not (self._always_anew or self._unsteady or self._nothing) or self._is_as_it_was()

    def _is_as_it_was(self) -> bool:
        if self._always_anew:
            return False
        for (variables, name), form, met in self._unsteady:
            again = Met(apart=met.apart)
            if form_of(variables.get(name), again) != form or not again.is_same(met):
                return False
        for (variables, name), found in self._nothing:
            former = found()
            if former is None or variables.get(name) is not former:
                return False
        return True

    def place(self, place: Place, value: Any) -> None:
        """Which object is there."""
        variables, name = place
        if isinstance(variables, dict):  # the members of a class are noted together
            self.checks.variable(variables, name, value)

    def nothing(self, place: Place, value: Any) -> None:
        """An object that stands for nothing in keys."""
        self._nothing.append((place, reference_to(value)))

    def unsteady(self, place: Place, form: Any, met: Met) -> None:
        """What somebody may write into unseen: by its form."""
        self._unsteady.append((place, form, met))

    def value(self, place: Place, value: Any, form: Any, met: Met, apart: Mapping[str, Any] = NOTHING) -> None:
        """A value that `met` has described; `apart` as for `Checks.cover`."""
        if met.is_nothing(value):
            self.nothing(place, value)
        elif met.is_of_its_package(value) or self.checks.cover(value, apart):
            self.place(place, value)
        else:
            self.unsteady(place, form, met)

    def nowhere(self) -> None:
        """What was found came about by a call, or is where nothing shows that it changes."""
        self._always_anew = True
