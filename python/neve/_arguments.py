"""Arguments of the wrong kind, refused by name before the extension is asked, which would recite its signatures."""

from __future__ import annotations

import os
from typing import Any

from neve.errors import InvalidArgumentError

LONGEST_TTL_S = 1e10  # three centuries, as `Cache.put` takes them


def text(name: str, given: Any) -> str:
    """`given`, if it is a str."""
    if isinstance(given, str):
        return given
    raise InvalidArgumentError(f"{name} is {_shown(given)}; give a text")


def path(name: str, given: Any) -> str:
    """A path, if it is one."""
    try:
        return os.fsdecode(given)
    except TypeError:
        raise InvalidArgumentError(f"{name} is {_shown(given)}; give a path, as a text or a pathlib.Path") from None


def flag(name: str, given: Any) -> bool:
    """`given`, if it is True or False."""
    if isinstance(given, bool):
        return given
    raise InvalidArgumentError(f"{name} is {_shown(given)}; give True or False")


def values(name: str, given: Any) -> list[Any]:
    """What `given` has one after another; of a text, letters would come."""
    try:
        if not isinstance(given, (str, bytes)):
            return list(given)
    except TypeError:
        pass
    raise InvalidArgumentError(f"{name} is {_shown(given)}; give a list")


def _shown(given: Any) -> str:
    """The value where it is short, and by its type nothing that may hold a password or a table."""
    plain = given is None or isinstance(given, (bool, int, float, str))
    return repr(given) if plain and len(repr(given)) <= 40 else f"of type {type(given).__qualname__}"
