"""What a function is, for keys: its source, what it closes over, and what its author says it depends on."""

from __future__ import annotations

import ast
import hashlib
import inspect
import textwrap
import types
from typing import Any

from neve.errors import InvalidArgumentError


def qualified_name(function: Any) -> str:
    return f"{function.__module__}.{function.__qualname__}"


def source_digest(function: Any) -> str:
    """SHA-256 of the function's text from its `def` on: decorators and the indentation around it do not count.

    Raises InvalidArgumentError if there is no source to be had.
    """
    try:
        text = textwrap.dedent(inspect.getsource(function))
    except (OSError, TypeError):
        raise InvalidArgumentError(
            f"the source of {qualified_name(function)} is not to be had, so a change of it would go unnoticed; "
            "give version=... and source=False, and raise the version whenever its results change"
        ) from None
    return hashlib.sha256(_without_decorators(text).encode("utf-8", "surrogatepass")).hexdigest()


def _without_decorators(text: str) -> str:
    try:
        first = ast.parse(text).body[0]
    except (SyntaxError, IndexError):
        return text  # a lambda in the middle of an expression: all of its lines count
    if not isinstance(first, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return text
    return "\n".join(text.splitlines()[first.lineno - 1 :])


def code_digest(function: Any) -> str:
    """SHA-256 of the compiled function: what tells two lambdas in one line apart, and code from a file that was edited
    since it was imported. Differs between versions of Python."""
    return hashlib.sha256(repr(_code_parts(function.__code__)).encode("utf-8", "surrogatepass")).hexdigest()


def _code_parts(code: types.CodeType) -> tuple[Any, ...]:
    constants = tuple(_constant(each) for each in code.co_consts)
    return (code.co_code, constants, code.co_names, code.co_varnames, code.co_freevars, code.co_flags)


def _constant(value: Any) -> Any:
    if isinstance(value, types.CodeType):
        return _code_parts(value)
    if isinstance(value, tuple):
        return tuple(_constant(each) for each in value)
    if isinstance(value, frozenset):  # whose order differs from run to run
        return sorted(repr(each) for each in value)
    return (type(value).__name__, repr(value))


def closure_of(function: Any) -> dict[str, Any]:
    """The values of the variables the function takes from around it."""
    names = function.__code__.co_freevars
    cells = function.__closure__ or ()
    values = {}
    for name, cell in zip(names, cells, strict=True):
        try:
            values[name] = cell.cell_contents
        except ValueError:  # not assigned yet; the function itself in a recursive definition
            continue
    return {name: value for name, value in values.items() if getattr(value, "__wrapped__", value) is not function}


def describe_code(value: Any) -> tuple[str, Any] | None:
    """Functions, classes and modules as parts of a key; never of a result."""
    own = getattr(value, "__neve_identity__", None)
    if own is not None:
        return "function", own()
    if isinstance(value, types.FunctionType):
        return "function", {
            "closure": closure_of(value),
            "code": code_digest(value),
            "defaults": [list(value.__defaults__ or ()), dict(value.__kwdefaults__ or {})],
            "name": qualified_name(value),
            "source": source_digest(value),
        }
    if isinstance(value, types.BuiltinFunctionType):
        if isinstance(value.__self__, types.ModuleType) or value.__self__ is None:
            return "builtin", qualified_name(value)
        return None
    if type(value).__name__ == "ufunc":
        return "builtin", f"numpy.{value.__name__}"
    if isinstance(value, types.ModuleType):
        version = getattr(value, "__version__", None)
        if version is None and value.__name__ not in _standard_modules():
            raise InvalidArgumentError(
                f"the module {value.__name__} has no __version__ to depend on; name a text instead"
            )
        return "module", [value.__name__, str(version)]
    if isinstance(value, type):
        return "class", {"name": qualified_name(value), "source": _class_source(value)}
    return None


def _class_source(kind: type) -> str:
    if kind.__module__ == "builtins":
        return ""
    return source_digest(kind)


def _standard_modules() -> frozenset[str]:
    import sys

    return sys.stdlib_module_names
