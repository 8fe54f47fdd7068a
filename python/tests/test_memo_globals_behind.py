"""`neve.memo`: what stands behind the objects that installed packages make of functions counts, all of it."""

import sys

import pytest

from memo_functions import kept

# A package as others have installed it, with what toolz, jax, wrapt and scikit-learn make of functions.
TOOLS = """
import functools

class Compose:
    __slots__ = ("first", "funcs")

    def __init__(self, *funcs):
        self.first, self.funcs = funcs[-1], funcs[:-1][::-1]

    def __call__(self, x):
        x = self.first(x)
        for each in self.funcs:
            x = each(x)
        return x

    @property
    def __wrapped__(self):
        return self.first

class Derived:
    def __init__(self, func):
        self.func, self.rule = func, None
        self.calls = 0

    def define(self, rule):
        self.rule = rule
        return rule

    def __call__(self, x):
        self.calls += 1
        return self.func(x) + self.rule(x)

class Applied:
    def __init__(self, func, **kw_args):
        self.func, self.kw_args = func, kw_args

    def __call__(self, x):
        return self.func(x, **self.kw_args)

class Jitted:
    def __init__(self, function):
        functools.update_wrapper(self, function)

    def __call__(self, x):
        return self.__wrapped__(x)

def grad(function):
    @functools.wraps(function)
    def slope(x):
        return function(x + 1) - function(x)
    return slope
"""

MAIN = """
import tools
N = 2
M = 3
def one(x, by=1):
    return N * x * by
def other(x):
    return M * x
"""

PROGRAMS = {
    "functions one after the other": "a = tools.Compose(one, other)",
    "a rule that is defined later": "a = tools.Derived(one)\n@a.define\ndef rule(x):\n    return M * x",
    "arguments that are given with it": "a = tools.Applied(one, by=M)",
    "what two decorators have made": "a = tools.Jitted(tools.grad(lambda x: one(x) * other(x)))",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_all_that_stands_behind_an_object_of_a_package_counts(cache, world, tmp_path, monkeypatch, name):
    installed = tmp_path / "site-packages"
    installed.mkdir()
    installed.joinpath("tools.py").write_text(TOOLS)
    monkeypatch.syspath_prepend(installed)
    monkeypatch.delitem(sys.modules, "tools", raising=False)
    text = f"{MAIN}{PROGRAMS[name]}\ndef f(x):\n    return a(x)\n"
    try:
        f = kept(cache, world("main", text).f)
        before = f(5)
        assert f(5) == before == f.func(5) and f.stats()["hits"] == 1
        for edit in (("N = 2", "N = 7"), ("M = 3", "M = 8")):
            edited = kept(cache, world("main", text.replace(*edit)).f)
            assert edited(5) == edited.func(5) != before
        again = kept(cache, world("main", text).f)
        assert again(5) == before and again.stats()["hits"] == 1
    finally:
        sys.modules.pop("tools", None)


def test_the_options_of_numpy_vectorize_count(cache, world):
    text = "import numpy as np\na = np.vectorize(lambda x: x / 2, otypes=[float])\ndef f(x):\n    return a(x).tolist()\n"
    f = kept(cache, world("main", text).f)
    assert [f([3]), f([3])] == [[1.5]] * 2 and f.stats()["hits"] == 1
    assert kept(cache, world("main", text.replace("float", "int")).f)([3]) == [1]
