"""What somebody has set on a function, as `f.scale = 2`: a setting like the variables around it."""

from __future__ import annotations

import ast
import dis
import inspect
import sys
import textwrap
import types
from typing import TYPE_CHECKING, Any

from neve._code.compiled import JUMPS, ByCode
from neve._code.packages import version_of_package
from neve._code.texts import attributes_named, names_and_texts

if TYPE_CHECKING:
    from collections.abc import Iterable

_OF_TOOLS = frozenset({"cache_clear", "cache_info", "cache_parameters", "pytestmark"})  # of functools and pytest
PLAIN = (bool, int, float, complex, str, bytes, type(None))


def attributes_of(function: Any) -> dict[str, Any]:
    """By name. Not those of Python and its tools (`__wrapped__`), nor what the function sets itself: counters, and what it
    makes at its first call. Of an installed package's function the plain ones; the rest is what its version says."""
    given: dict[str, Any] = getattr(function, "__dict__", None) or {}
    names = [name for name in given if not is_of_tools(name)]
    if not names:
        return {}
    own = _set_by_itself(function)
    installed = version_of_package(function.__module__) is not None
    return {
        name: given[name] for name in sorted(names) if name not in own and (not installed or isinstance(given[name], PLAIN))
    }


def is_of_tools(name: str) -> bool:
    """Whether Python or a tool of its has set an attribute of that name on a function."""
    return name in _OF_TOOLS or (name.startswith("__") and name.endswith("__"))


def reads_by_other_names(code: types.CodeType) -> bool:
    """Whether it reads attributes whose names are not in the code, as by `getattr(self, how)` and `template.format(self)`."""
    found = _by_other_names.get(code)
    if found is None:
        inner = [each for each in code.co_consts if isinstance(each, types.CodeType)]
        found = any(map(_reads_otherwise, (code, *inner))) or any(map(reads_by_other_names, inner))
        _by_other_names.keep(code, found)
    return found


_by_other_names = ByCode[bool]()


def take_names(names: Iterable[str]) -> bool:
    """Whether one of these functions of Python reads attributes by names that it is given, or all."""
    return not _TAKE_NAMES.keys().isdisjoint(names)


_TAKE_NAMES = {  # as which argument
    **dict.fromkeys("attrgetter eval exec methodcaller".split(), 1),
    "getattr": 2,
    **dict.fromkeys("__getattribute__ getattr_static getmembers".split()),
}
_FORMAT = frozenset({"format", "format_map"})


def _reads_otherwise(code: types.CodeType) -> bool:
    """Whether what such a function is given is no text."""
    if not take_names(code.co_names) and _FORMAT.isdisjoint(code.co_names):
        return False
    steps: list[dis.Instruction] = []
    heights: list[int] = []  # of the stack
    height = 0
    for each in dis.get_instructions(code):
        height += 0 if each.opname == "CACHE" else dis.stack_effect(each.opcode, each.arg, jump=False)
        if each.opname == "PUSH_NULL" and sys.version_info >= (3, 13):  # which belongs to the function before it
            heights[-1] = height
        elif each.opname not in _BESIDE_CALLS:
            steps.append(each)
            heights.append(height)
    for number, step in enumerate(steps):
        if not step.opname.startswith(("LOAD_", "IMPORT_FROM")) or step.opname == "LOAD_CONST":
            continue
        if step.argval in _TAKE_NAMES and not _is_given_text(steps, heights, number, _TAKE_NAMES[step.argval]):
            return True
        if step.argval in _FORMAT and step.opname in ("LOAD_ATTR", "LOAD_METHOD") and steps[number - 1].opname != "LOAD_CONST":
            return True
    return False


def _is_given_text(steps: list[dis.Instruction], heights: list[int], number: int, place: int | None) -> bool:
    """Whether the function that the step puts on the stack is called with texts as its arguments from that place on: what
    an argument ends with is the last to leave the stack so high. Not if it depends on a condition."""
    for last in range(number + 1, len(steps)):
        if steps[last].opcode in JUMPS:
            return False
        if place is not None and heights[last] <= heights[number] and steps[last].opname.startswith("CALL"):
            ends = {heights[each] - heights[number]: steps[each] for each in range(number + 1, last)}
            several = steps[number].argval == "attrgetter"
            given = [end for height, end in ends.items() if height == place or (several and height > place)]
            return bool(given) and all(end.opname == "LOAD_CONST" and isinstance(end.argval, str) for end in given)
    return False


_BESIDE_CALLS = frozenset("CACHE EXTENDED_ARG KW_NAMES NOP PRECALL".split())


def names_read(function: Any) -> frozenset[str]:
    """Every name in the function's code by which it may read an attribute, those in its texts included."""
    code = getattr(function, "__code__", None)
    if code is None:
        return frozenset()
    found = _names_read.get(code)
    if found is None:
        names, texts = names_and_texts(code)
        found = frozenset(names | attributes_named(names, texts))
        _names_read.keep(code, found)
    return found


_names_read = ByCode[frozenset[str]]()


def _set_by_itself(function: Any) -> set[str]:
    """Attributes that its text assigns to its name. None where there is no text: then each counts."""
    while isinstance(getattr(function, "__wrapped__", None), types.FunctionType) and not hasattr(function, "__code__"):
        function = function.__wrapped__
    code = getattr(function, "__code__", None)
    if code is None:
        return set()
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(code)))
    except (OSError, SyntaxError):  # not to be had; a lambda in the middle of an expression
        return set()
    return {
        each.attr
        for each in ast.walk(tree)
        if isinstance(each, ast.Attribute) and not isinstance(each.ctx, ast.Load)
        if isinstance(each.value, ast.Name) and each.value.id in (code.co_name, function.__name__)
    }
