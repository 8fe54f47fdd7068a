"""`neve.memo`: which modules' variables count by what they hold, and how these are found."""

import importlib
import sys

from memo_functions import kept


def test_what_belongs_to_python_and_to_installed_packages_does_not_count(cache, world, tmp_path, monkeypatch):
    installed = tmp_path / "site-packages"
    installed.mkdir()
    monkeypatch.syspath_prepend(installed)

    def install(version):
        (installed / "bought.py").write_text(
            f"__version__ = '{version}'\nUSED = {version}"
            """
N = 1
LIMIT = None
def helper(x):
    return x + len(__version__)
class Kind:
    a = USED
class Law:
    def __init__(self):
        self.seen = []
    def mean(self):
        return 5
norm = Law()
def again(function):
    def wrapper(*args):
        return function(*args) + (LIMIT is None)
    return wrapper
"""
        )

    install("1")
    world.write(
        "main",
        """
import os, json, numpy as np, bought
from math import pi
from numpy import mean, fft, float64
from bought import Kind, helper, norm as law, again
from functools import reduce
from os.path import join
M = 1
@again
def wrapped(x):
    return M * x
def f(x):
    import pandas as pd
    return [float(mean([x])), helper(x), bought.helper(x), Kind.__name__, np.abs(x) > 0, float64(1) > 0,
        law.mean(), json.dumps(x), reduce(max, [x]), join('a', 'b'), pi > 3, fft is None, wrapped(x)]
""",
    )
    f = kept(cache, importlib.import_module("main").f)
    assert f(1) == f(1)
    install("22")
    for name in ("bought", "main"):
        sys.modules.pop(name)
    again = kept(cache, importlib.import_module("main").f)
    assert again.check_call_in_cache(1)
    monkeypatch.setattr(importlib.import_module("main"), "M", 2)
    assert again(1)[-1] == again.func(1)[-1] == 3  # the user's function in what another's decorator has made


def test_a_package_that_is_installed_to_be_edited_is_the_users_own(cache, world, tmp_path, monkeypatch):
    world.write(
        "edited",
        """
N = 1
__version__ = '1'
""",
    )
    (tmp_path / "edited-1.dist-info").mkdir()
    (tmp_path / "edited-1.dist-info" / "METADATA").write_text("""
Metadata-Version: 2.1
Name: edited
Version: 1
""")
    world.write(
        "main",
        """
import edited
def f(x):
    return edited.N * x
""",
    )
    f = kept(cache, importlib.import_module("main").f)
    assert f(1) == 1
    sys.modules["edited"].N = 2
    assert f(1) == 2


def test_a_module_that_makes_its_attributes_counts_by_what_it_makes(cache, world):
    made = """
VALUES = {'N': 1}
def __getattr__(name):
    if name in VALUES:
        return VALUES[name]
    raise AttributeError(name)
"""
    world.write("lazy", made)
    world.write(
        "main",
        """
import lazy
def f(x):
    return lazy.N * x
""",
    )
    main = importlib.import_module("main")
    f = kept(cache, main.f)
    assert f(1) == 1
    main.lazy.VALUES["N"] = 2
    assert f(1) == 2


def test_a_module_that_is_loaded_when_it_is_used_is_not_loaded_for_a_key(cache, world, tmp_path, monkeypatch):
    installed = tmp_path / "site-packages"
    installed.mkdir()
    monkeypatch.syspath_prepend(installed)
    (installed / "heavy.py").write_text("raise SystemExit")
    world.write(
        "main",
        """
import importlib.util, sys
spec = importlib.util.find_spec("heavy")
spec.loader = importlib.util.LazyLoader(spec.loader)
heavy = importlib.util.module_from_spec(spec)
spec.loader.exec_module(heavy)
def f(x):
    return heavy.go(x) if x > 1 else x
""",
    )
    f = kept(cache, importlib.import_module("main").f)
    assert f(1) == f(1) == 1


def test_a_module_that_ends_the_program_when_it_is_imported_ends_no_call(cache, world):
    world.write("script", "raise SystemExit\n")
    world.write("main", "def f(x):\n    if x > 5:\n        import script\n        return script.go()\n    return x\n")
    f = kept(cache, importlib.import_module("main").f)
    assert f(1) == f(1) == 1
    assert f.stats()["hits"] == 1
