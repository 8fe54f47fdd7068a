"""`neve.memo`: code that goes from an argument to its class (`type(x)`) may use all that the class has."""

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
