"""What our own classes are called where users read or keep it: in tracebacks, in pickles, in stored results."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T", bound=type)


def public(kind: T) -> T:
    """Says that the class is `neve.NAME`, wherever its file lies: files move, and what was kept under a name stays. Its
    annotations, if it has any, must mean the same there: `typing.get_type_hints` and pydantic look them up in that module.
    """
    kind.__module__ = "neve"
    return kind
