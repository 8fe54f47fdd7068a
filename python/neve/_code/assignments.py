"""Which variables the functions that were met assign: what these hold comes out of the calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from neve._code.imported import imported_module
from neve._code.objects import is_foreign

if TYPE_CHECKING:
    import types
    from collections.abc import Callable

    from neve._code.globals_read import Read

Variable = tuple[int, str]  # the id of a namespace, and a name in it


class Assignments:
    def __init__(self) -> None:
        self._found: list[tuple[types.FunctionType, Variable]] = []
        self._alive: list[Any] = []  # whose ids are in use

    def note(self, function: types.FunctionType, taken: Read) -> None:
        owner, names = function.__globals__, taken.names
        if taken.module is not None:
            module = imported_module(taken.module, owner)
            if module is None:
                return
            owner, names = vars(module), taken.names[1 if taken.module.whole else 0 :]
        for name in names[:-1]:
            value = owner.get(name)
            inside = getattr(value, "__dict__", None)
            if isinstance(value, type) or type(inside) is not dict or is_foreign(value):
                return
            owner = inside
        if names:
            self._alive.append(owner)
            self._found.append((function, (id(owner), names[-1])))

    def by(self, is_called: Callable[[types.FunctionType], bool]) -> set[Variable]:
        """What those functions assign of which `is_called` says so."""
        return {variable for function, variable in self._found if is_called(function)}
