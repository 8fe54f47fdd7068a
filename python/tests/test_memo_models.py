"""`neve.memo`: of a class made by pydantic, what its decorators and fields are declared with is in the key."""

import datetime
import typing

import pytest

import neve

pydantic = pytest.importorskip("pydantic")
pydantic_1 = pytest.importorskip("pydantic.v1")


class Former(pydantic_1.BaseModel):
    a: int = 0
    inner: typing.Optional["Former"] = None

    class Config:
        extra = "allow"


class FormerWithMore(Former):
    _hidden: int = pydantic_1.PrivateAttr(default=3)


Former.update_forward_refs()


class Numbers(pydantic.RootModel[list[int]]):
    pass


class Holder(pydantic.BaseModel):
    numbers: Numbers


@pytest.mark.parametrize("given", [Numbers([1, 2]), Holder(numbers=Numbers([3]))])
def test_a_model_of_one_value_that_comes_from_the_cache_is_as_it_was(cache, given):
    @neve.memo(cache)
    def same(model):
        return model

    same(given)
    stored = same(given)
    assert stored == given and vars(stored).keys() == vars(given).keys()
    assert same.key(stored) == same.key(given)
    assert same(stored) == given and same.stats()["not_stored"] == 0 and same.stats()["hits"] == 2


class Measured(pydantic.BaseModel):
    when: datetime.datetime
    daily: datetime.time = datetime.time(12)


@pytest.mark.parametrize("when", ["2024-05-06T07:08:09Z", "2024-05-06T07:08:09.5-03:30", "2024-05-06T07:08:09"])
def test_times_that_pydantic_has_read_are_kept_with_their_zone(cache, when):
    @neve.memo(cache)
    def same(model):
        return model

    given = Measured.model_validate_json(f'{{"when": "{when}", "daily": "{when[11:]}"}}')
    same(given)
    stored = same(given)
    assert stored == given and same.stats()["hits"] == 1
    assert repr(stored) == repr(given) and type(stored.when.tzinfo) is type(given.when.tzinfo)
    assert same.key(stored) == same.key(given)
    utc = given.when.replace(tzinfo=datetime.timezone.utc)
    assert same.key(given.model_copy(update={"when": utc})) != same.key(given)  # is another object, if only by its type


def test_models_of_pydantic_1_are_arguments_and_results(cache):
    @neve.memo(cache)
    def same(model):
        return model

    model = Former(a=2, inner=Former(), more=[1, 2])
    hit = [same(model), same(model)][1]
    assert same.stats()["hits"] == 1
    assert hit == model and hit is not model and hit.more == [1, 2]
    assert hit.__fields_set__ == {"a", "inner", "more"} and hit.inner.__fields_set__ == set()
    assert list(hit.dict()) == list(model.dict())
    others = (Former(a=3), Former(), Former(a=0), Former(more=1), model)
    assert len({same.key(each) for each in others}) == len(others)
    with pytest.raises(neve.UnsupportedError, match="_hidden"):
        same.key(FormerWithMore())


def validated(field, mode="after"):
    class Model(pydantic.BaseModel):
        a: int = 0
        b: int = 0

        @pydantic.field_validator(field, mode=mode)
        @classmethod
        def double(cls, x):
            return 2 * x

    return Model


def undecorated():
    class Model(pydantic.BaseModel):
        a: int = 0
        b: int = 0

        @classmethod
        def double(cls, x):
            return 2 * x

    return Model


def serialized(when):
    class Model(pydantic.BaseModel):
        a: int = 0

        @pydantic.field_serializer("a", when_used=when)
        def double(self, x):
            return 2 * x

    return Model


def computed(decorate=lambda each: each):
    class Model(pydantic.BaseModel):
        a: int = 0

        @decorate
        @property
        def double(self) -> int:
            return 2 * self.a

    return Model


def checked(decorate=lambda each: each):
    class Model(pydantic.BaseModel):
        a: int = 0

        @decorate
        def double(self):
            self.a = 2 * self.a
            return self

    return Model


def optional(**default):
    class Model(pydantic.BaseModel):
        if default:
            a: typing.Optional[int] = None
        else:
            a: typing.Optional[int]

    return Model


def private(**default):
    class Model(pydantic.BaseModel):
        _p: typing.Any = pydantic.PrivateAttr(**default)

        def private(self):
            return len(default)

    return Model


def dataclass_of(default, extra="ignore"):
    @pydantic.dataclasses.dataclass(config={"extra": extra})
    class Model:
        a: int = pydantic.Field(default, gt=1)

    return Model


@pytest.mark.parametrize(
    "kinds",
    [
        [validated("a"), validated("b"), validated("a", "before"), undecorated()],
        [serialized("always"), serialized("json")],
        [computed(), computed(pydantic.computed_field), computed(pydantic.computed_field(alias="d"))],
        [checked(), checked(pydantic.model_validator(mode="after"))],
        [optional(), optional(default=None)],
        [private(), private(default=None)],
        [dataclass_of(2), dataclass_of(3), dataclass_of(2, "forbid")],
    ],
)
def test_what_the_parts_of_a_model_are_declared_with_counts(cache, kinds):
    f = neve.memo(cache)(lambda kind: None)
    assert len({f.key(kind) for kind in kinds}) == len(kinds)
    depending = neve.memo(cache, depends={"kind": kinds[0]})(lambda: None)
    assert depending.key() != neve.memo(cache, depends={"kind": kinds[1]})(lambda: None).key()


def test_a_model_made_again_is_the_same(cache):
    f = neve.memo(cache)(lambda kind: None)
    for make in (lambda: validated("a"), lambda: serialized("json"), lambda: private(default=1), lambda: dataclass_of(2)):
        assert f.key(make()) == f.key(make())
