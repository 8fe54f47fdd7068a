"""What a class is called in entries and keys, and which class a name leads to in this process."""

from __future__ import annotations

import sys
from typing import Any

from neve.errors import UnsupportedError


def type_path(kind: type) -> str:
    """Module and name. A script is `__mp_main__` in the processes that multiprocessing spawns."""
    module = "__main__" if kind.__module__ == "__mp_main__" else kind.__module__
    return f"{module}:{kind.__qualname__}"


_FORMERLY = {"neve._stage:State": "neve:State", "neve._stages.stage:State": "neve:State"}  # in entries there are

_scripts: list[dict[str, Any]] = []


def knows_types_of(function: Any) -> None:
    """Makes the types of a script known that a function of it refers to, in a process that has not run the script but
    was sent the function."""
    around = getattr(function, "__globals__", None)
    if around is None or around is getattr(sys.modules.get("__main__"), "__dict__", None):
        return
    if not any(known is around for known in _scripts):
        _scripts.append(around)


def _type_called(module: str, qualname: str) -> Any:
    """What this process knows under that name; None if nothing."""
    first, *rest = qualname.split(".")
    if module == "neve":  # which imports what it has when it is asked for it
        return getattr(sys.modules[module], qualname, None)
    places = [getattr(sys.modules.get(module), "__dict__", {}), *(_scripts if module == "__main__" else [])]
    for place in places:
        found: Any = place.get(first)
        for part in rest:
            found = getattr(found, part, None)
        if found is not None:
            return found
    return None


def is_known_by_name(kind: type) -> bool:
    """Whether its name leads to the class: others may be called the same, as those that a function makes."""
    found = _type_called(kind.__module__, kind.__qualname__)
    if found is kind:
        return True
    if kind.__module__ in ("__main__", "__mp_main__") and "<locals>" not in kind.__qualname__ and _has_parent():
        # In a process that another started without running the script again, names of the script lead nowhere; with running
        # it, to a class of its own, beside those that cloudpickle sends.
        return found is None or getattr(found, "__module__", None) == "__mp_main__"
    return False


def _has_parent() -> bool:
    processes = sys.modules.get("multiprocessing.process")
    return processes is not None and processes.parent_process() is not None


_met: dict[str, type | None] = {}  # None: two of one name


def type_of(value: Any, for_key: bool) -> dict[str, Any]:
    """The name of its class; in a key the class itself, too, where the name does not say which it is. A script's class is
    remembered: in a process that has not run the script, a result may have it, too."""
    kind = type(value)
    if kind.__module__ in ("__main__", "__mp_main__") and "<locals>" not in kind.__qualname__:
        path = type_path(kind)
        _met[path] = kind if _met.get(path, kind) is kind else None
    named = {"type": type_path(kind)}
    return named if not for_key or is_known_by_name(kind) else {**named, "class": kind}


def known_type(path: str) -> Any:
    """The class called so. Raises UnsupportedError if this process has not imported its module."""
    path = _FORMERLY.get(path, path)
    module, _, name = path.partition(":")
    found = _type_called(module, name) or (_met.get(path) if _has_parent() else None)
    if not isinstance(found, type) or type_path(found) != path:
        raise UnsupportedError(f"the stored value is a {path}, which this process does not know; import its module first")
    return found
