"""The instructions of compiled code as all versions of Python have them."""

from __future__ import annotations

import dis
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import types
    from collections.abc import Iterator

_WITHOUT_EFFECT = frozenset("CACHE EXTENDED_ARG NOP NOT_TAKEN PRECALL PUSH_NULL RESUME ROT_TWO SWAP".split())


def steps_of(code: types.CodeType) -> Iterator[tuple[str, Any]]:
    """Operations and what they are about, those of two local variables taken apart."""
    for each in dis.get_instructions(code):
        if "_FAST" in each.opname and isinstance(each.argval, tuple):
            for verb, name in zip(re.findall("LOAD|STORE", each.opname), each.argval, strict=False):
                yield f"{verb}_FAST", name
        elif each.opname.startswith("LOAD_FAST"):
            yield "LOAD_FAST", each.argval
        elif each.opname == "LOAD_SMALL_INT":
            yield "LOAD_CONST", each.argval
        elif each.opname not in _WITHOUT_EFFECT:
            yield each.opname, each.argval
