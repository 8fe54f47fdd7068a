"""What is met among global variables besides functions and data: what others have made, what only watches."""

from __future__ import annotations

import array
import collections
import functools
import operator
import re
import struct
import sys
import types
import weakref
from typing import TYPE_CHECKING, Any

from neve._code.attributes import PLAIN
from neve._code.class_parts import is_compiled
from neve._code.functions import closure_of, object_of
from neve._code.packages import is_of_own_module, is_own, variables_of
from neve._code.source import found_by_name
from neve._code.texts import MANY, attributes_named
from neve._values.disguise import passes_for_another
from neve._values.fields import slots_of
from neve._values.type_names import type_path

if TYPE_CHECKING:
    from collections.abc import Callable


def is_foreign(value: Any) -> bool:
    return foreign_name(value) is not None


def foreign_name(value: Any) -> str | None:
    """What a function, a class, a module or such an object of Python's or of an installed package is called, as its name leads
    to it; None of others. What somebody else's decorator has made of a function is none."""
    if isinstance(value, types.ModuleType):
        variables = variables_of(value)
        return None if is_own(variables) else f"module {variables.get('__name__')}"
    if type(value) is types.FunctionType and is_own(value.__globals__):
        return None
    if isinstance(value, types.BuiltinFunctionType) and not isinstance(object_of(value), (type, types.NoneType)):
        return None  # a method of an object
    name = text_of(value, "__qualname__") or text_of(value, "__name__")
    module = text_of(value, "__module__") or (type(value).__module__ if name else None)
    if name is None or module is None or is_of_own_module(module) or passes_for_another(value):
        return None
    found = found_by_name(module, name) is value or isinstance(value, types.BuiltinFunctionType)
    return f"{module}.{name}" if found else None


def names_brought(value: Any, depth: int = 8) -> set[str]:
    """Names by which functions of others, in containers perhaps, may read attributes of what they are given: they may be called
    otherwise where they are used (`from copy import deepcopy as another`), and `attrgetter("grid.span")` has its own."""
    if callable(value):
        return _names_brought_by_function(value, depth)
    if type(value) not in (dict, frozenset, list, set, tuple) or not depth or len(value) > MANY:
        return set()
    return set().union(*(names_brought(each, depth - 1) for each in (value.values() if type(value) is dict else value)))


def _names_brought_by_function(value: Any, depth: int) -> set[str]:
    if isinstance(value, functools.partial):
        return names_brought((value.func, *value.args, *value.keywords.values()), depth)
    if isinstance(value, (operator.attrgetter, operator.methodcaller)):
        reduced: Any = value.__reduce__()
        maker, given = reduced[:2]
        texts = (*given, *(maker.args if isinstance(maker, functools.partial) else ()))
        return attributes_named(set(), filter(lambda each: isinstance(each, str), texts))
    name = foreign_name(value)
    return set() if name is None else {name.rpartition(".")[2]}


def text_of(value: Any, name: str) -> str | None:
    """An attribute that is a text; None if it is none."""
    try:
        found = getattr(value, name, None)
    except Exception:  # what anybody's class does when it is asked
        return None
    return found if type(found) is str else None


def is_of_own_class(value: Any) -> bool:
    """Not one of machine code that says it is of a module which there is not, as wrapt's."""
    kind = type(value)
    return is_of_own_module(kind.__module__) and (kind.__module__ in sys.modules or not is_compiled(kind))


def is_observer(value: Any) -> bool:
    """Whether it watches or orders what happens, and does not change results: loggers, locks, bars of progress."""
    if value is sys.stdout or value is sys.stderr:
        return True
    kind = type(value)
    if any(each.__module__.partition(".")[0] in _OBSERVE for each in kind.__mro__):
        return True
    place = (kind.__module__, kind.__name__)
    orders = any(kind.__module__ == each or kind.__module__.startswith(each + ".") for each in _ORDER)
    return place == ("neve", "Memory") or (orders and place not in _HOLD)


_OBSERVE = frozenset("logging tqdm rich structlog loguru alive_progress progressbar prometheus_client".split())
_ORDER = (
    "_thread threading asyncio.locks multiprocessing.synchronize multiprocessing.pool multiprocessing.context "
    "concurrent.futures joblib.parallel joblib.memory neve.cache neve.phys"
).split()
_HOLD = (("_thread", "_local"), ("concurrent.futures._base", "Future"))


def standard_form(value: Any) -> tuple[str, Any] | None:
    """Tag and content of objects of Python's own that are no results, and no arguments; None of others."""
    kind = type(value)
    if kind is object:  # marks that nothing was given
        return "object", None
    if kind in _FORMS:
        return type_path(kind), _FORMS[kind](value)
    if kind.__module__ == "argparse" and kind.__qualname__ == "Namespace":
        return type_path(kind), vars(value)
    if kind.__module__ == "zoneinfo" and getattr(value, "key", None):
        return type_path(kind), value.key
    if kind.__module__ == "datetime":  # a zone
        return type_path(kind), repr(value)
    if kind is types.MethodType:
        return "method", [value.__func__, value.__self__]
    if isinstance(value, (types.BuiltinFunctionType, types.MethodWrapperType)) and object_of(value) is not None:
        return "method", [value.__name__, value.__self__]
    return _form_of_numpy(value) if kind.__module__.partition(".")[0] == "numpy" else None


def _form_of_numpy(value: Any) -> tuple[str, Any] | None:
    kind = type(value)
    if kind.__name__ in ("finfo", "iinfo"):
        return type_path(kind), value.dtype
    if kind.__name__ == "poly1d":
        return type_path(kind), [value.coeffs, value.variable]
    if kind.__module__.startswith("numpy.polynomial."):
        return type_path(kind), [value.coef, value.domain, value.window]
    return None


_FORMS: dict[type, Callable[[Any], Any]] = {
    array.array: lambda value: [value.typecode, value.tobytes()],
    collections.Counter: dict,
    collections.OrderedDict: dict,
    collections.defaultdict: lambda value: [value.default_factory, dict(value)],
    collections.deque: lambda value: [value.maxlen, list(value)],
    re.Pattern: lambda value: [value.pattern, value.flags],
    struct.Struct: lambda value: value.format,
    types.SimpleNamespace: vars,
}


def functions_behind(value: Any) -> dict[str, Any] | None:
    """The functions, and what goes with them, that an object of an installed package was made of and stands for, as those of
    numba, jax and `numpy.vectorize`; None of other objects."""
    if is_of_own_class(value) or isinstance(value, (type, types.ModuleType)):
        return None
    named = {name: _behind_cache(_attribute(value, name)) for name in ("py_func", "__wrapped__", "pyfunc", "func")}
    if not any(map(leads_to_own, named.values())):
        return None
    held = {name: _attribute(value, name) for name in (*sorted(slots_of(value)), "_self_wrapper")}  # the latter of wrapt
    held |= {**(_attribute(value, "__dict__") or {}), **named}
    functions = {name: [each for each in _each_of(kept) if leads_to_own(_behind_cache(each))] for name, kept in held.items()}
    given = {name: _attribute(value, name) for name in _GIVEN}
    settings = {name: each for name, each in given.items() if type(each) in (*PLAIN, tuple, list, dict, set, frozenset)}
    functions = {name: each for name, each in functions.items() if each}
    return {"functions": functions, "settings": settings, "options": repr(_attribute(value, "targetoptions"))}


_GIVEN = "args excluded keywords kw_args kwargs otypes signature".split()


def _each_of(value: Any) -> Any:
    return value if type(value) in (tuple, list) else (value,)


def _attribute(value: Any, name: str) -> Any:
    try:
        return getattr(value, name, None)
    except Exception:  # what anybody's class does when it is asked
        return None


def _behind_cache(value: Any) -> Any:
    while type(value) is functools._lru_cache_wrapper:
        value = value.__wrapped__
    return value


def leads_to_own(function: Any, depth: int = 8) -> bool:
    """Whether it is a function of the user's, or one that somebody else's decorator has put around such a function."""
    if type(function) is not types.FunctionType or is_own(function.__globals__):
        return type(function) is types.FunctionType
    around = (getattr(function, "__wrapped__", None), *closure_of(function).values())
    return depth > 0 and any(leads_to_own(_behind_cache(each), depth - 1) for each in around)


def name_in_its_package(value: Any) -> str | None:
    """Under which name a module of the installed package that its class is from has the object, as `scipy.stats` its
    distributions."""
    known = _names_in_packages.get(id(value))
    if known is None or known[0]() is not value:
        if len(_names_in_packages) > 1024:
            _names_in_packages.clear()
        known = _names_in_packages[id(value)] = (reference_to(value), _look_up_in_its_package(value))
    return known[1]


_names_in_packages: dict[int, tuple[Callable[[], Any], str | None]] = {}  # to look through all modules takes its time


def _look_up_in_its_package(value: Any) -> str | None:
    package = type(value).__module__.partition(".")[0]
    if is_of_own_module(package):
        return None
    inside = package + "."
    modules = [
        module
        for called, module in list(sys.modules.items())
        if (called == package or called.startswith(inside)) and isinstance(module, types.ModuleType)
    ]
    return min((name for module in modules for name, each in list(variables_of(module).items()) if each is value), default=None)


def reference_to(value: Any) -> Callable[[], Any]:
    """Gives the object as long as others need it."""
    try:
        return weakref.ref(value)
    except TypeError:
        return lambda: value
