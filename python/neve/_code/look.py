"""What a look at functions and classes has found that they read around them."""

from __future__ import annotations

import types
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from neve._code.assignments import Variable

Roots = list[tuple[Any, frozenset[str]]]  # functions and classes, and what of the global variables they read does not count


@dataclass(slots=True)
class Look:
    """Made by `look_around`. Another need not be taken while it is current."""

    forms: dict[str, Any]  # what stands for each variable in keys
    without_form: dict[str, tuple[str, str]]  # what such a variable holds, and why it has none
    called: dict[str, tuple[Any, Any]]  # modules and names of functions and classes, by what they are told as
    names: set[str]
    misses: bool  # a name that leads nowhere yet
    attributes: set[str]  # names by which code may read some
    assigned: set[Variable]  # by the functions that were met
    is_current: Callable[[], bool]  # whether another look would find the same; the code of the function itself is not asked for
    roots: Roots
    function: types.FunctionType | None
    code: types.CodeType | None  # of the function, when it was looked at

    def is_of(self, roots: Roots) -> bool:
        if self.function is not None and self.function.__code__ is not self.code:
            return False
        return roots is self.roots or self._has(roots)

    def _has(self, roots: Roots) -> bool:
        return len(roots) == len(self.roots) and all(one[0] is other[0] for one, other in zip(roots, self.roots, strict=True))
