"""`neve.memo`: global variables that have no exact form, of which warnings tell, and those that only watch."""

import importlib
import logging
import threading
import warnings

import pytest

import neve
from memo_functions import kept


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


def test_nor_do_they_where_a_function_closes_over_them(cache):
    logger, lock = logging.getLogger("tests"), threading.Lock()

    def f(x):
        with lock:
            logger.debug(x)
        return x

    f = kept(cache, f)
    assert f(1) == f(1) == 1 and f.stats()["hits"] == 1


OF_NEVE = """
import dataclasses, neve
line = neve.Pipeline("line").add("f", neve.stage("lab.f")(lambda: {"y": 1}))
result = line.run("none:")
@dataclasses.dataclass
class Model:
    gain: int = 2
    @neve.memo("memory:")
    def go(self, x):
        return self.gain * x
model = Model()
go = model.go
def f(x):
    return go(x) + line.run("none:").state("f").meta["y"] + result.state("f").meta["y"]
"""


def test_of_what_neve_has_made_only_caches_count_as_nothing(cache, world):
    main = world("main", OF_NEVE)
    with pytest.warns(neve.NotCountedWarning) as told:
        f = kept(cache, main.f)
        assert [f(1), f(1)] == [4, 4] and f.stats()["hits"] == 1
    assert [str(each.message).partition(" which ")[0].partition("variable ")[2] for each in told] == [
        "'line', a Pipeline,",
        "'result', a Result,",
    ]
    main.model.gain = 5
    assert f(1) == 7


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
