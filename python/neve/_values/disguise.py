"""Objects that pass for others: proxies, and wrappers such as wrapt's, of which `isinstance` says that they are functions."""

from __future__ import annotations

import types
from typing import Any

from neve.errors import UnsupportedError


def passes_for_another(value: Any) -> bool:
    """Whether it says that it is of another class than it is. All that can be seen of it is then what it stands for, and
    not what it does besides."""
    kind = type(value)
    try:
        return value.__class__ is not kind and kind is not types.GenericAlias  # which is `type` in Python 3.10
    except Exception:  # of a proxy that leads nowhere by now
        return True


def refuse_disguise(value: Any) -> None:
    """Raises UnsupportedError for what passes for something else."""
    if passes_for_another(value):
        raise UnsupportedError(
            f"the {type(value).__qualname__} passes for something else, and what it does besides cannot be seen; give what it "
            "stands for, or register a codec for the type with neve.register(...)"
        )
