"""What somebody has set on a function, as `f.scale = 2`: a setting like the variables around it."""

from __future__ import annotations

import ast
import inspect
import textwrap
import types
from typing import Any

from neve._code.packages import version_of_package

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


def names_read(function: Any) -> frozenset[str]:
    """Every name in the function's code by which it may read an attribute, its texts included: `getattr(f, "scale")`."""
    code = getattr(function, "__code__", None)
    return frozenset() if code is None else frozenset(_names_in(code))


def _names_in(code: types.CodeType) -> set[str]:
    names = {*code.co_names, *(each for each in code.co_consts if isinstance(each, str))}
    for each in code.co_consts:
        if isinstance(each, types.CodeType):
            names |= _names_in(each)
    return names


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
