"""Modules that a function imports itself: the user's are imported before it runs, since what they hold counts."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import types
from typing import TYPE_CHECKING, Any

from neve._code.packages import is_own, is_own_file, variables_of

if TYPE_CHECKING:
    from neve._code.globals_read import Imported


def imported_module(wanted: Imported, variables: dict[str, Any]) -> types.ModuleType | None:
    """The module that the statement gives first, `a` of `import a.b`, if it is the user's and can be imported. `variables`: the
    global ones where the statement stands."""
    name = wanted.name
    if wanted.level:
        package: Any = variables.get("__package__") or str(variables.get("__name__")).rpartition(".")[0]
        try:
            name = importlib.util.resolve_name("." * wanted.level + name, package)
        except ImportError:
            return None
    first = name.partition(".")[0]
    module = _imported(name) if name in sys.modules or _may_be_own(first) else None
    if module is None or not wanted.whole:
        return module
    whole = sys.modules.get(first)
    return whole if isinstance(whole, types.ModuleType) and is_own(variables_of(whole)) else None


def submodule(package: Any, name: str) -> types.ModuleType | None:
    """A module of a package's, which is imported when it is asked for."""
    return _imported(f"{package.__name__}.{name}") if hasattr(package, "__path__") else None


def _imported(name: str) -> types.ModuleType | None:
    try:
        module = sys.modules.get(name) or importlib.import_module(name)
    except (Exception, SystemExit):  # which the function has to deal with
        return None
    return module if isinstance(module, types.ModuleType) and is_own(variables_of(module)) else None


def _may_be_own(first: str) -> bool:
    if first in sys.modules:
        return is_own(variables_of(sys.modules[first]))
    if first in sys.builtin_module_names:
        return False
    try:
        spec = importlib.util.find_spec(first)
    except (ImportError, ValueError):
        return False
    if spec is None:
        return False
    places = [spec.origin, *(spec.submodule_search_locations or ())]
    return any(is_own_file(each) for each in places if each not in (None, "built-in", "frozen"))
