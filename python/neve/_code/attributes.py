"""What somebody has set on a function, as `f.scale = 2`: a setting like the variables around it."""

from __future__ import annotations

import ast
import dis
import inspect
import textwrap
import types
from typing import Any

from neve._code.compiled import ByCode
from neve._code.packages import version_of_package
from neve._code.texts import attributes_named, names_and_texts

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
    """Whether it reads attributes whose names are not in the code, as by `getattr(self, how)`."""
    found = _by_other_names.get(code)
    if found is None:
        inner = [each for each in code.co_consts if isinstance(each, types.CodeType)]
        found = any(map(_calls_getattr_otherwise, (code, *inner))) or any(map(reads_by_other_names, inner))
        _by_other_names.keep(code, found)
    return found


_by_other_names = ByCode[bool]()


def _calls_getattr_otherwise(code: types.CodeType) -> bool:
    """Whether what stands before a call, or before the default that is given, is no text."""
    if "getattr" not in code.co_names:
        return False
    steps: list[dis.Instruction] = []
    heights: list[int] = []  # of the stack
    height = 0
    for each in dis.get_instructions(code):
        height += 0 if each.opname == "CACHE" else dis.stack_effect(each.opcode, each.arg, jump=False)
        if each.opname not in _BESIDE_CALLS:
            steps.append(each)
            heights.append(height)
    return any(
        step.argval == "getattr" and step.opname.startswith("LOAD_") and not _is_given_text(steps, heights, number)
        for number, step in enumerate(steps)
    )


def _is_given_text(steps: list[dis.Instruction], heights: list[int], number: int) -> bool:
    """Whether the function that the step puts on the stack is called with a text as the second argument."""
    for last in range(number + 1, len(steps)):
        if heights[last] <= heights[number] and steps[last].opname.startswith("CALL"):
            name = steps[max(number, last - max(steps[last].argval - 1, 0))]
            return name.opname == "LOAD_CONST" and isinstance(name.argval, str)
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
