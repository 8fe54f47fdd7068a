"""What compiled code does, for keys."""

from __future__ import annotations

import bisect
import dis
import hashlib
import sys
import types
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class ByCode(Generic[T]):
    """What was found out about code objects met lately. Of one object, not of equal ones: these may be from two files."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[types.CodeType, T]] = {}

    def get(self, code: types.CodeType | None) -> T | None:
        kept = self._kept.get(id(code))
        return kept[1] if kept is not None and kept[0] is code else None

    def keep(self, code: types.CodeType | None, found: T) -> None:
        if len(self._kept) > 4096:
            self._kept = {}
        if code is not None:
            self._kept[id(code)] = (code, found)


_code_digests = ByCode[str]()


def code_digest(function: Any) -> str:
    """SHA-256 of the compiled function: what tells two lambdas in one line apart, and code from a file that was edited
    since it was imported. Differs between versions of Python."""
    code = function.__code__
    digest = _code_digests.get(code)
    if digest is None:
        digest = hashlib.sha256(repr(code_parts(code)).encode("utf-8", "surrogatepass")).hexdigest()
        _code_digests.keep(code, digest)
    return digest


def code_parts(code: types.CodeType) -> tuple[Any, ...]:
    """What two code objects have in common that do the same, wherever their text stands."""
    parameters = (code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount)
    names = (code.co_names, code.co_varnames, code.co_freevars)
    return (*_instructions(code), *names, parameters, code.co_flags & ~_HAS_DOCSTRING)


_HAS_DOCSTRING = 0x4000000 if sys.version_info >= (3, 13) else 0
JUMPS = frozenset((*dis.hasjrel, *dis.hasjabs))
_TAKE_A_CONSTANT = frozenset(dis.hasconst)


def _instructions(code: types.CodeType) -> tuple[list[Any], list[Any]]:
    """What it does, and where each `try` ends, as if it had no docstring: a constant that nothing uses, but which shifts
    the numbers of the others. `python -OO` leaves an instruction that does nothing for it."""
    kept = [each for each in dis.get_instructions(code) if each.opname not in ("NOP", "EXTENDED_ARG")]
    offsets = [each.offset for each in kept]

    def number(offset: int) -> int:
        return bisect.bisect_left(offsets, offset)

    told: list[Any] = []
    for each in kept:
        if each.opcode in _TAKE_A_CONSTANT:
            told.append((each.opcode, _constant(code.co_consts[each.arg or 0])))
        else:
            told.append((each.opcode, number(each.argval) if each.opcode in JUMPS else each.arg))
    if sys.version_info < (3, 11):
        return told, []
    tries = dis._parse_exception_table(code)
    return told, [(number(each.start), number(each.end), number(each.target), each.depth, each.lasti) for each in tries]


def _constant(value: Any) -> Any:
    if isinstance(value, types.CodeType):
        return code_parts(value)
    if isinstance(value, tuple):
        return tuple(_constant(each) for each in value)
    if isinstance(value, frozenset):  # whose order differs from run to run
        return sorted(repr(each) for each in value)
    return (type(value).__name__, repr(value))
