"""What a function is, for keys: its source, what it closes over, and what its author says it depends on."""

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

from neve.errors import InvalidArgumentError, UnsupportedError


def qualified_name(function: Any) -> str:
    """Module and name. Of a function in a script, the script's path too: every script's module is `__main__`, or
    `__mp_main__` in the processes it spawns."""
    module: str = function.__module__
    if module in ("__main__", "__mp_main__"):
        module = "__main__"
        file = getattr(getattr(function, "__code__", None), "co_filename", None)
        if file is None:
            file = getattr(sys.modules.get(function.__module__), "__file__", None)
        if file is not None and os.path.isfile(file):
            module = f"__main__[{os.path.abspath(file)}]"
        elif (origin := _origin_of(function)) is not None:
            return origin[0]
    return f"{module}.{function.__qualname__}"


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
    """SHA-256 of the function's or class's text from its `def` on: decorators and the indentation around it do not
    count. Of what a decorator put in the function's place it is that text; what it wraps is in its closure. Where the
    file was edited after it was imported, the text is not what runs, and the compiled code counts, too.

    Raises InvalidArgumentError if there is no source to be had.
    """
    try:
        text = textwrap.dedent(inspect.getsource(getattr(function, "__code__", function)))
    except (OSError, TypeError):
        if (origin := _origin_of(function)) is not None:
            return origin[1]
        raise InvalidArgumentError(
            f"the source of {qualified_name(function)} is not to be had, so a change of it would go unnoticed; "
            "give version=... and source=False, and raise the version whenever its results change"
        ) from None
    text = _without_decorators(text)
    if hasattr(function, "__code__") and not _is_what_its_file_says(function.__code__):
        text += "\n" + code_digest(function)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    if isinstance(function, types.FunctionType) and _travels_by_value(function):
        function.__dict__["__neve_origin__"] = (qualified_name(function), digest, code_digest(function))
    return digest


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
    handlers = getattr(code, "co_exceptiontable", b"")  # where each `try` ends, from Python 3.11 on
    return (code.co_code, constants, code.co_names, code.co_varnames, code.co_freevars, code.co_flags, handlers)


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
    compiled = type(given).__name__ in ("cython_function_or_method", "fused_cython_function")
    if isinstance(given, (types.FunctionType, types.MethodType, types.BuiltinFunctionType)) or compiled:
        return given
    raise InvalidArgumentError(
        f"neve.memo keeps the results of functions and methods, not of a {type(given).__qualname__}, whose content it could "
        "not see; define a function that calls it"
    )


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


def never_changes(value: Any) -> bool:
    """Whether a dependency is the same for as long as the process lives. A list, an array or an object is not: somebody
    may write into it between two calls."""
    if isinstance(value, types.FunctionType):
        return not value.__closure__ and not value.__defaults__ and not value.__kwdefaults__
    fixed = (str, bytes, int, float, complex, type(None), type, types.ModuleType, types.BuiltinFunctionType)
    return isinstance(value, fixed)


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
        name: str = value.__name__
        for module in ("numpy", "scipy.special"):
            if getattr(sys.modules.get(module), name, None) is value:
                return "builtin", f"{module}.{name}"
        return None  # made from a function by frompyfunc: its name says nothing
    if isinstance(value, types.ModuleType):
        version = getattr(value, "__version__", None)
        if version is None and value.__name__ not in _standard_modules():
            raise InvalidArgumentError(
                f"the module {value.__name__} has no __version__ to depend on; name a text instead"
            )
        return "module", [value.__name__, str(version)]
    if isinstance(value, type):
        return "class", _describe_class(value)
    if isinstance(value, functools._lru_cache_wrapper):
        return describe_code(value.__wrapped__)
    return None


def _describe_class(kind: type) -> dict[str, Any]:
    """Its text and what runs of it, and that of its bases: classes of one text may differ in what is around them."""
    name = qualified_name(kind)
    package = kind.__module__.partition(".")[0]
    if package == "builtins" or package in _standard_modules():
        return {"name": name}
    try:
        source = source_digest(kind)
    except InvalidArgumentError:
        version = getattr(sys.modules.get(package), "__version__", None)
        if version is None:
            raise UnsupportedError(
                f"the source of the class {name} is not to be had, so a change of it would go unnoticed; give its name "
                "instead"
            ) from None
        return {"name": name, "version": str(version)}  # compiled, as NumPy's types are
    return {
        "bases": [_describe_class(base) for base in kind.__bases__ if base is not object],
        "members": {each: _describe_member(member) for each, member in sorted(vars(kind).items()) if _counts(each, member)},
        "name": name,
        "source": source,
    }


_MEMBERS = (bool, int, float, complex, str, bytes, type(None), types.FunctionType, classmethod, staticmethod, property)


def _counts(name: str, member: Any) -> bool:
    """Not what every class has or Python makes; other objects are what the text says they are."""
    made = name.startswith("__") and name.endswith("__") and not isinstance(member, types.FunctionType)
    return isinstance(member, _MEMBERS) and not made


def _describe_member(member: Any) -> Any:
    if isinstance(member, (classmethod, staticmethod)):
        return _describe_member(member.__func__)
    if isinstance(member, property):
        return [_describe_member(each) for each in (member.fget, member.fset) if each is not None]
    if isinstance(member, types.FunctionType):
        around = closure_of(member)
        around.pop("__class__", None)  # of super(): the class itself
        return {"closure": {each: around[each] for each in sorted(around)}, "code": code_digest(member)}
    return member if isinstance(member, (bool, int, float, complex, str, bytes, type(None))) else None


def _standard_modules() -> frozenset[str]:
    return sys.stdlib_module_names
