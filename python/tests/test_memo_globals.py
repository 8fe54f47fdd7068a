"""`neve.memo`: the global variables that a function reads count, and what it calls with those that that reads."""

import importlib
import os
import sys
import types
import warnings

import pytest

import neve
from memo_programs import PACKAGE, PROGRAMS


@pytest.fixture
def world(tmp_path, monkeypatch):
    """Modules of the user's, written and loaded anew: `world("params", "N = 1")` gives the module."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    times = iter(range(10**9, 2 * 10**9))
    names = set()

    def write(name, text):
        path = tmp_path.joinpath(*name.split(".")).with_suffix(".py")
        if text is PACKAGE:
            path = path.with_suffix("") / "__init__.py"
            path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        os.utime(path, (next(times),) * 2)
        importlib.invalidate_caches()
        names.add(name)
        return path

    def load(name, text):
        write(name, text)
        if name in sys.modules:
            return importlib.reload(sys.modules[name])
        return importlib.import_module(name)

    load.write = write
    monkeypatch.setattr("neve._code.surroundings._told", set())
    yield load
    for name in list(sys.modules):
        if name.partition(".")[0] in names:
            del sys.modules[name]


def kept(cache, function, **options):
    return neve.memo(cache, **options)(function)


STEPS = [(name, number) for name in PROGRAMS for number in range(len(PROGRAMS[name][1]))]


@pytest.fixture
def cache():
    with neve.open("memory:8MiB") as opened:
        yield opened


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


LOG = []
N = 3
rng = __import__("random").Random(1)


def test_a_call_that_changes_a_global_variable_is_not_kept_unless_it_is_ignored(cache, world):
    world.write(
        "stores",
        """
_CACHE = {}
def lookup(x):
    _CACHE[x] = 2 * x
    return _CACHE[x]
""",
    )
    text = """
import stores
LOG = []
def f(x):
    LOG.append(x)
    return stores.lookup(x)
"""
    world.write("main", text)
    f = kept(cache, importlib.import_module("main").f)
    with pytest.warns(
        neve.NotStoredWarning, match=r"the global variable 'LOG' and the global variable 'stores._CACHE'.*"
    ) as told:
        assert f(1) == 2
    assert "ignore=['LOG', 'stores._CACHE']" in str(told[0].message)
    g = kept(cache, f.func, ignore=["LOG", "stores._CACHE"])
    assert [g(1), g(2), g(1)] == [2, 4, 2]
    assert g.stats()["hits"] == 1


def test_an_argument_and_a_global_variable_that_are_changed_are_both_named(cache):
    @neve.memo(cache)
    def f(x):
        LOG.append(x.pop())

    with pytest.warns(neve.NotStoredWarning, match="its argument 'x' and the global variable 'LOG'.*on a copy.*ignore="):
        f([1, 2])


def test_what_is_ignored_must_be_read_or_be_a_parameter(cache, world):
    text = """
N = 1
import params
def f(x):
    return N + params.M + helper(x)
"""
    world.write("params", "M = 1\n")
    world.write("main", text)
    main = importlib.import_module("main")
    f = kept(cache, main.f, ignore=["later", "params.M"])  # `helper` may read it
    main.helper = types.FunctionType(compile("later", "", "eval"), vars(main))
    main.helper = eval("lambda x: 1", vars(main))
    with pytest.raises(
        neve.InvalidArgumentError, match="has no parameter 'later' to ignore.*parameters.* reads N, helper, params"
    ):
        f(1)
    with pytest.raises(neve.InvalidArgumentError, match="'nothing' to ignore"):
        kept(cache, main.f, ignore=["nothing", "x"])
    main.helper = eval("lambda x: later", vars(main))
    main.later = 5
    f = kept(cache, main.f, ignore=["later"])
    assert f(1) == 7
    main.later = 6
    assert f(1) == 7
    with pytest.raises(neve.InvalidArgumentError, match="'M'"):
        kept(cache, main.f, ignore=["M"])


def test_to_ignore_what_does_not_count_anyhow_leaves_stored_results(cache, world):
    world.write(
        "main",
        """
import random
rng = random.Random(1)
def f(x):
    return x if rng else 0
""",
    )
    f = importlib.import_module("main").f
    assert kept(cache, f, ignore=["rng"])(1) == 1
    with pytest.warns(neve.NotCountedWarning):
        assert kept(cache, f).check_call_in_cache(1)


def test_what_a_function_assigns_itself_does_not_count(cache, world):
    world.write("params", "used = 0\n")
    world.write(
        "main",
        """
import params
calls = 0
table = None
class State:
    last = None
state = State()
def count():
    global table
    table = [1]
    params.used += 1
def f(x):
    global calls
    calls += 1
    state.last = x
    count()
    return [x, table[0], state.last, params.used > 0]
""",
    )
    main = importlib.import_module("main")
    f = kept(cache, main.f)
    assert [f(1), f(2), f(1)] == [[1, 1, 1, True], [2, 1, 2, True], [1, 1, 1, True]]
    assert (main.calls, main.params.used, f.stats()["hits"]) == (2, 2, 1)


def test_what_has_no_exact_form_is_told_once(cache, world):
    world.write(
        "params",
        """
import random
generator = random.Random(2)
def draw():
    return generator.random()
""",
    )
    world.write(
        "main",
        """
import random, params
rng = random.Random(1)
HANDLES = {'n': 3, 'file': open(__file__)}
def f(x):
    return [x, HANDLES['n'], rng.random(), params.draw()]
""",
    )
    main = importlib.import_module("main")
    f = kept(cache, main.f)
    with pytest.warns(neve.NotCountedWarning) as told:
        first = f(1)
    texts = sorted(str(each.message) for each in told)
    assert [text.partition(", which")[0] for text in texts] == [
        "main.f reads the global variable 'HANDLES'",
        "main.f reads the global variable 'params.generator', a Random",
        "main.f reads the global variable 'rng', a Random",
    ]
    assert "TextIOWrapper" in texts[0] and "ignore=['rng']" in texts[2] and "give its seed" in texts[2]
    assert [each.filename for each in told] == [__file__] * 3
    assert [f(1), kept(cache, main.f)(1)] == [first, first]
    main.HANDLES["n"] = 4  # what is beside it counts
    assert f(1)[1] == 4
    main.HANDLES["file"].close()


def test_what_is_said_in_other_words_is_not_told(cache, world):
    world.write(
        "main",
        """
import random
rng = random.Random(1)
other = random.Random(1)
def f(x):
    return [x, bool(rng), bool(other)]
""",
    )
    main = importlib.import_module("main")
    f = kept(cache, main.f, depends={"rng": 1}, ignore=["other"])
    assert f(1) == f(1) == [1, True, True]
    assert kept(cache, main.f, depends={"rng": 2}, ignore=["other"]).check_call_in_cache(1) is False


def test_loggers_locks_and_the_like_count_as_nothing(cache, world):
    world.write(
        "main",
        """
import logging, sys, threading, concurrent.futures, warnings, neve
logger = logging.getLogger(__name__)
lock = threading.Lock()
adapter = logging.LoggerAdapter(logger, {})
out = sys.stderr
event = threading.Event()
pool = concurrent.futures.ThreadPoolExecutor(1)
class Own(logging.Handler):
    seen = 0
own = Own()
cache = neve.open('memory:')
class Model:
    log = logger
    def go(self, x):
        self.log.debug('')
        return x
def helper(x, log=logger):
    with lock:
        log.debug(x)
    return x
def f(x):
    logger.debug(x)
    adapter.debug(x)
    own.seen = x
    warnings.warn
    return helper(x) + Model().go(x) + pool.submit(abs, x).result() + bool(out) + event.is_set() + bool(cache)
""",
    )
    f = kept(cache, importlib.import_module("main").f)
    assert f(1) == f(1) == 5
    assert f.stats()["hits"] == 1


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


def test_methods_count_by_what_they_read(cache, world):
    world.write(
        "main",
        """
import dataclasses, neve
N = 1
cache = neve.open('memory:')
@dataclasses.dataclass
class Model:
    a: int
    @neve.memo(cache)
    def go(self, x):
        return self.a * N * x
    @staticmethod
    @neve.memo(cache)
    def fixed(x):
        return N * x
    @classmethod
    def of(cls, x):
        return N * x
""",
    )
    main = importlib.import_module("main")
    of = kept(cache, main.Model.of)

    def functions():
        return [main.Model(2).go(3), main.Model.fixed(3), of(3)]

    assert functions() == functions() == [6, 3, 3]
    main.N = 2
    assert functions() == [12, 6, 6]


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


def test_warnings_can_be_made_errors(cache, world):
    world.write(
        "main",
        """
import random
rng = random.Random(3)
def f(x):
    return x if rng else 0
""",
    )
    f = kept(cache, importlib.import_module("main").f)
    with warnings.catch_warnings():
        warnings.simplefilter("error", neve.NotCountedWarning)
        for _ in range(2):
            with pytest.raises(neve.NotCountedWarning, match="'rng'"):
                f(1)


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


METHODS = """
import dataclasses, neve

N = 1

@dataclasses.dataclass
class Model:
    gain: int

    @neve.memo(neve.open("memory:"))
    def run(self, x):
        return self.helper(x) * self.gain

    def helper(self, x):
        return N * x

    def plot(self):
        return "nothing"

class Other(Model):
    def helper(self, x):
        return 100 * x
"""


def test_what_a_method_calls_on_its_object_counts(cache, world):
    world.write("main", METHODS)
    main = importlib.import_module("main")
    run = main.Model.run
    assert [main.Model(2).run(1), main.Other(2).run(1), main.Model(2).run(1)] == [2, 200, 2]
    assert run.stats()["hits"] == 1
    main.Model.plot = lambda self: "all"
    assert main.Model(2).run(1) == 2 and run.stats()["hits"] == 2
    main.Other.helper = lambda self, x: 7 * x
    assert [main.Model(2).run(1), main.Other(2).run(1)] == [2, 14]
    assert run.stats()["hits"] == 3
    main.Model.helper = lambda self, x: 5 * x
    assert [main.Model(2).run(1), main.Other(2).run(1)] == [10, 14]
    del main.Other.helper  # that of the class it is derived from
    assert main.Other(2).run(1) == 10
    assert run.why(main.Model(2), 1).hit
    main.Model.helper = lambda self, x: 6 * x
    assert [each.partition(":")[0] for each in run.why(main.Model(2), 1).changes] == ["config.reads.Model.helper"]
    wrapped = kept(cache, lambda *more, **named: more[0].helper(1) + named["model"].helper(1))
    assert wrapped(main.Model(1), model=main.Other(1)) == 12
    main.Model.helper = lambda self, x: 3 * x
    assert wrapped(main.Model(1), model=main.Other(1)) == 6
    main.Model.helper = lambda self, x: 6 * x
    bound = kept(cache, main.Other(3).helper)
    assert bound(2) == 12
    main.Model.helper = lambda self, x: 9 * x
    assert kept(cache, main.Other(3).helper)(2) == 18


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


def test_objects_that_raise_when_they_are_asked_stop_nothing(cache, world):
    world.write(
        "main",
        """
class Request:
    def __init__(self):
        self.local = 1
    def __getattr__(self, name):
        raise RuntimeError(f"{name} outside of a request")
class Settings(dict):
    def __getattr__(self, name):
        return self[name]
class Lazy:
    @property
    def __class__(self):
        raise RuntimeError("not yet there")
request = Request()
lazy = Lazy()
settings = Settings(lr=2)
def f(x):
    return [x, request is lazy, settings.lr]
""",
    )
    main = importlib.import_module("main")
    f = kept(cache, main.f, ignore=["request", "lazy"])
    assert f(1) == f(1) == [1, False, 2]
    with pytest.warns(neve.NotCountedWarning) as told:
        assert kept(cache, main.f)(1) == [1, False, 2]
    assert [str(each.message).partition("variable ")[2].partition(",")[0] for each in told] == ["'lazy'", "'request'"]
    main.settings["lr"] = 3
    assert f(1) == [1, False, 3]


def test_nobody_is_told_of_an_object_that_holds_nothing(cache, world):
    world.write(
        "main",
        """
class Step:
    def go(self, x):
        return x
class Root:
    def __init__(self):
        self.n = 1
STEPS = [Step()]
ROOT = Root()
def f(x):
    return [STEPS[0].go(x), bool(ROOT)]
""",
    )
    main = importlib.import_module("main")
    f = kept(cache, main.f)
    with pytest.warns(neve.NotCountedWarning) as told:
        assert f(1) == f(1) == [1, True]
    assert ["'ROOT'" in str(each.message) for each in told] == [True]
    main.Step.go = lambda self, x: 7
    assert f(1) == [7, True]


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


def test_methods_of_an_object_that_is_closed_over_count(cache, world):
    world.write(
        "main",
        """
import dataclasses
N = 1
@dataclasses.dataclass
class Model:
    gain: int
    def go(self, x):
        return N * self.gain * x
    def plot(self):
        return None
def made(model):
    def run(x):
        return model.go(x)
    return run
""",
    )
    main = importlib.import_module("main")
    run = kept(cache, main.made(main.Model(2)))
    assert [run(1), run(1), run.stats()["hits"]] == [2, 2, 1]
    main.Model.plot = lambda self: "all"
    assert run.why(1).hit
    main.N = 5
    assert run(1) == 10
    main.Model.go = lambda self, x: 7
    assert run(1) == 7


def test_methods_of_objects_within_an_argument_count(cache, world):
    world.write(
        "main",
        """
import dataclasses, typing
N = 1
@dataclasses.dataclass
class Step:
    gain: int
    def go(self, x):
        return N * self.gain * x
    def plot(self):
        return None
@dataclasses.dataclass(slots=True)
class Line:
    steps: list
    def go(self, x):
        return sum(step.go(x) for step in self.steps)
class Pair(typing.NamedTuple):
    one: Step
@dataclasses.dataclass
class Ring:
    inner: object = None
def f(x, *more, **named):
    total = 0
    for each in (*more, *named.values()):
        for inner in [each] if hasattr(each, "go") else each.values() if isinstance(each, dict) else each:
            total += inner.go(x)
    return total
""",
    )
    main = importlib.import_module("main")
    step = main.Step(2)
    f = kept(cache, main.f)
    for more in ([step], {"a": step}, (step,), main.Line([step]), [main.Line((step,))], main.Pair(step)):
        for args, kwargs in (((1, more), {}), ((1,), {"it": more})):
            main.N = 1
            assert f(*args, **kwargs) == 2
            main.N = 5
            assert f(*args, **kwargs) == 10
            hits = f.stats()["hits"]
            main.Step.plot = lambda self: 1
            assert f(*args, **kwargs) == 10
            assert f.stats()["hits"] == hits + 1
    former = main.Step.go
    main.Step.go = lambda self, x: 7
    assert f(1, [step]) == 7
    main.Step.go = former
    assert f.why(1, [step]).hit
    ring = main.Ring()
    ring.inner = [ring]
    with pytest.raises(neve.UnsupportedError, match="contains itself"):
        f(1, ring)


def test_what_a_class_keeps_is_named_and_can_be_ignored_without_the_class(cache, world):
    world.write(
        "main",
        """
class Table:
    known = {}
    only = None
    FACTOR = 2
    @classmethod
    def get(cls):
        if cls.only is None:
            cls.only = cls()
        return cls.only
    def row(self, n):
        if n not in self.known:
            self.known[n] = n * self.FACTOR
        return self.known[n]
def f(x):
    return Table.get().row(x)
def outer(x):
    return [inner(x), Table.known.get(x)]
""",
    )
    main = importlib.import_module("main")
    with pytest.warns(
        neve.NotStoredWarning, match=r"'Table.known' and the global variable 'Table.only'.*ignore=\['Table.known', "
    ):
        assert kept(cache, main.f)(1) == 2
    f = kept(cache, main.f, ignore=["Table.known", "Table.only"])
    assert [f(2), f(2), f.stats()["hits"]] == [4, 4, 1]
    main.Table.FACTOR = 3
    assert f.why(2).changes == ["config.reads.Table.FACTOR: 2 → 3"]
    assert f(3) == 9
    main.Table.row = lambda self, n: 77
    assert f(3) == 77
    with pytest.raises(neve.InvalidArgumentError, match="'Table.knwon'"):
        kept(cache, main.f, ignore=["Table.knwon"])
    main.inner = kept(cache, main.f, ignore=["Table.known", "Table.only"])
    outer = kept(cache, main.outer)
    assert outer(3)[1] is not None
    main.Table.known[3] = 5
    assert outer(3) == [77, 5]


def test_what_the_class_of_an_argument_keeps_can_be_ignored(cache, world):
    world.write(
        "main",
        """
import dataclasses
@dataclasses.dataclass
class Model:
    gain: int
    known = {}
    def go(self, x):
        self.known[x] = self.gain * x
        return self.known[x]
""",
    )
    main = importlib.import_module("main")
    with pytest.warns(neve.NotStoredWarning, match=r"ignore=\['Model.known'\]"):
        assert kept(cache, main.Model.go)(main.Model(2), 1) == 2
    go = kept(cache, main.Model.go, ignore=["Model.known"])
    assert [go(main.Model(2), 3), go(main.Model(2), 3), go.stats()["hits"]] == [6, 6, 1]
    with pytest.raises(neve.InvalidArgumentError, match="'Model.knwon'"):
        kept(cache, main.Model.go, ignore=["Model.knwon"])


def test_a_module_that_ends_the_program_when_it_is_imported_ends_no_call(cache, world):
    world.write("script", "raise SystemExit\n")
    world.write("main", "def f(x):\n    if x > 5:\n        import script\n        return script.go()\n    return x\n")
    f = kept(cache, importlib.import_module("main").f)
    assert f(1) == f(1) == 1
    assert f.stats()["hits"] == 1


def test_what_a_call_makes_another_variable_hold_is_named_and_not_what_that_leads_to(cache, world):
    world.write(
        "main",
        """
import collections
class Row:
    size = 1
ROWS = collections.defaultdict(Row)
def f(x):
    return ROWS[x].size
""",
    )
    with pytest.warns(neve.NotStoredWarning, match=r"ignore=\['ROWS'\]"):
        assert kept(cache, importlib.import_module("main").f)(1) == 1
