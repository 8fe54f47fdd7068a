"""`neve.memo`: enums and their members, with what is set on them."""

import enum
import functools
import logging
import threading

import pytest

import neve


def test_attributes_of_enum_members_count(cache):
    def planets(mass):
        class Planet(enum.Enum):
            EARTH = 1

            def __init__(self, number):
                self.mass = mass

        return Planet

    f = neve.memo(cache)(lambda kind: kind.EARTH.mass)
    assert [f(planets(1.0)), f(planets(2.0))] == [1.0, 2.0]


def test_attributes_of_a_member_that_is_an_argument_count(cache, world):
    text = """
import enum
class Planet(enum.Enum):
    EARTH = 5
    def __init__(self, number):
        self.mass = number * {}
def f(planet):
    return planet.mass
"""
    found = []
    for factor in (2, 3):
        module = world("planets", text.format(factor))
        found.append(neve.memo(cache)(module.f)(module.Planet.EARTH))
    assert found == [10, 15]


class Mixed:
    __slots__ = ("weight",)


def test_an_attribute_in_a_slot_of_a_member_counts(cache):
    def planets(factor):
        class Planet(Mixed, enum.Enum):
            EARTH = 5

            def __init__(self, number):
                self.weight = number * factor

        return Planet.EARTH

    f = neve.memo(cache)(lambda planet: planet.weight)
    assert [f(planets(2)), f(planets(3))] == [10, 15]


class Colour(enum.Enum):
    RED = 1

    def __init__(self, number):
        self.log = logging.getLogger("colours")
        self.lock = threading.Lock()

    @functools.cached_property
    def doubled(self):
        return 2 * self.value


def test_what_a_member_keeps_of_its_own_and_what_only_watches_does_not_count(cache):
    f = neve.memo(cache)(lambda colour: colour.doubled)
    key = f.key(Colour.RED)
    assert [f(Colour.RED), f(Colour.RED), f.key(Colour.RED)] == [2, 2, key]
    assert f.stats()["hits"] == 1


class Source(enum.Enum):
    LASER = 1

    def __init__(self, number):
        self.numbers = iter([number])


def test_an_attribute_of_a_member_that_has_no_exact_form_is_told(cache):
    with pytest.raises(neve.errors.UnsupportedError, match=r"the attributes of Source.LASER count.*'numbers'"):
        neve.memo(cache)(lambda source: source.value)(Source.LASER)


class Direction(enum.Enum):
    NORTH = 1
    SOUTH = 2


def test_members_that_lead_to_each_other_are_told_by_their_names(cache):
    Direction.NORTH.opposite, Direction.SOUTH.opposite = Direction.SOUTH, Direction.NORTH
    f = neve.memo(cache)(lambda direction: direction.opposite.name)
    assert [f(Direction.NORTH), f(Direction.SOUTH), f(Direction.NORTH)] == ["SOUTH", "NORTH", "SOUTH"]
    assert f.stats()["hits"] == 1


class Size(enum.Enum):
    SMALL = 1


CHOSEN = Size.SMALL


@pytest.mark.parametrize(
    "read",
    [lambda _: Size.SMALL.mass, lambda _: CHOSEN.mass, lambda given: given.mass],
    ids=["by its class", "by a variable", "given"],
)
def test_an_attribute_that_is_set_on_a_member_between_two_calls_counts(cache, monkeypatch, read):
    f = neve.memo(cache)(read)
    found = []
    for mass in (1, 2):
        monkeypatch.setattr(Size.SMALL, "mass", mass, raising=False)
        found.append(f(Size.SMALL))
    assert found == [1, 2]


def listed(*names, same=False):
    return enum.Enum("Listed", [(name, 1 if same else name) for name in names])


def test_the_order_of_an_enum_and_which_name_is_the_alias_count(cache):
    orders = [listed("A", "B"), listed("B", "A")]
    assert list(map(neve.memo(cache)(lambda kind: [each.name for each in kind]), orders)) == [["A", "B"], ["B", "A"]]
    aliases = [listed("A", "B", same=True), listed("B", "A", same=True)]
    assert list(map(neve.memo(cache)(lambda kind: kind.A.name), aliases)) == ["A", "B"]
