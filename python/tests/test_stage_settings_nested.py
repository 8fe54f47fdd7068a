"""Settings of stages that are dataclasses or members of enums: JSON in the key, and themselves in the stage."""

import dataclasses
import enum
import typing

import numpy as np
import pytest

import neve


class Method(enum.Enum):
    EULER = 1
    RK4 = enum.auto()
    CLASSIC = 2  # another name of RK4


class Word(str, enum.Enum):
    FAST = "fast"


class Side(enum.Flag):
    LEFT = 1
    RIGHT = 2


@dataclasses.dataclass
class Grid:
    points: int = 4
    span: float = 1.0

    def axis(self):
        return np.linspace(0, self.span, self.points)


@dataclasses.dataclass(frozen=True)
class Solver:
    method: Method = Method.RK4
    tolerance: float = 1e-6
    grid: Grid = dataclasses.field(default_factory=Grid)
    word: typing.Optional[Word] = None


@dataclasses.dataclass
class Run:
    solver: Solver = dataclasses.field(default_factory=Solver)
    side: Side = Side.LEFT
    coarse: "Grid | None" = None
    names: dict = dataclasses.field(default_factory=dict)
    op_name = "lab.nested"
    version = "1"

    def run(self, context):
        assert type(self.solver) is Solver and type(self.solver.method) is Method and type(self.side) is Side
        context.metric("points", len(self.solver.grid.axis()))
        return {"method": self.solver.method.name, "coarse": None if self.coarse is None else self.coarse.points}


@neve.stage("lab.nested_function", version="1")
def solve(*, solver: Solver = Solver(), method: Method = Method.EULER, word: Word | None = None):
    assert type(solver) is Solver and type(method) is Method and (word is None or type(word) is Word)
    return {"method": method.name, "points": len(solver.grid.axis()), "word": word and word.value}


def test_an_object_keeps_its_classes_and_its_key_says_their_fields(cache):
    line = neve.Pipeline("p").add("s", Run(Solver(Method.CLASSIC, grid=Grid(points=8)), coarse=Grid(2)))
    first = line.run(cache)
    assert first.state().meta == {"method": "RK4", "coarse": 2} and first.metrics == {"p.s.points": 8.0}
    again = neve.Pipeline("p").add("s", Run(Solver(Method.RK4, grid=Grid(np.int64(8))), coarse=Grid(points=2)))
    assert again.run(cache).outcomes == {"s": "hit"}
    others = [Run(), Run(side=Side.RIGHT), Run(Solver(Method.EULER)), Run(Solver(word=Word.FAST)), Run(coarse=Grid())]
    assert [neve.Pipeline("p").add("s", each).run(cache).outcomes["s"] for each in others] == ["miss"] * 5


def test_a_function_is_given_what_it_is_annotated_with(cache):
    plain = neve.Pipeline("p").add("s", solve)
    assert plain.run(cache).state().meta == {"method": "EULER", "points": 4, "word": None}
    other = solve.with_settings(solver=Solver(grid=Grid(np.int32(5))), method=Method.RK4, word=Word.FAST)
    assert neve.Pipeline("p").add("s", other).run(cache).state().meta == {"method": "RK4", "points": 5, "word": "fast"}
    assert neve.Pipeline("p").add("s", solve.with_settings()).run(cache).outcomes == {"s": "hit"}


@pytest.mark.parametrize("stage", [Run(), solve], ids=["object", "function"])
def test_a_sweep_sets_fields_of_fields_and_members_by_name_or_themselves(cache, stage):
    line = neve.Pipeline("p").add("s", stage)
    deep = line.sweep({"s.solver.grid.points": np.array([2, 3])}, cache)
    deep.runs[0].raise_if_failed()
    whole = line.sweep({"s.solver": [Solver(grid=Grid(2)), Solver(grid=Grid(3))]}, cache)
    assert [each.outcomes["s"] for each in whole] == ["hit", "hit"] and [each.outcomes["s"] for each in deep] == [
        "miss",
        "miss",
    ]
    members = line.sweep({"s.solver.method": [Method.EULER, "RK4"]}, cache)
    assert [row["s.solver.method"] for row in members.rows] == ["EULER", "RK4"] and members.ok
    with pytest.raises(neve.Error, match="method is 'RK5'; it is one of EULER, RK4, CLASSIC"):
        line.sweep({"s.solver.method": ["RK5"]}, cache)
    with pytest.raises(neve.Error, match="pionts"):
        line.sweep({"s.solver.grid.pionts": [1]}, cache)


def _made_of(value, annotation):
    kind = dataclasses.make_dataclass(
        "Made", [("x", annotation)], namespace={"op_name": "lab.made", "version": "1", "run": _run}
    )
    return kind(value)


def _run(self, context):
    return {}


@dataclasses.dataclass
class Larger(Grid):
    more: int = 1


@dataclasses.dataclass
class Hiding:
    n: int = 1
    twice: int = dataclasses.field(init=False, default=0)


def _with_an_attribute(value):
    value.extra = 1
    return value


def _hiding(value):
    value.twice = 7
    return value


def _local(number):
    @dataclasses.dataclass
    class Local:
        n: int = 1

        def get(self):
            return number

    return Local


LOCAL = _local(3)


WITH_NAMES_FOR_CHECKERS = """
from __future__ import annotations
import dataclasses, typing, neve
if typing.TYPE_CHECKING:
    from neve import StageContext
@dataclasses.dataclass
class Grid:
    points: int = 4
@dataclasses.dataclass
class Base:
    other: StageContext | None = None
@dataclasses.dataclass
class Rig(Base):
    grid: Grid = dataclasses.field(default_factory=Grid)
    op_name: typing.ClassVar[str] = "lab.rig"
    def run(self, context: StageContext):
        return {"points": self.grid.points}
@neve.stage("lab.function")
def function(*, grid: Grid = Grid(), context: StageContext) -> StageContext:
    return {"points": grid.points}
"""


def test_an_annotation_that_only_type_checkers_can_evaluate_hides_no_other(cache, world):
    rig = world("rig", WITH_NAMES_FOR_CHECKERS)
    line = neve.Pipeline("line").add("object", rig.Rig()).add("function", rig.function, needs=[]).output("function")
    line.set("object.grid.points", 8).set("function.grid.points", 9)
    result = line.run(cache, keep="all")
    assert [result.state(name).meta for name in ("object", "function")] == [{"points": 8}, {"points": 9}]
    edited = world("rig", WITH_NAMES_FOR_CHECKERS.replace("class Grid:", "class Grid:\n    depth = 1\n"))
    assert neve.Pipeline("line").add("object", edited.Rig()).stages["object"].version != line.stages["object"].version


@pytest.mark.parametrize(
    ("value", "annotation", "told"),
    [
        (Method.RK4, object, "x is a Method, and neither its annotation"),
        (Method.RK4, "Unknown", "x is a Method, and neither its annotation"),
        (Grid(), typing.Any, "x is a Grid, and neither its annotation"),
        (Grid(), Method | Grid, "x is a Grid, and neither its annotation"),
        ("RK4", Method, "x is 'RK4', and annotated as Method"),
        ({"points": 1, "span": 1.0}, Grid, "and annotated as Grid"),
        (Larger(), Grid, "x is Larger.*, and annotated as Grid"),
        (Side.LEFT | Side.RIGHT, Side, "has no name of its own"),
        (_with_an_attribute(Grid()), Grid, "x has extra, which would not enter its key"),
        (_hiding(Hiding()), Hiding, "x has twice, which would not enter its key"),
        (LOCAL(), LOCAL, "of the class .*Local, to which its name does not lead"),
        (Grid(points=Method.RK4), Grid, r"x.points is a Method, and neither its annotation"),
        ([Grid()], list[Grid], "'x.0.' is of type Grid"),
    ],
)
def test_what_the_key_would_not_see_is_refused_by_name(value, annotation, told):
    with pytest.raises(neve.Error, match=told):
        neve.Pipeline("p").add("s", _made_of(value, annotation))


@dataclasses.dataclass
class Converting:
    length: float = 1.0

    def __post_init__(self):
        self.length = self.length / 1000


def test_a_dataclass_that_makes_something_else_of_its_arguments_is_refused_when_it_is_made_anew():
    line = neve.Pipeline("p").add("s", _made_of(Converting(5.0), Converting))
    assert line.run("none:").ok
    with pytest.raises(neve.Error, match="keep what is made of it in a property"):
        line.sweep({"s.x.length": [3.0]}, "none:")
