"""Where a module comes from: Python's own and installed packages are known by their versions, other modules are not."""

from __future__ import annotations

import functools
import os
import sys
import sysconfig


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
