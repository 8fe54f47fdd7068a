"""The shapes of what goes in and comes out, for type checkers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypedDict

if TYPE_CHECKING:
    import numpy.typing

    ArrayLike = numpy.typing.ArrayLike
    AnyArray = numpy.typing.NDArray[Any]


class Entry(TypedDict):
    """What a cache keeps under a key: metadata, and arrays by name."""

    meta: dict[str, Any]
    arrays: dict[str, AnyArray]


class Stored(TypedDict):
    """What became of a store."""

    stored: bool
    stored_bytes: int
    declined: str  # why not, for a person
    store_s: float


class Copied(TypedDict):
    """What became of an entry that was to be copied."""

    outcome: Literal["copied", "there", "missed", "declined"]
    reason: str  # of what was missed: that of the lookup, such as "absent"; else "none"
    detail: str  # of what was missed or declined, for a person
    stored_bytes: int


class Usage(TypedDict):
    """What a cache holds; `exact` is false where counting would mean a scan."""

    entries: int
    bytes: int
    exact: bool
