"""`neve.memo`: of a class, everything that can be got at through it is in the key, or it is refused by its place."""

import abc
import copy
import dataclasses
import enum
import functools
import importlib
import operator
import subprocess
import sys
import types
import typing

import pytest

import neve


@pytest.fixture
def result_of(cache):
    """What a memoised `use` gives for `argument`."""

    def called(use, argument):
        return neve.memo(cache)(use)(argument)

    return called


class Config:
    levels = [1]
    table = {"a": (1, 2)}


def test_containers_of_a_class_count_as_they_are_now(cache, monkeypatch):
    @neve.memo(cache)
    def read(kind):
        return [kind.levels, kind.table]

    assert read(Config) == [[1], {"a": (1, 2)}]
    monkeypatch.setattr(Config, "levels", [2])
    assert read(Config)[0] == [2]
    monkeypatch.setitem(Config.table, "a", (1, 3))
    assert read(Config)[1] == {"a": (1, 3)}


def made(n):
    """A class whose every part knows `n`."""

    class Meta(type):
        def __len__(cls):
            return n

    class Made(metaclass=Meta):
        attribute = (n,)
        part = functools.partial(max, n)

        def default(self, k=n):
            return k

        def keyword(self, *, k=n):
            return k

        @functools.cached_property
        def cached(self):
            return n

        @functools.lru_cache
        def kept(self):
            return n

        @property
        def written(self):
            return self.__dict__["w"]

        @written.setter
        def written(self, value):
            self.__dict__["w"] = n * value

        @property
        def gone(self):
            return None

        @gone.deleter
        def gone(self):
            self.__dict__["w"] = n

        partial = functools.partialmethod(default, n)

        class Inner:
            value = n

    return Made


def deleted(kind):
    one = kind()
    del one.gone
    return one.__dict__["w"]


def written(kind):
    one = kind()
    one.written = 1
    return one.written


@pytest.mark.parametrize(
    "use",
    [
        lambda kind: kind.attribute,
        lambda kind: kind.part(0),
        lambda kind: kind().default(),
        lambda kind: kind().keyword(),
        lambda kind: kind().cached,
        lambda kind: kind().kept(),
        lambda kind: kind().partial(),
        lambda kind: kind.Inner.value,
        lambda kind: len(kind),
        written,
        deleted,
    ],
)
def test_every_part_of_a_class_counts(result_of, use):
    assert [result_of(use, made(n)) for n in (1, 2, 1)] == [use(made(n)) for n in (1, 2, 1)]


@pytest.mark.parametrize("name", ["attribute", "default", "keyword", "cached", "kept", "partial", "Inner", "written", "gone"])
def test_a_part_alone_changes_the_key(cache, name):
    f = neve.memo(cache)(lambda kind: None)
    one, other, same = made(1), made(1), made(1)
    setattr(other, name, vars(made(2))[name])
    assert f.key(one) == f.key(same) != f.key(other)


def test_what_cannot_be_seen_is_refused_with_its_place(cache):
    class Handle:
        pass

    class Holder:
        class Inner:
            handles = {"main": [Handle()]}

    with pytest.raises(neve.UnsupportedError, match=r"'kind\.members\.Inner\.members\.handles\.main\[0\]' is a .*Handle"):
        neve.memo(cache)(lambda kind: None)(Holder)


def test_classes_made_at_run_time_count_with_what_they_were_made_of(result_of):
    kinds = [dataclasses.make_dataclass("Z", [("x", int, value)]) for value in (1, 2)]
    assert [result_of(lambda kind: kind().x, kind) for kind in kinds] == [1, 2]
    kinds = [type("T", (), {"x": value}) for value in (1, 2)]
    assert [result_of(lambda kind: kind.x, kind) for kind in kinds] == [1, 2]


@dataclasses.dataclass
class Point:
    x: int = 1
    y: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Frozen:
    x: int = 1


class Named(typing.NamedTuple):
    x: int = 1


class Speaks(typing.Protocol):
    def speak(self) -> str: ...


class Colour(enum.Enum):
    RED = 1
    CRIMSON = 1

    def shout(self):
        return self.name.upper()


class Permission(enum.IntFlag):
    READ = 1


class Shape(abc.ABC):
    @abc.abstractmethod
    def area(self): ...


class Row(typing.TypedDict):
    x: int


Value = typing.TypeVar("Value")


class Box(typing.Generic[Value]):
    item: Value | None = None

    def twin(self):
        return super().__class__, Box


class WithSuper(Point):
    def __repr__(self):
        return super().__repr__()


@pytest.mark.parametrize(
    "kind", [Point, Frozen, Named, Speaks, Colour, Permission, Shape, Row, Box, WithSuper, int, dict, types.SimpleNamespace]
)
def test_classes_of_every_make_are_arguments_and_dependencies(cache, kind):
    @neve.memo(cache)
    def name(t):
        return t.__name__

    assert name(kind) == name(kind) == kind.__name__
    assert name.stats()["hits"] == 1
    depending = neve.memo(cache, depends={"kind": kind})(lambda: kind.__name__)
    assert depending() == depending() == kind.__name__
    assert depending.stats()["hits"] == 1


def test_models_of_pydantic_are_arguments(cache):
    pydantic = pytest.importorskip("pydantic")

    def model(bound, default):
        class Model(pydantic.BaseModel):
            model_config = {"frozen": True}
            x: int = pydantic.Field(default, gt=bound)
            items: list[int] = []

            @pydantic.field_validator("x")
            @classmethod
            def check(cls, x):
                return x + bound

        return Model

    f = neve.memo(cache)(lambda kind: kind(x=10).x + kind().x)
    assert f(model(1, 5)) == f(model(1, 5)) == 16
    assert f(model(2, 5)) == 17 and f(model(1, 6)) == 17
    assert f.stats()["misses"] == 3


def test_an_instance_of_a_local_class_counts_with_what_is_around_the_class(result_of):
    def point(k):
        @dataclasses.dataclass
        class P:
            x: int

            def value(self):
                return self.x * k

        return P(1)

    def named(k):
        class P(typing.NamedTuple("P", [("x", int)])):
            def value(self):
                return self.x * k

        return P(1)

    def colour(k):
        class Colour(enum.Enum):
            RED = 1

            def value_of(self):
                return k

            value_ = property(value_of)

        return Colour.RED

    assert [result_of(lambda p: p.value(), point(k)) for k in (2, 3)] == [2, 3]
    assert [result_of(lambda p: p.value(), named(k)) for k in (2, 3)] == [2, 3]
    assert [result_of(lambda p: p.value_, colour(k)) for k in (2, 3)] == [2, 3]


def test_an_instance_of_a_local_model_counts_with_what_is_around_the_class(result_of):
    pydantic = pytest.importorskip("pydantic")

    def model(k):
        class Model(pydantic.BaseModel):
            x: int = 1

            def value(self):
                return self.x * k

        return Model()

    assert [result_of(lambda p: p.value(), model(k)) for k in (2, 3)] == [2, 3]


def test_named_tuples_of_one_name_and_other_fields_are_two(result_of):
    from collections import namedtuple

    made = [namedtuple("P", fields)(1, 2) for fields in ("a b", "b a")]
    assert [result_of(lambda p: p._asdict(), each) for each in made] == [{"a": 1, "b": 2}, {"b": 1, "a": 2}]


def test_generic_types_are_told_apart(result_of):
    hints = [list[int], list[str], typing.Optional[int], int | str, dict[str, list[int]], Box[int], Box[str]]
    hints += [typing.List[int], typing.Dict[str, typing.List[int]], typing.Tuple[int], tuple[int]]  # noqa: UP006
    assert [result_of(lambda t: str(t), each) for each in hints] == [str(each) for each in hints]
    hints = [typing.Literal[1], typing.Literal[2], typing.Annotated[int, "a"], typing.Annotated[int, "b"]]
    assert [result_of(lambda t: str(t), each) for each in hints] == [str(each) for each in hints]


def test_a_class_is_what_runs_not_what_its_file_says_by_now(cache, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    path = tmp_path / "class_module.py"
    path.write_text("class Config:\n    def g(self, k=1):\n        return k\n")
    f = neve.memo(cache)(lambda kind: kind().g())
    old = importlib.import_module("class_module").Config
    path.write_text("class Config:\n    def g(self, k=22):\n        return k\n")
    assert f(old) == 1
    del sys.modules["class_module"]
    importlib.invalidate_caches()
    assert f(importlib.import_module("class_module").Config) == 22


def test_parameters_of_another_kind_make_another_function(cache):
    f = neve.memo(cache)(lambda function: None)
    assert len({f.key(each) for each in (lambda a, b: a - b, lambda a, *, b: a - b, lambda a, /, b: a - b)}) == 3


def test_copying_an_instance_leaves_the_key_of_its_class(cache):
    class Run:
        pass

    f = neve.memo(cache)(lambda kind: None)
    before = f.key(Run)
    copy.copy(Run())
    assert "__slotnames__" in vars(Run) and f.key(Run) == before


def test_what_a_caller_of_methods_was_made_with_counts(result_of):
    encoded = [operator.methodcaller("encode", encoding=name) for name in ("utf-8", "utf-16")]
    assert [result_of(lambda call: call("é"), each) for each in encoded] == ["é".encode(), "é".encode("utf-16")]
    assert [result_of(lambda call: call("ab"), operator.methodcaller(name)) for name in ("upper", "title")] == ["AB", "Ab"]


def derived(base, k):
    class Derived(base):
        def __get__(self, instance, owner=None):
            return k

        def __call__(self, *args):
            return k

    return Derived


@pytest.mark.parametrize("base", [property, classmethod, staticmethod, functools.cached_property])
def test_a_descriptor_of_a_derived_class_counts_with_it(result_of, base):
    def holder(k):
        return type("Holder", (), {"value": derived(base, k)(lambda *_: None)})

    assert [result_of(lambda kind: kind().value, holder(k)) for k in (1, 2, 1)] == [1, 2, 1]


def test_a_partial_of_a_derived_class_is_refused(result_of):
    with pytest.raises(neve.UnsupportedError, match="'call' is a .*Derived"):
        result_of(lambda call: call(), derived(functools.partial, 1)(print))


class Unit:
    def __init__(self, scale):
        self.scale = scale

    def __repr__(self):
        return "Unit"


def test_what_an_annotation_prints_does_not_stand_for_it(cache):
    @dataclasses.dataclass
    class Scaled:
        length: typing.Annotated[float, Unit(1)] = 0

    f = neve.memo(cache)(lambda kind: None)
    with pytest.raises(neve.UnsupportedError, match="is a Unit, which has no exact form"):
        f(Scaled)


def test_docstrings_of_methods_do_not_count_unless_the_method_uses_the_same_text(cache):
    f = neve.memo(cache)(lambda kind: None)

    def key(*lines):
        space = {}
        exec("class Told:\n def tell(self):\n" + "\n".join(f"  {line}" for line in lines), space)
        return f.key(space["Told"])

    assert key("'a'", "return 1") == key("'b'", "return 1") != key("'b'", "return 2")
    assert key("'a'", "return 'a'") != key("'b'", "return 'b'")
    assert key("return ['a' for x in (1, 2)]") != key("return ['b' for x in (1, 2)]")
    assert key("return list('a' for x in (1, 2))") != key("return list('b' for x in (1, 2))")


def test_a_module_that_bears_the_name_of_a_standard_one_is_not_it(tmp_path):
    (tmp_path / "run.py").write_text(
        "import neve, profile\n"
        "cache = neve.open('disk:cache')\n"
        "print(neve.memo(cache)(lambda kind: kind().waist())(profile.Beam))\n"
        "print(neve.memo(cache, depends=[profile.Beam])(lambda: profile.Beam().waist())())\n"
        "try: neve.memo(cache, depends=[profile])(lambda: None)\n"
        "except neve.InvalidArgumentError as error: print('no __version__' in str(error))\n"
    )
    for waist in (1, 2):
        (tmp_path / "profile.py").write_text(f"class Beam:\n    def waist(self):\n        return {waist}\n")
        done = subprocess.run([sys.executable, "-B", "run.py"], cwd=tmp_path, capture_output=True, text=True, check=True)
        assert done.stdout.split() == [str(waist)] * 2 + ["True"]
