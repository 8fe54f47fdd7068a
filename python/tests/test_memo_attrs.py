"""`neve.memo`: objects and classes of the package attrs, as arguments, results and global variables."""

import attrs
import pytest

import neve
from memo_functions import kept

SHIFT = 1


def shifted(value):
    return value + SHIFT


@attrs.define
class Grid:
    points: int = 8
    spacing_m: float = attrs.field(default=0.5, converter=float, validator=attrs.validators.gt(0))
    _name: str = attrs.field(default="grid", kw_only=True, metadata={"unit": "m"})
    marks: list = attrs.Factory(list)


@attrs.frozen
class Shifted(Grid):
    by: int = attrs.field(default=2, converter=shifted)

    @property
    def total(self):
        return self.points + self.by


@attrs.define(slots=False)
class Loose:
    a: int = 1


GIVEN = [Grid(4, 0.25, name="fine", marks=[1, (2, 3)]), Shifted(by=5), Loose(3)]


@pytest.mark.parametrize("given", GIVEN, ids=lambda given: type(given).__name__)
def test_an_object_is_an_argument_and_a_result(cache, given):
    same = kept(cache, lambda value: [value])
    assert [same(given), same(given)] == [[given]] * 2
    assert type(same(given)[0]) is type(given) and same.stats()["hits"] == 2
    assert not same.check_call_in_cache(attrs.evolve(given, **{attrs.fields(type(given))[0].name: 77}))


def test_an_object_with_more_than_its_fields_is_refused(cache):
    loose = Loose()
    loose.more = 1
    with pytest.raises(neve.UnsupportedError, match=r"the Loose has attributes that are no fields: \['more'\]"):
        kept(cache, lambda value: 1)(loose)


PROGRAM = """
import attrs
N = 2
def shifted(value):
    return value + N
@attrs.define
class Base:
    first: int = 3
@attrs.frozen
class Model(Base):
    a: int = attrs.field(default=1, converter=shifted)
    b: list = attrs.Factory(lambda: [N])
    c: int = attrs.field(default=0, validator=attrs.validators.lt(50))
    def total(self):
        return self.a + self.first + self.b[0]
    def unused(self):
        return 0
KEPT = Model(a=5)
def f(x):
    return [MADE.total(), MADE.c, x]
"""
ANYHOW = [("N = 2", "N = 4"), ("first: int = 3", "first: int = 5"), ("self.a + self", "self.a - self")]


@pytest.mark.parametrize(("made", "edit"), [("Model()", ("default=1", "default=7")), ("KEPT", ("Model(a=5)", "Model(a=6)"))])
def test_what_a_class_consists_of_counts_and_nobody_is_warned(cache, world, made, edit):
    text = PROGRAM.replace("MADE", made)
    f = kept(cache, world("main", text).f)
    before = f(1)
    assert f(1) == before == f.func(1) and f.stats()["hits"] == 1
    for each in (edit, *ANYHOW):
        edited = kept(cache, world("main", text.replace(*each)).f)
        assert edited(1) == edited.func(1) != before
    again = kept(cache, world("main", text).f)
    assert again(1) == before and again.stats()["hits"] == 1


CONVERTED = """
import attrs, copy
@attrs.define
class Fibre:
    length: float = attrs.field(converter=lambda given: {factor} * given)
GIVEN = Fibre(1.0)
object.__setattr__(GIVEN, "length", 1.0)
def set_anew(fibre):
    another = copy.copy(fibre)
    another.length = 3.0
    return another.length
def evolved(fibre):
    return attrs.evolve(fibre, length=3.0).length
"""


@pytest.mark.parametrize("name", ["set_anew", "evolved"])
def test_how_a_field_is_converted_counts_where_another_object_is_made(cache, world, name):
    found = []
    for factor in (1, 2):
        module = world("converted", CONVERTED.format(factor=factor))
        found.append(neve.memo(cache)(getattr(module, name))(module.GIVEN))
    assert found == [3.0, 6.0]
