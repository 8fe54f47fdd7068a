"""`neve.memo`: code that goes from an argument to its class (`type(x)`) may use all that the class has."""

import sys

import pytest

import neve

ENUM = """
import enum
class Level(enum.Enum):
    LOW = 1
{more}
    def next(self):
        all = list(type(self))
        return all[(all.index(self) + 1) % len(all)]
GIVEN = Level.LOW
def f(level):
    return {use}
"""
DATACLASS = """
import dataclasses
@dataclasses.dataclass
class Fibre:
    length: float
    loss: float = {more}
GIVEN = Fibre(1.0, 2.0)
def f(fibre):
    return {use}
"""
NAMED_TUPLE = """
import typing
class Fibre(typing.NamedTuple):
    length: float
    loss: float = {more}
GIVEN = Fibre(1.0, 2.0)
def f(fibre):
    return {use}
"""
MEMBERS = ("    HIGH = 3", "    MIDDLE = 2\n    HIGH = 4")
UNITS = [f"dataclasses.field(default=0.2, metadata={{'unit': {unit!r}}})" for unit in ("dB/km", "dB/m")]


@pytest.mark.parametrize(
    ("text", "edits", "use", "expected"),
    [
        (ENUM, MEMBERS, "level.next().name", ["HIGH", "MIDDLE"]),
        (ENUM, MEMBERS, "level.__class__['HIGH'].value", [3, 4]),
        (ENUM, MEMBERS, "len(type(level))", [2, 3]),
        (DATACLASS, ("0.2", "0.3"), "type(fibre)(1.0).loss", [0.2, 0.3]),
        (DATACLASS, UNITS, "dataclasses.fields(fibre)[1].metadata['unit']", ["dB/km", "dB/m"]),
        (NAMED_TUPLE, ("0.2", "0.3"), "type(fibre)(1.0).loss", [0.2, 0.3]),
    ],
)
def test_what_the_code_reaches_by_the_class_of_an_argument_counts(cache, world, text, edits, use, expected):
    found = []
    for more in edits:
        module = world("classes", text.format(more=more, use=use))
        found.append(neve.memo(cache)(module.f)(module.GIVEN))
    assert found == expected


FIELDS = """
import attrs, dataclasses
@{kind}
class Point:
{fields}
def f(points):
    return {use}
"""
XY = "    x: int\n    y: int"
YX = "    y: int\n    x: int"
HIDDEN = "    x: int\n    y: int = dataclasses.field(repr=False, compare=False)"
ORDERED = "dataclasses.dataclass(order=True)"


@pytest.mark.parametrize(
    ("kind", "edits", "use", "expected"),
    [
        ("dataclasses.dataclass", (XY, YX), "dataclasses.astuple(points[0])", [(1, 4), (4, 1)]),
        ("dataclasses.dataclass", (XY, YX), "f'{points[0]}'", ["Point(x=1, y=4)", "Point(y=4, x=1)"]),
        ("dataclasses.dataclass", (XY, HIDDEN), "str(points[0])", ["Point(x=1, y=4)", "Point(x=1)"]),
        ("dataclasses.dataclass", (XY, HIDDEN), "points[0] == points[2]", [False, True]),
        (ORDERED, (XY, YX), "max(points).x", [2, 1]),
        ("attrs.define", (XY, YX), "attrs.astuple(points[0])", [(1, 4), (4, 1)]),
        ("attrs.define(order=True)", (XY, YX), "max(points).x", [2, 1]),
    ],
)
def test_the_order_of_fields_and_which_of_them_are_compared_counts(cache, world, kind, edits, use, expected):
    found = []
    for fields in edits:
        module = world("points", FIELDS.format(kind=kind, fields=fields, use=use))
        points = [module.Point(x=x, y=y) for x, y in ((1, 4), (2, 2), (1, 2))]
        found.append(neve.memo(cache)(module.f)(points))
    assert found == expected


MODEL = """
import pydantic
class Fibre(pydantic.BaseModel):
    length: float{more}
def f(fibre):
    return fibre.model_dump()
"""
DOUBLED = """
    @pydantic.field_serializer("length")
    def doubled(self, length):
        return 2 * length
"""


def test_how_a_model_writes_its_fields_counts_where_the_code_has_it_do_so(cache, world):
    found = []
    for more in ("", DOUBLED, " = pydantic.Field(exclude=True)"):
        module = world("models", MODEL.format(more=more))
        found.append(neve.memo(cache)(module.f)(module.Fibre(length=1.5)))
    assert found == [{"length": 1.5}, {"length": 3.0}, {}]


WRITTEN = """
import json, pydantic, pydantic_core
class Fibre(pydantic.BaseModel):
{fields}
def f(fibre):
    return {use}
"""
LENGTH = "    length: float\n    loss: float"
TURNED = "    loss: float\n    length: float"
SERIALIZED = LENGTH + "\n    @pydantic.field_serializer('length')\n    def doubled(self, length):\n        return 2 * length"
NOT_PRINTED = "    length: float\n    loss: float = pydantic.Field(repr=False)"
COMPUTED = LENGTH + "\n    @pydantic.computed_field\n    def doubled(self) -> float:\n        return 2 * self.length"


@pytest.mark.parametrize(
    ("fields", "use", "expected"),
    [
        (SERIALIZED, "fibre.model_dump()['length']", [1.5, 3.0]),
        (SERIALIZED, "json.loads(pydantic_core.to_json(fibre))['length']", [1.5, 3.0]),
        (SERIALIZED, "pydantic_core.to_jsonable_python(fibre)['length']", [1.5, 3.0]),
        (TURNED, "list(dict(fibre))", [["length", "loss"], ["loss", "length"]]),
        (NOT_PRINTED, "f'{fibre}'", ["length=1.5 loss=0.2", "length=1.5"]),
        (COMPUTED, "f'{fibre}'", ["length=1.5 loss=0.2", "length=1.5 loss=0.2 doubled=3.0"]),
    ],
)
def test_how_a_model_is_written_and_printed_counts(cache, world, fields, use, expected):
    found = []
    for each in (LENGTH, fields):
        module = world("written", WRITTEN.format(fields=each, use=use))
        found.append(neve.memo(cache)(module.f)(module.Fibre(length=1.5, loss=0.2)))
    assert found == expected


@pytest.mark.parametrize("module", ["pydantic", "pydantic.v1"])
def test_the_order_of_the_fields_of_a_model_counts_where_it_is_printed(cache, world, module):
    found = []
    for fields in (LENGTH, TURNED):
        text = WRITTEN.format(fields=fields, use="f'{fibre}'").replace("pydantic,", f"{module} as pydantic,")
        loaded = world("turned", text)
        found.append(neve.memo(cache)(loaded.f)(loaded.Fibre(length=1.5, loss=0.2)))
    assert found == ["length=1.5 loss=0.2", "loss=0.2 length=1.5"]


FLAG = """
import enum
class Side(enum.Flag):
    LEFT = 1
    RIGHT = 2
{more}
def f(side):
    return (~side).value
"""


def test_the_members_that_a_flag_has_count_by_which_its_opposite_is_made(cache, world):
    found = []
    for more in ("", "    TOP = 4"):
        module = world("sides", FLAG.format(more=more))
        found.append(neve.memo(cache)(module.f)(module.Side.LEFT))
    assert found == [2, 6]


@pytest.mark.parametrize("kind", ["attrs.define", "dataclasses.dataclass"])
def test_a_method_that_nobody_calls_does_not_count(cache, world, kind):
    for more in ("", "\n    def draw(self):\n        return 1"):
        module = world("drawn", FIELDS.format(kind=kind, fields=XY + more, use="points.x"))
        f = neve.memo(cache)(module.f)
        assert f(module.Point(x=1, y=2)) == 1
    assert f.stats()["hits"] == 1


NAMED = """
import dataclasses
{metaclass}
@dataclasses.dataclass
class Fibre({base}):
    length: float
    loss: float = {loss}
    def __str__(self):
        return f"{{self.__class__.__name__}}({{self.length}})"
    def __repr__(self):
        return "%s(%s)" % (type(self).__qualname__, self.length)
    def __eq__(self, other):
        if {check}:
            return NotImplemented
        return self.length == other.length
{more}
def by_name(name):
    return globals()[name]
def f(fibre):
    return str(fibre), repr(fibre), fibre == [fibre][0], type(fibre).__name__
"""
CHECKS = [
    "other.__class__ is not self.__class__",
    "type(self) is not type(other)",
    "type(self) != type(other)",
    "not isinstance(other, self.__class__)",
    "not isinstance(other, type(self))",
]
MORE = ("", "    def draw(self):\n        return 1")


@pytest.mark.parametrize("check", CHECKS)
def test_a_method_that_nobody_calls_does_not_count_where_others_name_the_class(cache, world, check):
    for more in MORE:
        module = world("named", NAMED.format(metaclass="", base="object", check=check, more=more, loss="0.2"))
        f = neve.memo(cache)(module.f)
        f(module.Fibre(1.0))
    assert f.stats()["hits"] == 1


@pytest.mark.parametrize(
    "use",
    [
        "type(fibre)(1.0).loss",
        "fibre.__class__(1.0).loss",
        "(lambda kind: kind(1.0).loss)(type(fibre))",
        "[each(1.0).loss for each in (fibre.__class__,)][0]",
        "getattr(fibre, '__class__')(1.0).loss",
        "eval('type(fibre)')(1.0).loss",
        "__import__('builtins').type(fibre)(1.0).loss",
        "(kind := type(fibre)).__name__ and kind(1.0).loss",
        "type(fibre).__init__.__defaults__[0]",
        "'{0.__class__.loss}'.format(fibre)",
        "globals()[type(fibre).__name__](1.0).loss",
        "(lambda name: globals()[name])(fibre.__class__.__name__)(1.0).loss",
        "by_name(type(fibre).__name__)(1.0).loss",
        "getattr(__import__('sys').modules[fibre.__module__], type(fibre).__name__)(1.0).loss",
        "getattr(__import__(type(fibre).__module__), type(fibre).__qualname__)(1.0).loss",
    ],
)
def test_what_the_code_takes_of_the_class_besides_its_name_counts(cache, world, use):
    found = []
    for loss in ("0.2", "0.3"):
        text = NAMED.format(metaclass="", base="object", check=CHECKS[0], more="", loss=loss)
        module = world("named", text.replace("type(fibre).__name__", f"float({use})"))
        found.append(neve.memo(cache)(module.f)(module.Fibre(1.0, 2.0))[-1])
    assert found == [0.2, 0.3]


def test_the_name_that_a_class_has_been_given_counts(cache, world):
    module = world("named", NAMED.format(metaclass="", base="object", check=CHECKS[0], more="", loss="0.2"))
    f = neve.memo(cache)(module.f)
    assert f(module.Fibre(1.0))[-1] == "Fibre"
    module.Fibre.__name__ = "Cable"
    assert f(module.Fibre(1.0))[-1] == "Cable"


METACLASS = """
class Named(type):
    @property
    def __name__(cls):
        return {name!r}
"""


def test_a_metaclass_that_says_what_a_class_is_called_counts(cache, world):
    found = []
    for name in ("one", "other"):
        base = "metaclass=Named"
        text = NAMED.format(metaclass=METACLASS.format(name=name), base=base, check=CHECKS[0], more="", loss="0.2")
        module = world("named", text)
        found.append(neve.memo(cache)(module.f)(module.Fibre(1.0))[-1])
    assert found == ["one", "other"]


DERIVED = """
import dataclasses, enum, typing
class One:
    def loss(self):
        return 1
class Other:
    def loss(self):
        return 2
@dataclasses.dataclass
class Fibre({bases}):
    "{text}"
    cores: typing.ClassVar[int] = {cores}
class Level(enum.Enum):
    {levels}
def loss(fibre):
    return fibre.loss()
def is_one(fibre):
    return isinstance(fibre, One)
def cores(fibre):
    return fibre.cores
def text(fibre):
    return fibre.__doc__
def place(level):
    return level._sort_order_
"""


@pytest.mark.parametrize(
    ("function", "argument", "expected"),
    [
        ("loss", "Fibre()", [1, 2, 2]),
        ("is_one", "Fibre()", [True, True, False]),
        ("cores", "Fibre()", [1, 2, 3]),
        ("text", "Fibre()", ["short", "long", "long"]),
        ("place", "Level.LOW", [0, 1, 1]),
    ],
)
def test_what_a_class_has_besides_methods_and_fields_counts(cache, world, function, argument, expected):
    found = []
    for bases, text, cores, levels in (
        ("One, Other", "short", 1, "LOW = 1; HIGH = 2"),
        ("Other, One", "long", 2, "HIGH = 2; LOW = 1"),
        ("Other", "long", 3, "HIGH = 2; LOW = 1"),
    ):
        module = world("derived", DERIVED.format(bases=bases, text=text, cores=cores, levels=levels))
        given = eval(argument, vars(module))
        if not hasattr(given, "_sort_order_") and function == "place":  # of Python 3.11 and later
            given._sort_order_ = list(type(given)).index(given)
        found.append(neve.memo(cache)(getattr(module, function))(given))
    assert found == expected


FRAMEWORK = """
class Module:
    def __call__(self, x):
        return self.forward(x)
    def fit_transform(self, x):
        return self.transform(x)
"""
MODEL_OF_IT = """
import ast, dataclasses, framework
@dataclasses.dataclass
class Model(framework.Module):
    gain: int = 1
    def forward(self, x):
        return {edited}
    def transform(self, x):
        return {edited}
def called(model):
    return model(1)
def transformed(model):
    return model.fit_transform(1)
@dataclasses.dataclass
class Visitor(ast.NodeVisitor):
    def visit_Expression(self, node):
        return {edited}
def visited(visitor):
    return visitor.visit(ast.parse("x", mode="eval"))
"""


@pytest.mark.parametrize(("function", "kind"), [("called", "Model"), ("transformed", "Model"), ("visited", "Visitor")])
def test_what_a_base_class_of_a_framework_calls_counts(cache, world, tmp_path, monkeypatch, function, kind):
    installed = tmp_path / "site-packages"
    installed.mkdir()
    installed.joinpath("framework.py").write_text(FRAMEWORK)
    monkeypatch.syspath_prepend(installed)
    monkeypatch.delitem(sys.modules, "framework", raising=False)
    found = []
    for edited in (2, 3):
        module = world("models", MODEL_OF_IT.format(edited=edited))
        found.append(neve.memo(cache)(getattr(module, function))(getattr(module, kind)()))
    assert found == [2, 3]


ARGUMENTS = """
import attrs, dataclasses, enum, pydantic
class Loss:
    def loss(self):
        return 1
class Level(enum.Enum):
    LOW = 1
class Side(enum.Flag):
    LEFT = 1
@dataclasses.dataclass
class Fibre(Loss):
    length: float = 1.0
@attrs.define
class Cable(Loss):
    length: float = 1.0
class Model(Loss, pydantic.BaseModel):
    length: float = 1.0
def f(x):
    return getattr(x, "length", 1) + type(x).__name__.count("F")
"""


@pytest.mark.parametrize("given", ["Level.LOW", "Side.LEFT", "Fibre()", "Cable()", "Model()"])
def test_a_hit_does_not_look_at_the_class_of_an_argument_again(cache, world, monkeypatch, given):
    from neve._code import surroundings

    module = world("arguments", ARGUMENTS)
    f = neve.memo(cache)(module.f)
    value = eval(given, vars(module))
    f(value)
    f(value)
    monkeypatch.setattr(surroundings, "look_around", lambda *_: pytest.fail("it is looked at again"))
    f(value)
    assert f.stats()["hits"] == 2
