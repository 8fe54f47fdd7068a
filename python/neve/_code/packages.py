"""Where a module comes from: Python's own and installed packages are known by their versions, other modules are not."""

from __future__ import annotations

import functools
import os
import sys
import sysconfig
import types
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def is_pythons_own(module: str | None) -> bool:
    """Whether the module called so is of the standard library. The name does not say it: the folder of a script comes
    before it, and may have a `profile.py` of its own."""
    package = (module or "").partition(".")[0]
    if package not in sys.stdlib_module_names or package == "__main__":
        return False
    file = getattr(sys.modules.get(package), "__file__", None)
    return file is None or (file.startswith(_standard_folders()) and not _is_installed(file))


@functools.cache
def _standard_folders() -> tuple[str, ...]:
    named = {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"), os.path.dirname(os.__file__)}
    return tuple(os.path.join(folder, "") for folder in named)


def variables_of(module: types.ModuleType) -> dict[str, Any]:
    """The global ones, without loading a module that waits until it is used (`importlib.util.LazyLoader`)."""
    found: dict[str, Any] = object.__getattribute__(module, "__dict__")
    return found


def is_own(variables: Mapping[str, Any]) -> bool:
    """Whether the module with these global variables is the user's, by where its file lies: one that is installed to be
    edited (`pip install -e`) is. A notebook has no file."""
    name: Any = variables.get("__name__")
    file: Any = variables.get("__file__") or getattr(variables.get("__spec__"), "origin", None)
    if isinstance(name, str) and (name.partition(".")[0] == "neve" or name.startswith("namedtuple_")):
        return False
    if isinstance(file, str) and file not in ("built-in", "frozen"):
        return is_own_file(file)
    return not (isinstance(name, str) and name.partition(".")[0] in sys.stdlib_module_names) or name == "__main__"


def is_own_file(file: str) -> bool:
    return not (_is_installed(file) or file.startswith(_standard_folders()))


def is_of_own_module(name: str | None) -> bool:
    """The same of a module's name; also where no module is called so, or another script than the one a class was sent from."""
    module = sys.modules.get(name or "")
    return module is None or name in ("__main__", "__mp_main__") or is_own(variables_of(module))


def _is_installed(file: str) -> bool:
    return "site-packages" in file or "dist-packages" in file


def version_of_package(module: str | None) -> str | None:
    """Of the package that a module is of, if somebody installed it; None of others."""
    return _installed_version((module or "").partition(".")[0])


@functools.cache
def _installed_version(package: str) -> str | None:
    module = sys.modules.get(package)
    places = [getattr(module, "__file__", None) or "", *getattr(module, "__path__", ())]
    if not any(map(_is_installed, places)):
        return None
    import importlib.metadata

    version = getattr(module, "__version__", None)
    try:
        return str(version or importlib.metadata.version(package))
    except importlib.metadata.PackageNotFoundError:
        return None
