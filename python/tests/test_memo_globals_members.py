"""`neve.memo`: of the classes of arguments and other objects the members count that the code names."""

import importlib

import pytest

import neve
from memo_functions import kept

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


def test_what_an_object_keeps_for_later_does_not_count(cache, world):
    text = """
import functools
N = 2
class Lazy:
    @functools.cached_property
    def twice(self):
        return N * 2
lazy = Lazy()
def f(x):
    return lazy.twice * x
"""
    f = kept(cache, world("main", text).f)
    assert [f(1), f(1)] == [4, 4] and f.stats()["hits"] == 1
    again = kept(cache, world("main", text.replace("N = 2", "N = 3")).f)
    assert again(1) == 6 and again.stats()["hits"] == 0


def test_the_docstring_of_a_class_counts_where_it_is_read(cache, world):
    text = 'class Fibre:\n    "{}"\n    cores = 2\ndef told(x):\n    return Fibre.__doc__\ndef f(x):\n    return Fibre.cores\n'
    for docstring, hits in (("short", 0), ("long", 1)):
        main = world("main", text.format(docstring))
        assert kept(cache, main.told)(1) == docstring
        f = kept(cache, main.f)
        assert (f(1), f.stats()["hits"]) == (2, hits)
