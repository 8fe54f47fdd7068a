"""Stages: what a function takes from around it would not be in its key, and is refused."""

import collections
import dataclasses
import datetime
import decimal
import enum
import functools
import pathlib
import types
from typing import ClassVar

import pytest

import neve


@dataclasses.dataclass
class Settings:
    k: int = 1

    def predict(self):
        return {"y": self.k}

    def __call__(self):
        return {"y": self.k}


class Mode(enum.Enum):
    FAST = 1


class Observer:
    def note(self):
        pass


def stage_around(value):
    @neve.stage("tests.around", version="1")
    def around():
        return {"y": repr(value)}

    return around


def helper_around(n):
    def helper(x):
        return n * x

    return helper


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (Settings(), "value"),
        (types.SimpleNamespace(k=1), "value"),
        (decimal.Decimal(1), "value"),
        (pathlib.Path("x"), "value"),
        (datetime.date(2024, 1, 1), "value"),
        (Mode.FAST, "value"),
        (collections.deque([1]), "value"),
        (range(3), "value"),
        (types.MappingProxyType({}), "value"),
        (helper_around(2), "value.n"),
        (lambda k=2: k, r"value.defaults\[0\]"),
        (functools.partial(max, 2), r"value.args\[0\]"),
        (functools.lru_cache(helper_around(2)), "value.n"),
        (Settings().predict, "value"),
    ],
)
def test_data_around_a_stage_is_refused_by_name(value, name):
    with pytest.raises(neve.UnsupportedError, match=f"takes {name} from around it"):
        neve.Pipeline("p").add("a", stage_around(value))


@pytest.mark.parametrize("value", [Observer(), Observer().note, helper_around, None, max, Settings, functools.partial(max)])
def test_functions_and_observers_around_a_stage_are_not_refused(value):
    neve.Pipeline("p").add("a", stage_around(value))


@pytest.mark.parametrize("function", [Settings(2).predict, Settings(2)])
def test_an_object_behind_a_function_stage_is_refused(function):
    with pytest.raises(neve.UnsupportedError, match="called on a Settings, whose content"):
        neve.Pipeline("p").add("a", neve.stage("tests.owner", version="1")(function))


def test_data_around_the_class_of_a_stage_is_refused():
    def made(n):
        class Made:
            op_name = "tests.made"
            version = "1"

            def run(self, context):
                return {"y": n}

        return Made()

    with pytest.raises(neve.UnsupportedError, match="takes n from around its class"):
        neve.Pipeline("p").add("a", made(2))


def test_a_state_that_was_not_kept_is_no_empty_state(tmp_path):
    @neve.stage("tests.one", version="1")
    def one():
        return {"x": 1}

    @neve.stage("tests.two", version="1")
    def two(before):
        return {"x": before["x"] + 1}

    line = neve.Pipeline("line").add("one", one).add("two", two)
    kept = line.run("none:", keep="output")
    assert kept.state()["x"] == kept.state("two")["x"] == 2
    with pytest.raises(neve.InvalidArgumentError, match="state of 'one' was not kept"):
        kept.state("one")
    with pytest.raises(neve.InvalidArgumentError, match="state of 'two' was not kept"):
        line.run("none:", keep="none").state()
    with pytest.raises(neve.InvalidArgumentError, match="was not kept"):
        line.sweep({}, "none:", keep="none").runs[0].state()


def staged(n, **members):
    """A stage whose members are made in a function that knows `n`."""

    class Made:
        op_name = "tests.staged"
        version = "1"

        def run(self, context):
            return {"y": self.part}

    for name, member in members.items():
        setattr(Made, name, member)
    return Made()


def knows(n):
    return lambda self=None: n


@pytest.mark.parametrize(
    ("members", "name"),
    [
        ({"part": knows(1)}, "n"),
        ({"part": property(knows(1))}, "n"),
        ({"part": classmethod(knows(1))}, "n"),
        ({"part": staticmethod(knows(1))}, "n"),
        ({"part": functools.cached_property(knows(1))}, "n"),
        ({"part": functools.lru_cache(knows(1))}, "n"),
        ({"part": functools.partialmethod(lambda self, n: n, 2)}, r".args\[0\]"),
        ({"part": 2}, "part"),
        ({"_part": 2}, "_part"),
    ],
)
def test_data_around_the_methods_of_a_stage_is_refused(members, name):
    with pytest.raises(neve.UnsupportedError, match=f"takes {name} from around its class"):
        neve.Pipeline("p").add("a", staged(1, **members))


class Weak:
    op_name = "tests.weak"
    version = "1"
    gain = 1

    def run(self, context):
        return {"y": self.gain}


class Strong(Weak):
    gain = 2


class Other(Weak):
    op_name = "tests.other"
    gain = 3


@dataclasses.dataclass
class Fielded:
    op_name = "tests.fielded"
    version = "1"
    gain: int = 2
    taps: list = dataclasses.field(default_factory=list)

    def run(self, context):
        return {"y": self.gain}


def test_an_attribute_that_a_derived_class_sets_needs_a_name_of_its_own():
    with pytest.raises(neve.UnsupportedError, match="takes gain from around its class, .* op_name of its own"):
        neve.Pipeline("p").add("a", Strong())
    for stage in (Weak(), Other(), Fielded(gain=7)):
        neve.Pipeline("p").add("a", stage)


@dataclasses.dataclass
class Weighted(Fielded):
    weights: ClassVar[int] = 3

    def run(self, context):
        return {"y": self.gain * self.weights}


def test_a_class_variable_of_a_derived_stage_is_no_setting_of_it():
    with pytest.raises(neve.UnsupportedError, match="takes weights from around its class"):
        neve.Pipeline("p").add("a", Weighted())
