"""What a function is, for keys: its source, what it closes over, and what its author says it depends on."""

from __future__ import annotations

import ast
import bisect
import dis
import functools
import hashlib
import inspect
import linecache
import os
import sys
import textwrap
import types
from typing import Any

from neve._attributes import attributes_of
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
    return f"{module}.{function.__qualname__}"


_home: list[str] = []  # what `__main__` is called where the functions and classes that this process was sent come from


def comes_from_home_of(name: str) -> None:
    """Says that a function of this qualified name was sent to this process."""
    script, bracket, _ = name.partition("].")
    if bracket and script.startswith("__main__["):
        _home[:] = [script + bracket[:-1]]


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
    try:
        source = inspect.getsource(getattr(function, "__code__", function))
    except (OSError, TypeError):
        if (origin := _origin_of(function)) is not None:
            return origin[1]
        raise InvalidArgumentError(
            f"the source of {qualified_name(function)} is not to be had, so a change of it would go unnoticed; "
            "give version=... and source=False, and raise the version whenever its results change"
        ) from None
    text = _without_decorators(textwrap.dedent(source)) + _beside_the_text(source)
    if hasattr(function, "__code__") and not _is_what_its_file_says(function.__code__):
        text += "\n" + code_digest(function)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class _ByCode:
    """Digests of code objects met lately. Of one object, not of equal ones: these may be from two files."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[types.CodeType, str]] = {}

    def get(self, code: types.CodeType | None) -> str | None:
        kept = self._kept.get(id(code))
        return kept[1] if kept is not None and kept[0] is code else None

    def keep(self, code: types.CodeType | None, digest: str) -> None:
        if len(self._kept) > 4096:
            self._kept = {}
        if code is not None:
            self._kept[id(code)] = (code, digest)


_source_digests = _ByCode()  # the text is read once: later it may be another, while the code still runs
_code_digests = _ByCode()


def _travels_by_value(function: types.FunctionType) -> bool:
    """Whether cloudpickle takes it apart: what arrives knows no file, and so no source, but has its attributes."""
    return function.__module__ in ("__main__", "__mp_main__") or "<" in function.__qualname__


def _origin_of(function: Any) -> tuple[str, str] | None:
    """Name and source digest at home of a function that came from another process, if it is still that function."""
    name, digest, code = getattr(function, "__dict__", {}).get("__neve_origin__", (None, None, None))
    if name is None or not hasattr(function, "__code__") or code_digest(function) != code:
        return None
    return name, digest


def _is_what_its_file_says(code: types.CodeType) -> bool:
    """Whether the text of the file as it is now compiles to this code."""
    lines = "".join(linecache.getlines(code.co_filename))
    try:
        pending = [compile(lines, code.co_filename, "exec", dont_inherit=True)]
    except (SyntaxError, ValueError):
        return False
    while pending:
        each = pending.pop()
        if each.co_name == code.co_name and each.co_firstlineno == code.co_firstlineno:
            return _code_parts(each) == _code_parts(code)
        pending.extend(constant for constant in each.co_consts if isinstance(constant, types.CodeType))
    return False


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


def code_digest(function: Any) -> str:
    """SHA-256 of the compiled function: what tells two lambdas in one line apart, and code from a file that was edited
    since it was imported. Differs between versions of Python."""
    code = function.__code__
    digest = _code_digests.get(code)
    if digest is None:
        digest = hashlib.sha256(repr(_code_parts(code)).encode("utf-8", "surrogatepass")).hexdigest()
        _code_digests.keep(code, digest)
    return digest


def _code_parts(code: types.CodeType) -> tuple[Any, ...]:
    parameters = (code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount)
    names = (code.co_names, code.co_varnames, code.co_freevars)
    return (*_instructions(code), *names, parameters, code.co_flags & ~_HAS_DOCSTRING)


_HAS_DOCSTRING = 0x4000000 if sys.version_info >= (3, 13) else 0
_JUMPS = frozenset((*dis.hasjrel, *dis.hasjabs))
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
            told.append((each.opcode, number(each.argval) if each.opcode in _JUMPS else each.arg))
    if sys.version_info < (3, 11):
        return told, []
    tries = dis._parse_exception_table(code)
    return told, [(number(each.start), number(each.end), number(each.target), each.depth, each.lasti) for each in tries]


def _constant(value: Any) -> Any:
    if isinstance(value, types.CodeType):
        return _code_parts(value)
    if isinstance(value, tuple):
        return tuple(_constant(each) for each in value)
    if isinstance(value, frozenset):  # whose order differs from run to run
        return sorted(repr(each) for each in value)
    return (type(value).__name__, repr(value))


def plain_function(given: Any) -> Any:
    """The function or method in `given`, whose code and closure can be seen: itself, or what functools.cache and
    lru_cache wrap. Raises InvalidArgumentError for other objects: they may hold anything that their results depend on.
    """
    if isinstance(given, functools._lru_cache_wrapper):
        return plain_function(given.__wrapped__)
    python = isinstance(given, (types.FunctionType, types.MethodType, types.BuiltinFunctionType))
    if python or type(given).__name__ in OF_CYTHON:
        return given
    raise InvalidArgumentError(
        f"neve.memo keeps the results of functions and methods, not of a {type(given).__qualname__}, whose content it could "
        "not see; define a function that calls it"
    )


OF_CYTHON = ("cython_function_or_method", "fused_cython_function")  # names of types that each module has of its own


def keeps_results_of(value: Any) -> bool:
    """Whether it is a function with its results kept, by functools or by neve; `__wrapped__` is that function."""
    return isinstance(value, functools._lru_cache_wrapper) or hasattr(type(value), "__neve_identity__")


def object_of(function: Any) -> Any:
    """The object or class whose method it is, written in Python or, as `table.get`, not; None of other functions."""
    owner = None if isinstance(function, types.FunctionType) else getattr(function, "__self__", None)
    return None if isinstance(owner, types.ModuleType) else owner


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
    return {
        name: value
        for name, value in values.items()
        if (value.__wrapped__ if keeps_results_of(value) else value) is not function
    }


def stamp_of(value: Any) -> tuple[Any, ...] | None:
    """What tells a dependency from what it was in the last call without looking into it: objects that are the same as
    long as it is. None for what may change unseen: somebody may write into a list, an array, a class between two calls.
    """
    if isinstance(value, types.FunctionType):
        defaults = (*(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values())
        if value.__closure__ or attributes_of(value) or not all(isinstance(each, _FIXED) for each in defaults):
            return None
        return (value, value.__code__, *defaults)
    if isinstance(value, types.ModuleType):  # reloading leaves the object
        version = getattr(value, "__version__", None)
        return (value, version) if isinstance(version, _FIXED) else None
    fixed = isinstance(value, (*_FIXED, types.BuiltinFunctionType))
    return (value,) if fixed or (isinstance(value, type) and not is_made_of_python(value)) else None


_FIXED = (str, bytes, int, float, complex, type(None))


def is_made_of_python(kind: type) -> bool:
    """Whether a class came about by a `class` statement or a call of `type`, so that what it has can be replaced."""
    heap_type, immutable_type = 1 << 9, 1 << 8  # of CPython's tp_flags
    return bool(kind.__flags__ & heap_type) and not kind.__flags__ & immutable_type


def describe_code(value: Any) -> tuple[str, Any] | None:
    """Functions, classes and modules as parts of a key, and what is around them; never of a result. The encoder sees to
    it that a function or class that refers to itself, by way of others perhaps, is described once."""
    own = getattr(value, "__neve_identity__", None)
    if own is not None and not isinstance(value, type):
        return "function", own()
    if isinstance(value, types.FunctionType):
        return "function", {
            **_with_attributes(value),
            "closure": closure_of(value),
            "code": code_digest(value),
            "defaults": [list(value.__defaults__ or ()), dict(value.__kwdefaults__ or {})],
            "name": qualified_name(value),
            "source": _source_or_none(value),
        }
    if isinstance(value, types.BuiltinFunctionType):
        return _describe_builtin(value)
    if type(value).__name__ == "ufunc":
        name: str = value.__name__
        for module in ("numpy", "scipy.special"):
            if getattr(sys.modules.get(module), name, None) is value:
                return "builtin", f"{module}.{name}"
        return None  # made from a function by frompyfunc: its name says nothing
    if isinstance(value, types.ModuleType):
        from neve._packages import is_pythons_own

        version = getattr(value, "__version__", None)
        if version is None and not is_pythons_own(value.__name__):
            raise InvalidArgumentError(f"the module {value.__name__} has no __version__ to depend on; name a text instead")
        return "module", [value.__name__, str(version)]
    if isinstance(value, functools._lru_cache_wrapper):
        attributes = _with_attributes(value)
        return ("cached", {**attributes, "of": value.__wrapped__}) if attributes else describe_code(value.__wrapped__)
    from neve._class_parts import describe_part

    return describe_part(value)


def _with_attributes(function: Any) -> dict[str, Any]:
    attributes = attributes_of(function)
    return {"attributes": attributes} if attributes else {}


def _describe_builtin(value: types.BuiltinFunctionType) -> tuple[str, Any] | None:
    owner = object_of(value)
    if owner is None:
        return "builtin", qualified_name(value)
    if isinstance(owner, type):  # `tuple.__new__`
        return "builtin", {"name": value.__name__, "of": owner}
    return None


def _source_or_none(function: types.FunctionType) -> str | None:
    """What made no text, as dataclasses do, is all in its code."""
    try:
        return source_digest(function)
    except InvalidArgumentError:
        return None
