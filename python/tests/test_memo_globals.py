"""`neve.memo`: the global variables that a function reads count, and what it calls with those that that reads."""

import importlib
import sys

import pytest

import neve
from memo_functions import kept
from memo_object_programs import OBJECT_PROGRAMS
from memo_programs import PROGRAMS as PLAIN_PROGRAMS

PROGRAMS = PLAIN_PROGRAMS | OBJECT_PROGRAMS
STEPS = [(name, number) for name in PROGRAMS for number in range(len(PROGRAMS[name][1]))]


def written(world, texts):
    for module in sorted(texts, key=lambda module: (module == "main", len(module))):
        world.write(module, texts[module])


def started(texts):
    """The function as a program has it that is started again."""
    for module in texts:
        sys.modules.pop(module, None)
    return importlib.import_module("main").f


@pytest.mark.filterwarnings("ignore::neve.NotCountedWarning")  # `model`, of which all that is read here does count
@pytest.mark.parametrize(("name", "number"), STEPS, ids=[f"{name}-{number}" for name, number in STEPS])
def test_what_is_edited_counts_where_it_can_be_reached_and_only_there(cache, world, name, number):
    texts, edits = PROGRAMS[name]
    where, before, after, other = edits[number]
    written(world, texts)
    first = kept(cache, started(texts))
    assert [first(2), first(2)] == [first.func(2)] * 2 and first.stats()["hits"] == 1
    world.write(where, texts[where].replace(before, after, 1))
    second = kept(cache, started(texts))
    assert repr(second(2)) == repr(second.func(2))
    assert second.stats()["hits"] == (0 if other else 1)
    world.write(where, texts[where])
    third = kept(cache, started(texts))
    assert repr(third(2)) == repr(third.func(2)) == repr(first.func(2))
    assert third.stats()["hits"] == 1


# The class of an object from before is not what its name leads to, and counts with all that it has.
GOING_ON = [(name, number) for name, number in STEPS if not name.startswith(("methods of an object", "methods that are"))]


@pytest.mark.filterwarnings("ignore::neve.NotCountedWarning")
@pytest.mark.parametrize(("name", "number"), GOING_ON, ids=[f"{name}-{number}" for name, number in GOING_ON])
def test_the_same_in_a_process_that_goes_on(cache, world, name, number):
    """The function itself stays, as in a notebook where another cell runs again."""
    texts, edits = PROGRAMS[name]
    where, before, after, other = edits[number]
    written(world, texts)
    f = kept(cache, started(texts))
    assert f(2) == f.func(2)
    world.write(where, texts[where].replace(before, after, 1))
    for module in ("pack.deep", "pack.helpers", "pack.config", "config", "settings", "params", "pack", "main"):
        if module in sys.modules:
            importlib.reload(sys.modules[module])
    hits = f.stats()["hits"]
    assert repr(f(2)) == repr(f.func(2))
    assert f.stats()["hits"] - hits == (0 if other else 1)


def test_without_its_source_nothing_around_a_function_counts(cache, world):
    world.write(
        "main",
        """
N = 1
import random
rng = random.Random(1)
def helper(x):
    return N * x
def f(x):
    return [helper(x), bool(rng)]
""",
    )
    main = importlib.import_module("main")
    f = kept(cache, main.f, source=False, version="1", ignore=["N"])
    assert f(1) == [1, True]
    main.N = 2
    assert f(1) == [1, True]
    named = kept(cache, main.f, source=False, version="1", depends=[main.helper])
    assert named(1) == [2, True]
    main.N = 3
    assert named(1) == [3, True]  # what is named counts as it is


def test_why_tells_what_was_read(cache, world):
    world.write(
        "params",
        """
N = 1
def window(x):
    return x
""",
    )
    world.write(
        "main",
        """
import params
N = 1000
NAME = 'a'
def f(x):
    return [N, NAME, params.N, params.window(x)]
""",
    )
    main = importlib.import_module("main")
    f = kept(cache, main.f)
    f(1)
    main.N, main.NAME, main.params.N = 2000, "b", 1.5
    assert f.why(1).changes == [
        "config.reads.N: 1000 → 2000",
        "config.reads.NAME: \"'a'\" → \"'b'\"",
        "config.reads.params.N: 1 → 1.5",
    ]
    main.N, main.NAME, main.params.N = 1000, "a", 1
    assert f.why(1).hit
    main.params.window = lambda x: 2 * x
    assert [each.partition(":")[0] for each in f.why(1).changes] == ["config.reads.params.window"]
    del main.N
    assert "config.reads.N" in str(f.why(1).changes)


def test_a_memoised_function_that_calls_another_counts_by_what_that_reads(cache, world):
    text = """
import neve
N = 1
M = 1
LOG = []
cache = neve.open('memory:')
def deep(x):
    return N * x
@neve.memo(cache, ignore=['LOG'])
def inner(x):
    LOG.append(x)
    return deep(x)
@neve.memo(cache, source=False, version='1')
def fixed(x):
    return M
@neve.memo(cache)
def even(n):
    return odd(n - 1) if n else N
@neve.memo(cache)
def odd(n):
    return even(n - 1) if n else -N
def f(x):
    return inner(x) + fixed(x) + even(2)
"""
    world.write("main", text)
    main = importlib.import_module("main")
    f = kept(cache, main.f)
    given = kept(cache, lambda function, x: function(x))
    assert [f(1), given(main.inner, 1), given(main.even, 2), given(main.deep, 1)] == [3, 1, 1, 1]
    assert [f(1), given(main.inner, 1), given(main.even, 2), given(main.deep, 1)] == [3, 1, 1, 1]
    assert f.stats()["hits"] + given.stats()["hits"] == 4
    main.N = 2
    assert [f(1), given(main.inner, 1), given(main.even, 2), given(main.deep, 1)] == [5, 2, 2, 2]
    main.N, main.M = 1, 7
    main.fixed.func.__globals__["LOG"].append("more")
    assert f(1) == 3  # its version says it


def test_what_an_argument_and_a_closure_read_counts(cache, world):
    world.write(
        "main",
        """
N = 1
def helper(x):
    return N * x
class Kind:
    def go(self, x):
        return helper(x)
""",
    )
    main = importlib.import_module("main")
    helper, kind = main.helper, main.Kind

    @neve.memo(cache)
    def given(function, x):
        return function(x)

    @neve.memo(cache)
    def closes(x):
        return helper(x) + kind().go(x)

    @neve.memo(cache)
    def makes(kind, x):
        return kind().go(x)

    def functions():
        return [given(helper, 1), closes(1), makes(kind, 1)]

    assert functions() == functions() == [1, 2, 1]
    main.N = 2
    assert functions() == [2, 4, 2]


def test_a_hit_looks_into_nothing_that_cannot_have_changed(cache, world, monkeypatch):
    from neve import _neve

    world.write(
        "params",
        """
import dataclasses, typing
N = 1
T = typing.TypeVar("T")
class Kind:
    a = 1
    b: int = 2
    @property
    def c(self):
        return N
@dataclasses.dataclass(order=True)
class Row(typing.Generic[T]):
    first: int = 1
    rest: list = dataclasses.field(default_factory=list)
class Pair(typing.NamedTuple):
    one: int = 1
""",
    )
    world.write(
        "main",
        """
import params, functools, re, numpy as np
N = 1
NAMES = ('a', 1.5)
WORD = re.compile('a')
def timed(function):
    @functools.wraps(function)
    def wrapper(*args):
        return function(*args)
    return wrapper
@timed
def deep(x, y=2, *, z=3):
    return N * x
def f(x):
    return [deep(x), params.N, params.Kind().a, NAMES[1], np.pi, bool(WORD), params.Row().first, params.Pair().one]
""",
    )
    main = importlib.import_module("main")
    f = kept(cache, main.f)
    given = f(1)
    with monkeypatch.context() as patch:
        patch.setattr(_neve, "value_digest", None)
        patch.setattr(_neve, "CallTable", None)
        assert f(1) == given
    for name, value in (("__code__", (lambda x, y, z: 77).__code__), ("__kwdefaults__", {"z": 4}), ("__defaults__", (3,))):
        with monkeypatch.context() as patch:
            patch.setattr(main.deep.__wrapped__, name, value)
            assert f.check_call_in_cache(1) is False
    monkeypatch.setattr(main.params.Kind, "a", 5)
    assert f(1)[2] == 5


def test_what_is_not_needed_any_more_is_not_kept_in_memory(cache, world):
    import gc
    import weakref

    world.write(
        "main",
        """
import numpy as np
class Model:
    def __init__(self):
        self.weights = 1
table = np.ones(100)
model = Model()
def f(x):
    return [float(table[x]), bool(model)]
""",
    )
    main = importlib.import_module("main")
    f = kept(cache, main.f)
    with pytest.warns(neve.NotCountedWarning):
        f(1)
    former = f.key(1)
    main.model = None
    assert f.key(1) != former
    main.model = main.Model()
    assert f.key(1) == former
    left = weakref.ref(main.table), weakref.ref(main.model)
    del main.table, main.model
    gc.collect()
    assert [each() for each in left] == [None, None]


def test_without_its_source_what_was_taken_before_a_reload_is_not_taken_for_the_new_one(cache, world):
    world("params", "def helper(x):\n    return x\n")
    world.write("main", "from params import helper\ndef f(x):\n    return helper(x)\n")
    main = importlib.import_module("main")
    f = kept(cache, main.f, source=False, version="1", depends=[main.helper])
    assert f(1) == 1
    params = world("params", "def helper(x):\n    return 10 * x\n")
    assert [f(1), f(2)] == [1, 2]
    main.helper = params.helper
    assert [f(1), f(2)] == [10, 20]


def test_the_code_that_is_put_into_a_function_counts_by_what_it_reads(cache, world):
    world.write("main", "N = 1\nM = 5\ndef f(x):\n    return N * x\ndef g(x):\n    return M * x\n")
    main = importlib.import_module("main")
    f, given = kept(cache, main.f), kept(cache, lambda function: function(1))
    assert [f(1), given(main.f)] == [1, 1]
    main.f.__code__ = main.g.__code__
    assert [f(1), given(main.f)] == [5, 5]
    main.M = 6
    assert [f(1), given(main.f)] == [6, 6]


def test_attributes_of_a_helper_count_whatever_they_are_called(cache, world):
    world.write(
        "main",
        "def helper(x):\n    return x\nhelper.cache_size = 1\nhelper.__scale = 1\ndef f(x):\n    return helper.cache_size\n",
    )
    main = importlib.import_module("main")
    f = kept(cache, main.f)
    assert [f(1), f(1), f.stats()["hits"]] == [1, 1, 1]
    main.helper.cache_size = 2
    assert f(1) == 2
    main.helper.__dict__["__scale"] = 2
    assert not f.check_call_in_cache(1)


def test_two_modules_of_one_name_are_not_taken_for_each_other(cache, world):
    """What was imported before a module was thrown out and imported anew."""
    texts = {
        "params": """
N = 1
def helper():
    return N
""",
        "main": """
from params import helper
def f():
    import params
    return [helper(), params.helper()]
""",
    }
    written(world, texts)
    f = kept(cache, started(texts))
    assert f() == [1, 1]
    sys.modules.pop("params")
    world.write("params", texts["params"].replace("N = 1", "N = 2"))
    assert f() == f.func() == [1, 2]
    sys.modules["params"].N = 1
    assert f() == [1, 1]
    f.func.__globals__["helper"].__globals__["N"] = 2
    assert f() == [2, 1]
