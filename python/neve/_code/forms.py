"""What stands for a value that is read, and what is told of one for which nothing does."""

from __future__ import annotations

import math
import types
from typing import TYPE_CHECKING, Any

from neve import _neve

if TYPE_CHECKING:
    from neve._code.met import Met

_LONGEST_REASON = 140


def form_of(value: Any, met: Met) -> Any:
    """A number or a text as it is, the latter in quotes; of others a digest, or None where it has no form, as `met` notes."""
    kind = type(value)
    if kind is bool or value is None or (kind is int and abs(value) < 1 << 63) or (kind is float and math.isfinite(value)):
        return value if value is not None else "None"
    if kind is str and len(value) <= 200:
        return ascii(value)
    try:
        return _neve.value_digest(value, met.describe)
    except Exception as error:
        met.without_form.append((value, str(error)))
        return None


def told_without_form(value: Any, part: Any, why: str) -> tuple[str, str]:
    """What the value is of which that part has no exact form, and why it has none."""
    what = with_article(type(part))
    if len(why) > _LONGEST_REASON:  # a place far within
        why = f"{why[:40]} … {why[40 - _LONGEST_REASON :]}"
    return (what if part is value else f"which holds {what}"), why


def with_article(kind: type) -> str:
    name = kind.__qualname__
    return f"an {name}" if name[0] in "AEIOaeio" else f"a {name}"


def raises(value: Any) -> bool:
    """Whether it raises when it is looked at, as a proxy does of what is not there yet. A module may wait for being used."""
    if issubclass(type(value), types.ModuleType):
        return False
    try:
        return value.__class__ is None
    except Exception:
        return True
