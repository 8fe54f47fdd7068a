"""What a function is called and the text it was made from, for keys: on this machine and where it is sent."""

from __future__ import annotations

import ast
import functools
import hashlib
import inspect
import linecache
import os
import sys
import textwrap
import types
from typing import Any

from neve._code.compiled import ByCode, code_digest, code_parts
from neve.errors import InvalidArgumentError


def qualified_name(function: Any) -> str:
    """Module and name. Of a function in a script, the script's path too: every script's module is `__main__`, or
    `__mp_main__` in the processes it spawns. In those of joblib `__main__` is not the script."""
    module: str = function.__module__
    if module in ("__main__", "__mp_main__"):
        module = "__main__"
        file = getattr(getattr(function, "__code__", None), "co_filename", None)
        if _home and isinstance(function, type) and found_by_name(function.__module__, function.__qualname__) is not function:
            return f"{_home[0]}.{function.__qualname__}"
        if file is None:
            file = getattr(sys.modules.get(function.__module__), "__file__", None)
        if file is not None and os.path.isfile(file):
            module = f"__main__[{os.path.abspath(file)}]"
        elif (origin := _origin_of(function)) is not None:
            return origin[0]
        elif (script := _script_of(function)) is not None:
            module = f"__main__[{os.path.abspath(script)}]"
    return f"{module}.{function.__qualname__}"


_home: list[str] = []  # what `__main__` is called where the functions and classes that this process was sent come from


def comes_from_home_of(name: str) -> None:
    """Says that a function of this qualified name was sent to this process."""
    script, bracket, _ = name.partition("].")
    if bracket and script.startswith("__main__["):
        _home[:] = [script + bracket[:-1]]
    elif name.startswith("__main__."):  # of a notebook
        _home[:] = ["__main__"]


def found_by_name(module: str, qualname: str) -> Any:
    """What is called so in this process; None if nothing is."""
    found: Any = sys.modules.get(module)
    for part in qualname.split("."):
        found = getattr(found, part, None)
    return found


def copy_of(function: types.FunctionType, qualname: str) -> types.FunctionType:
    """The same function, under another name."""
    made = types.FunctionType(
        function.__code__, function.__globals__, function.__name__, function.__defaults__, function.__closure__
    )
    functools.update_wrapper(made, function)
    made.__kwdefaults__ = function.__kwdefaults__
    made.__dict__.clear()
    made.__dict__.update(function.__dict__)
    made.__qualname__ = qualname
    return made


def source_digest(function: Any) -> str:
    """SHA-256 of the function's text from its `def` on: decorators and the indentation around it do not
    count. Of what a decorator put in the function's place it is that text; what it wraps is in its closure. Where the
    file was edited after it was imported, the text is not what runs, and the compiled code counts, too.

    Raises InvalidArgumentError if there is no source to be had.
    """
    code = getattr(function, "__code__", None)
    digest = _source_digests.get(code) or _digest_of_text(function)
    _source_digests.keep(code, digest)
    if isinstance(function, types.FunctionType) and _travels_by_value(function):
        function.__dict__["__neve_origin__"] = (qualified_name(function), digest, code_digest(function))
    return digest


def _digest_of_text(function: Any) -> str:
    script = None
    try:
        source = _text_of(function)
    except (OSError, TypeError):
        if (origin := _origin_of(function)) is not None:
            return origin[1]
        script = _script_of(function)
        if script is None:
            timed = getattr(getattr(function, "__code__", None), "co_filename", "") == "<timed exec>"
            raise InvalidArgumentError(
                f"the source of {qualified_name(function)} is not to be had, so a change of it would go unnoticed; "
                + ("IPython keeps none of a cell under %%time: define it in a cell of its own, or " if timed else "")
                + "give version=... and source=False, and raise the version whenever its results change"
            ) from None
        source = "".join(inspect.getblock(linecache.getlines(script)[function.__code__.co_firstlineno - 1 :]))
    text = _without_decorators(textwrap.dedent(source)) + _beside_the_text(source)
    if hasattr(function, "__code__") and not _is_what_its_file_says(function.__code__, script):
        text += "\n" + code_digest(function)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _text_of(function: Any) -> str:
    """Raises OSError where there is none, TypeError for what has none."""
    code = getattr(function, "__code__", None)
    if code is not None and code.co_filename == "<string>" and not _is_what_its_file_says(code):
        raise OSError  # what dataclasses make says so, too, and Python 3.13 has the text of `python -c` under that name
    return inspect.getsource(code or function)


_source_digests = ByCode[str]()  # the text is read once: later it may be another, while the code still runs


def _travels_by_value(function: types.FunctionType) -> bool:
    """Whether cloudpickle takes it apart: what arrives knows no file, and so no source, but has its attributes."""
    return function.__module__ in ("__main__", "__mp_main__") or "<" in function.__qualname__


def _origin_of(function: Any) -> tuple[str, str] | None:
    """Name and source digest at home of a function that came from another process, if it is still that function."""
    name, digest, code = getattr(function, "__dict__", {}).get("__neve_origin__", (None, None, None))
    if name is None or not hasattr(function, "__code__") or code_digest(function) != code:
        return None
    return name, digest


def _script_of(function: Any) -> str | None:
    """The script that a function sent by cloudpickle is of: its code does not say it any more. None if the file does not say
    this code, as of what dataclasses make."""
    code = getattr(function, "__code__", None)
    if code is None or code.co_filename != "<dynamic-code>":
        return None
    script = _scripts.get(code)
    if script is None:
        file = function.__globals__.get("__file__")
        there = isinstance(file, str) and os.path.isfile(file) and _is_what_its_file_says(code, file)
        script = file if there else ""
        _scripts.keep(code, script)
    return script or None


_scripts = ByCode[str]()  # empty: none


def _is_what_its_file_says(code: types.CodeType, file: str | None = None) -> bool:
    """Whether the text of the file as it is now compiles to this code."""
    said = _codes_of(file or code.co_filename, code.co_filename).get((code.co_name, code.co_firstlineno))
    return said is not None and (said == code or code_parts(said) == code_parts(code))


def _codes_of(file: str, name: str) -> dict[tuple[str, int], types.CodeType]:
    """What the text of the file compiles to, by names and first lines: compiled once for all of its functions."""
    lines = linecache.getlines(file)
    known = _files.get((file, name))
    if known is not None and known[0] is lines:
        return known[1]
    found: dict[tuple[str, int], types.CodeType] = {}
    try:
        pending = [compile("".join(lines), name, "exec", dont_inherit=True)]
    except (SyntaxError, ValueError):
        pending = []
    while pending:
        each = pending.pop()
        found.setdefault((each.co_name, each.co_firstlineno), each)
        pending.extend(constant for constant in each.co_consts if isinstance(constant, types.CodeType))
    if len(_files) > 256:
        _files.clear()
    _files[file, name] = (lines, found)
    return found


_files: dict[tuple[str, str], tuple[list[str], dict[tuple[str, int], types.CodeType]]] = {}


def _beside_the_text(source: str) -> str:
    """What the text without its indentation does not say: the blanks within texts of several lines, whether assertions
    run, which `python -O` takes out, and whether there are docstrings, which `python -OO` takes out, to be read."""
    try:
        tree = ast.parse(f"if True:\n{source}" if source[:1].isspace() else source)
    except SyntaxError:
        return ""  # of a lambda the compiled code counts
    functions = [each for each in ast.walk(tree) if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef))]
    for each in functions[:1]:
        each.decorator_list = []
    for each in functions:
        if ast.get_docstring(each, clean=False) is not None:  # is in the text, and moves with it
            del each.body[0]
    nodes = list(ast.walk(tree))
    constants = [each.value for each in nodes if isinstance(each, ast.Constant)]
    told = [repr(each) for each in constants if isinstance(each, (str, bytes)) and _has_lines(each)]
    checks = any(isinstance(each, ast.Assert) or getattr(each, "id", "") == "__debug__" for each in nodes)
    reads = any("__doc__" in (getattr(each, "id", ""), getattr(each, "attr", "")) for each in nodes)
    told += ["python -O"] if checks and not __debug__ else []
    told += ["python -OO"] if reads and sys.flags.optimize > 1 else []
    return "".join(f"\n{each}" for each in told)


def _has_lines(text: str | bytes) -> bool:
    return (b"\n" if isinstance(text, bytes) else "\n") in text  # type: ignore[operator]


def _without_decorators(text: str) -> str:
    try:
        first = ast.parse(text).body[0]
    except (SyntaxError, IndexError):
        return text  # a lambda in the middle of an expression: all of its lines count
    if not isinstance(first, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return text
    return "\n".join(text.splitlines()[first.lineno - 1 :])
