"""How values of Python's own types are written out and made again, where neither JSON nor arrays have them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from neve.errors import UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Callable


def _describe_set(value: Any) -> tuple[str, Any]:
    plain = (bool, int, float, str, bytes, type(None))
    if not all(type(item) in plain for item in value):
        raise UnsupportedError(f"a {type(value).__name__} can be kept if it holds numbers and text only")
    return type(value).__name__, sorted(value, key=lambda item: (type(item).__name__, repr(item)))


def _describe_bytes(value: Any) -> tuple[str, Any]:
    return type(value).__name__, bytes(value).hex()


def _describe_complex(value: complex) -> tuple[str, Any]:
    return "complex", [value.real, value.imag]


def _make_complex(content: Any) -> complex:
    return complex(content[0], content[1])


def _is_dtype_text(text: str) -> bool:
    """Whether it is what NumPy says of a type without fields: byte order, kind, size, unit of a time."""
    import re

    return re.fullmatch(r"[<>|][?A-Za-z]\d*(\[\w+\])?", text) is not None


def describe_dtype(value: Any) -> tuple[str, Any] | None:
    """NumPy's types of elements that their text says all about, which leaves out those with fields; None for others."""
    numpy = sys.modules.get("numpy")
    if numpy is None or not isinstance(value, numpy.dtype):
        return None
    if value.subdtype is not None or value.metadata or not _is_dtype_text(value.str):
        return None
    again = _make_dtype(value.str)
    same = type(again) is type(value) and again.char == value.char and again == value
    return ("dtype", value.str) if same else None


def _make_dtype(content: Any) -> Any:
    import numpy

    if not _is_dtype_text(content):
        raise ValueError("no dtype")
    return numpy.dtype(content)


PLAIN: dict[type, Callable[[Any], tuple[str, Any]]] = {
    complex: _describe_complex,
    bytes: _describe_bytes,
    bytearray: _describe_bytes,
    set: _describe_set,
    frozenset: _describe_set,
    range: lambda value: ("range", [value.start, value.stop, value.step]),
    slice: lambda value: ("slice", [value.start, value.stop, value.step]),
    type(Ellipsis): lambda value: ("ellipsis", None),
}

MAKERS: dict[str, Callable[[Any], Any]] = {
    "complex": _make_complex,
    "bytes": bytes.fromhex,
    "bytearray": bytearray.fromhex,
    "set": set,
    "frozenset": frozenset,
    "range": lambda content: range(*content),
    "slice": lambda content: slice(*content),
    "ellipsis": lambda content: Ellipsis,
    "dtype": _make_dtype,
}

MODULES = frozenset({"datetime", "decimal", "fractions", "pathlib", "pathlib._local", "uuid"})


_OF_PYDANTIC = "pydantic"


def _is_of_pydantic(zone: Any) -> bool:
    """Whether it is what pydantic makes of the offset in a text."""
    return type(zone).__name__ == "TzInfo" and type(zone).__module__.startswith("pydantic_core")


def _zone_of_pydantic(offset: Any) -> Any:
    core = sys.modules.get("pydantic_core")
    if core is None:
        raise UnsupportedError("the stored time is in a zone of pydantic's, which this process does not know; import it first")
    return core.TzInfo(int(offset.total_seconds()))


def register_standard_types(register: Callable[..., None]) -> None:
    """Gives the types of `MODULES` to `register`."""
    import datetime
    import decimal
    import fractions
    import pathlib
    import uuid

    def iso(value: Any) -> list[Any]:
        zone = getattr(value, "tzinfo", None)
        if _is_of_pydantic(zone):
            return [value.isoformat(), value.fold, _OF_PYDANTIC]
        if zone is not None and type(zone) is not datetime.timezone:
            raise UnsupportedError(
                f"a time in the zone {zone} of {type(zone).__module__} is not kept; give it in a datetime.timezone"
            )
        if zone is not None and zone.tzname(None) != datetime.timezone(zone.utcoffset(None)).tzname(None):
            raise UnsupportedError(f"a time in the zone called {zone} is not kept; give one without a name of its own")
        return [value.isoformat(), getattr(value, "fold", 0)]

    def from_iso(kind: Any) -> Callable[[Any], Any]:
        def make(content: Any) -> Any:
            made = kind.fromisoformat(content[0])
            made = made.replace(fold=content[1]) if content[1] else made
            return made.replace(tzinfo=_zone_of_pydantic(made.utcoffset())) if len(content) == 3 else made

        return make

    for kind in (datetime.datetime, datetime.date, datetime.time):
        register(kind, iso, from_iso(kind), name=kind.__name__)
    register(
        datetime.timedelta,
        lambda value: [value.days, value.seconds, value.microseconds],
        lambda content: datetime.timedelta(*content),
        name="timedelta",
    )
    for each in (decimal.Decimal, fractions.Fraction, uuid.UUID, pathlib.PurePosixPath, pathlib.PosixPath):
        register(each, str, each, name=each.__name__)
