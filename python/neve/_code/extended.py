"""What the user has added to classes of installed packages: accessors of pandas, polars and xarray, methods."""

from __future__ import annotations

import sys
import types
from typing import TYPE_CHECKING, Any

from neve._code.packages import is_of_own_module, is_own

if TYPE_CHECKING:
    from collections.abc import Iterator

_EXTENDED = {
    "pandas": "DataFrame Series Index".split(),
    "polars": "DataFrame LazyFrame Series Expr".split(),
    "xarray": "Dataset DataArray DataTree".split(),
}


def added_members(names: set[str]) -> Iterator[tuple[str, type, str, Any]]:
    """Of those called by one of `names`: how they are told, the class, its attribute, and what that gives."""
    for package, kinds in _EXTENDED.items():
        for called in kinds:
            kind: Any = getattr(sys.modules.get(package), called, None)
            for name in sorted(names & vars(kind).keys()) if isinstance(kind, type) else ():
                member = getattr(kind, name, None)  # the class of an accessor, not what makes its object
                if _is_the_users(member):
                    yield f"{package}.{called}.{name}", kind, name, member


def _is_the_users(member: Any) -> bool:
    if type(member) is types.FunctionType:
        return is_own(member.__globals__)
    return isinstance(member, type) and is_of_own_module(member.__module__)
