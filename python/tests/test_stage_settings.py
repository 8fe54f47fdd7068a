"""The settings of stages: taken as they are when a stage is added, or refused where its key would not see them."""

import collections
import dataclasses
import datetime
import enum
import pathlib
import typing

import numpy as np
import pydantic
import pytest

import neve


class Plain:
    op_name = "lab.plain"
    version = "1"

    def __init__(self, factor):
        self.factor = factor

    def run(self, context):
        return {"x": self.factor}


@dataclasses.dataclass
class More:
    factor: float = 1.0
    op_name = "lab.more"
    version = "1"

    def run(self, context):
        return {"x": self.factor}


def test_a_stage_that_keeps_what_would_not_enter_its_key_is_refused():
    with pytest.raises(neve.UnsupportedError, match="keeps factor"):
        neve.Pipeline("p").add("a", Plain(2))
    more = More()
    neve.Pipeline("p").add("a", more)
    more.extra = 3
    with pytest.raises(neve.UnsupportedError, match="keeps extra"):
        neve.Pipeline("p").add("a", more)

    class Excluding(pydantic.BaseModel):
        shown: int = 1
        hidden: int = pydantic.Field(default=2, exclude=True)
        op_name: typing.ClassVar[str] = "lab.excluding"
        version: typing.ClassVar[str] = "1"

        def run(self, context):
            return {"x": self.hidden}

    with pytest.raises(neve.UnsupportedError, match="keeps hidden"):
        neve.Pipeline("p").add("a", Excluding())
    factor = 3

    @neve.stage("lab.around", version="1")
    def around():
        return {"x": factor}

    with pytest.raises(neve.UnsupportedError, match="takes factor from around it"):
        neve.Pipeline("p").add("a", around)


class Pair(typing.NamedTuple):
    first: int = 1

    def run(self, context):
        return {"x": self.first}


class Table(dict):
    op_name = "lab.table"

    def run(self, context):
        return {"x": self["first"]}


Pair.op_name = "lab.pair"


@pytest.mark.parametrize(("stage", "holds"), [(Pair(2), "tuple"), (Table(first=2), "dict")])
def test_so_is_one_that_is_derived_from_what_holds_something_itself(stage, holds):
    with pytest.raises(neve.UnsupportedError, match=f"keeps what it holds as a {holds}, which would not enter its key"):
        neve.Pipeline("p").add("a", stage)


@dataclasses.dataclass
class Gain:
    gain: float = 2.0
    taps: list = dataclasses.field(default_factory=list)
    op_name: typing.ClassVar = "lab.gain"
    version: typing.ClassVar = "1"

    def run(self, context):
        self.taps.append(self.gain)
        return {"y": np.array(self.taps)}


def test_a_stage_is_what_it_was_when_it_was_added(cache):
    given, taps = Gain(), [1, 2]

    @neve.stage("lab.taps", version="1")
    def tapped(*, taps):
        taps.append(9)
        return {"y": np.array(taps)}

    set_to = tapped.with_settings(taps=taps)
    pipeline = neve.Pipeline("p").add("gain", given).add("taps", set_to, needs=[])
    given.gain, taps[0] = 7.0, 5
    set_to.settings["taps"].append(6)
    for where in ("none:", "none:", cache):
        result = pipeline.run(where)
        assert result.state("gain")["y"].tolist() == [2.0]
        assert result.state("taps")["y"].tolist() == [1, 2, 9]
    fresh = neve.Pipeline("p").add("gain", Gain()).run(cache)
    assert fresh.outcomes == {"gain": "hit"} and fresh.state("gain")["y"].tolist() == [2.0]


class Shape(pydantic.BaseModel):
    pass


class Circle(Shape):
    r: int = 1


class Inner(pydantic.BaseModel):
    unseen: int = pydantic.Field(default=0, exclude=True)
    secret: pydantic.SecretStr = pydantic.SecretStr("")


class Model(pydantic.BaseModel):
    op_name: typing.ClassVar = "lab.model"
    version: typing.ClassVar = "1"
    shape: Shape = Shape()
    inner: Inner = Inner()
    rounded: float = 1.0
    anything: typing.Any = None
    pair: tuple[int, int] = (1, 2)
    when: datetime.date = datetime.date(2024, 1, 1)

    @pydantic.field_serializer("rounded")
    def _round(self, value):
        return round(value, 1)

    def run(self, context):
        return {"y": 1}


class Slotted:
    __slots__ = ("gain",)
    op_name, version = "lab.slots", "1"

    def __init__(self, gain):
        self.gain = gain

    def run(self, context):
        return {"y": self.gain}


@dataclasses.dataclass
class SetLater:
    gain: float = dataclasses.field(init=False, default=1.0)
    op_name: typing.ClassVar = "lab.later"
    version: typing.ClassVar = "1"

    def run(self, context):
        return {"y": self.gain}


def set_later():
    made = SetLater()
    made.gain = 2.0
    return made


def closing_over_an_array():
    taps = np.arange(3)

    @neve.stage("lab.closing", version="1")
    def stage():
        return {"y": taps}

    return stage


@pytest.mark.parametrize(
    "make",
    [
        lambda: Model(shape=Circle()),
        lambda: Model(inner=Inner(unseen=1)),
        lambda: Model(inner=Inner(secret="x")),
        lambda: Model(rounded=1.001),
        lambda: Model(anything=pathlib.Path("a")),
        lambda: Model(anything=(1,)),
        lambda: Slotted(1),
        set_later,
        closing_over_an_array,
    ],
)
def test_settings_that_would_not_enter_the_key_are_refused(make):
    with pytest.raises(neve.UnsupportedError, match="key"):
        neve.Pipeline("p").add("s", make()).run("none:")


def test_settings_that_json_says_whole_are_taken():
    for made in (Model(), Model(anything={"a": [1, None]}, pair=(3, 4)), SetLater()):
        assert neve.Pipeline("p").add("s", made).run("memory:1MiB").outcomes == {"s": "miss"}


@dataclasses.dataclass
class Mirror:
    angle: float = 180.0
    gain: float = 1.0
    op_name: typing.ClassVar = "lab.mirror"
    version: typing.ClassVar = "1"

    def __post_init__(self):
        self.angle = self.angle / 180

    def run(self, context):
        return {"angle": self.angle, "gain": self.gain}


class Aliased(pydantic.BaseModel):
    gain: float = pydantic.Field(2.0, alias="g")
    op_name: typing.ClassVar = "lab.aliased"
    version: typing.ClassVar = "1"

    def run(self, context):
        return {"gain": self.gain}


def test_a_setting_is_set_by_its_name_whatever_its_alias(cache):
    line = neve.Pipeline("p").add("s", Aliased())
    assert [each.state()["gain"] for each in line.sweep({"s.gain": [3.0, 4.0]}, cache)] == [3.0, 4.0]
    assert neve.Pipeline("p").add("s", Aliased(g=3.0)).run(cache).state()["gain"] == 3.0
    assert line.set("s.gain", 7.0).run(cache).state()["gain"] == 7.0


def test_a_stage_that_comes_out_otherwise_when_it_is_made_anew_is_refused(cache):
    with pytest.raises(neve.InvalidArgumentError, match="lab.mirror, made anew with other settings, has angle="):
        neve.Pipeline("p").add("s", Mirror()).sweep({"s.gain": [1.0, 2.0]}, cache)
    assert neve.Pipeline("p").add("s", Mirror()).run(cache).state()["angle"] == 1.0


def test_a_setting_that_the_stage_converts_is_set_by_what_its_argument_would_be(cache):
    def angles(stage, *values):
        return [each.state()["angle"] for each in neve.Pipeline("p").add("s", stage).sweep({"s.angle": values}, cache)]

    assert angles(Mirror(gain=3.0), 90.0, 180.0) == [0.5, 1.0]
    assert neve.Pipeline("p").add("s", Mirror(90.0, 3.0)).run(cache).outcomes == {"s": "hit"}
    (point,) = neve.Pipeline("p").add("s", Mirror()).sweep({"s.angle": [90.0], "s.gain": [2.0]}, cache)
    assert point.state().meta == {"angle": 0.5, "gain": 2.0}
    twice = neve.Pipeline("p").add("s", Mirror()).set("s.angle", 90.0).set("s.gain", 2.0).set("s.angle", 45.0)
    assert twice.run(cache).state().meta == {"angle": 0.25, "gain": 2.0}
    # A value that the setting has by now: nobody can say whether it is one of before or after.
    with pytest.raises(neve.InvalidArgumentError, match=r"keep what is made of it in a property or a field\(init=False\)"):
        angles(Mirror(90.0), 0.5)


@dataclasses.dataclass
class Window:
    taps: list = dataclasses.field(default_factory=lambda: [2, 3])
    limits: dict = dataclasses.field(default_factory=lambda: {"low": 0.0, "high": 180.0})
    op_name: typing.ClassVar = "lab.window"
    version: typing.ClassVar = "1"

    def __post_init__(self):
        self.taps = sorted(self.taps)
        self.limits = {name: value / 180 for name, value in self.limits.items()}

    def run(self, context):
        return {"taps": self.taps, **self.limits}


def test_a_list_that_the_stage_sorts_is_set_and_one_field_of_a_group_it_converts_is_not(cache):
    line = neve.Pipeline("p").add("s", Window(limits={}))
    points = [each.state().meta["taps"] for each in line.sweep({"s.taps": [[2, 1], [4, 3]]}, cache)]
    assert points == [[1, 2], [3, 4]]
    with pytest.raises(neve.InvalidArgumentError, match="has limits="):
        neve.Pipeline("p").add("s", Window()).set("s.limits.low", 90.0)


def test_a_sweep_takes_numbers_of_numpy_and_names_the_axis_of_what_it_does_not_take():
    @neve.stage("lab.typed", version="1")
    def typed(*, x=0):
        return {"x": x, "type": type(x).__name__}

    line = neve.Pipeline("p").add("s", typed)
    for given, kind in (([64, 128], "int"), ([True], "bool"), (np.array([0.1], "f4"), "float"), ([np.int64(3)], "int")):
        rows = [each.state().meta for each in line.sweep({"s.x": np.asarray(given)}, "none:")]
        assert rows == [{"x": each, "type": kind} for each in given]
    with pytest.raises(neve.InvalidArgumentError, match=r"'s\.x\[1\]' is of type complex"):
        line.sweep({"s.x": [1, 2j]}, "none:")


def test_a_setting_of_a_derived_class_is_refused():
    class Mode(str, enum.Enum):
        FAST = "fast"

    @neve.stage("lab.mode", version="1")
    def mode(*, m):
        return {"is_mode": isinstance(m, Mode)}

    with pytest.raises(neve.UnsupportedError, match="'m' of the stage lab.mode is a .*Mode, and neither its annotation nor"):
        neve.Pipeline("p").add("s", mode.with_settings(m=Mode.FAST))

    @neve.stage("lab.text", version="1")
    def text(*, m):
        return {}

    class Text(str):
        pass

    with pytest.raises(neve.InvalidArgumentError, match="'m' is of type .*Text, which would come back as a str"):
        neve.Pipeline("p").add("s", text.with_settings(m=Text("fast")))


def test_settings_are_what_the_key_says_of_them(cache):
    @neve.stage("lab.settings", version="1")
    def told(*, gain=1.0, names=None):
        kinds = [type(each).__name__ for each in (names or {}).values()]
        return {"gain": type(gain).__name__, "names": list(names or {}), "inner": kinds}

    one = told.with_settings(gain=np.float64(2), names={"b": np.float64(1), "a": 1.0})
    other = told.with_settings(gain=2.0, names={"a": 1.0, "b": 1.0})
    for place in (cache, "none:"):
        states = [neve.Pipeline("p").add("told", each).run(place).state().meta for each in (one, other)]
        assert states == [{"gain": "float", "names": ["a", "b"], "inner": ["float", "float"]}] * 2
    counted = told.with_settings(gain=np.int64(2))
    assert neve.Pipeline("p").add("told", counted).run(cache).state().meta["gain"] == "int"


@dataclasses.dataclass
class Group:
    weights: dict


class Weights(pydantic.BaseModel):
    weights: dict[str, float]


class OpenModel(pydantic.BaseModel, extra="allow"):
    ordered: collections.OrderedDict[str, int]
    inner: Group
    gain: float = 1.0
    op_name: typing.ClassVar[str] = "lab.open model"
    version: typing.ClassVar[str] = "1"

    def run(self, context):
        return {"names": [list(self.ordered), list(self.inner.weights), list(self.model_extra), type(self.gain).__name__]}


@dataclasses.dataclass
class Derived:
    weights: dict
    gain: float
    names: list = dataclasses.field(init=False)
    op_name: typing.ClassVar[str] = "lab.derived"
    version: typing.ClassVar[str] = "1"

    def __post_init__(self):
        self.names = list(self.weights)

    def run(self, context):
        return {"names": [self.names, list(self.weights), type(self.gain).__name__]}


@dataclasses.dataclass(frozen=True)
class Weighted:
    weights: dict
    op_name: typing.ClassVar[str] = "lab.weighted"
    version: typing.ClassVar[str] = "1"

    def run(self, context):
        return {"names": [list(self.weights), [list(each) for each in self.weights["list"]]]}


class WeightedModel(pydantic.BaseModel):
    inner: Weights
    counts: dict[int, int]
    op_name: typing.ClassVar[str] = "lab.weighted model"
    version: typing.ClassVar[str] = "1"

    def run(self, context):
        return {"names": [list(self.inner.weights), list(self.counts)]}


@pytest.mark.parametrize(
    ("stages", "names"),
    [
        (
            [Weighted({"list": [{"z": 1, "y": 2}], "a": 1}), Weighted({"a": 1, "list": [{"y": 2, "z": 1}]})],
            [["a", "list"], [["y", "z"]]],
        ),
        (
            [
                WeightedModel(inner=Weights(weights={"b": 1, "a": 2}), counts={2: 1, 1: 2}),
                WeightedModel(inner=Weights(weights={"a": 2, "b": 1}), counts={1: 2, 2: 1}),
            ],
            [["a", "b"], [1, 2]],
        ),
        (
            [
                OpenModel(
                    ordered=collections.OrderedDict(b=1, a=2), inner=Group({"d": 1, "c": 2}), f=1, e=2, gain=np.float64(1)
                ),
                OpenModel(ordered=collections.OrderedDict(a=2, b=1), inner=Group({"c": 2, "d": 1}), e=2, f=1, gain=1.0),
            ],
            [["a", "b"], ["c", "d"], ["e", "f"], "float"],
        ),
        (
            [Derived({"b": 1, "a": 2}, np.float64(1)), Derived({"a": 2, "b": 1}, 1.0)],
            [["a", "b"], ["a", "b"], "float"],
        ),
    ],
)
def test_a_dict_among_the_settings_is_in_the_order_of_its_names(cache, stages, names):
    for place in ("none:", cache):
        runs = [neve.Pipeline("p").add("a", each).run(place) for each in stages]
        assert [each.state().meta for each in runs] == [{"names": names}] * 2
    assert runs[1].outcomes == {"a": "hit"}
