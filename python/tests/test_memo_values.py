"""Arguments and results of `neve.memo`: exact, or refused by name."""

import dataclasses
import datetime
import decimal
import functools
import pathlib
import sys
import typing

import numpy as np
import pydantic
import pytest

import neve
from memo_functions import Color, Counted, Fiber, Grid, Opaque, computed_and_found


class Point(typing.NamedTuple):
    x: float
    y: float


VALUES = [
    None,
    True,
    -3,
    2**80,
    -(2**70),
    0.1,
    -0.0,
    float("inf"),
    float("nan"),
    1 + 2j,
    "text é \ud800",
    b"bytes",
    bytearray(b"x"),
    [1, [2, (3, "x")]],
    (),
    {"a": 1, "b": {"c": (1,)}},
    {"b": 1, "a": 2},
    {"$": 1},
    {1: "x", (2, 3): None},
    {3, 1, 2},
    frozenset({"a"}),
    range(1, 9, 2),
    slice(None, 3),
    ...,
    np.arange(6.0).reshape(2, 3),
    np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    [np.array(["a", "bc"]), np.array(3)],
    np.float32(1.5),
    [np.dtype("M8[s]", metadata={}), *map(np.dtype, ("f8", ">f8", "?", "U3", "M8[ns]", "O"))],
    np.datetime64("2020-01-02"),
    np.bool_(True),
    np.float64(2),
    Fiber(0.5, [1.0, 2.0]),
    Grid(points=4),
    Color.RED,
    Point(1.0, 2.0),
    datetime.datetime(2020, 1, 2, 3, 4, 5, 6, tzinfo=datetime.timezone.utc),
    datetime.timedelta(days=-1, microseconds=3),
    datetime.date(2020, 1, 2),
    decimal.Decimal("1.10"),
    pathlib.PurePosixPath("a/b"),
]


def same(a, b):
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.flags.f_contiguous == b.flags.f_contiguous and a.tobytes() == b.tobytes()
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    return repr(a) == repr(b)


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_hit_gives_exactly_what_was_computed(cache, value):
    first, second = computed_and_found(cache, value)
    assert same(first, value) and same(second, value)


def test_values_that_differ_have_different_keys(cache):
    @neve.memo(cache)
    def f(value):
        return 0

    odd = [1, 1.0, "1", (1,), [1], {"1": 1}, np.float64(1), np.array(1.0), np.array([1.0]), 1 + 0j, b"1"]
    odd += ["<f8", np.dtype("<f8"), np.dtype(">f8"), np.dtype("M8[s]"), np.dtype("M8[ms]"), np.float64]
    keys = [f.key(value) for value in VALUES + odd]
    assert len(set(keys)) == len(keys)


def test_arrays_are_read_only_hit_or_miss_unless_writable_ones_are_asked_for(cache):
    @neve.memo(cache)
    def f(n):
        return np.arange(n)

    @neve.memo(cache, writable=True)
    def g(n):
        return np.arange(n)

    assert [f(5).flags.writeable, f(5).flags.writeable] == [False, False]
    assert [g(5).flags.writeable, g(5).flags.writeable] == [True, True]
    g(5)[0] = 9
    assert g(5)[0] == 0


@pytest.mark.parametrize(
    ("argument", "place"),
    [
        (Opaque(), "'x' is a Opaque"),
        ({"model": {"layers": [1, Opaque()]}}, r"'x.model.layers\[1\]' is a Opaque"),
        (Fiber(1.0, [Opaque()]), r"'x.fields.betas\[0\]' is a Opaque"),
        (np.array([None]), "'x': dtype '|O'"),
        (np.ma.array([1]), "'x' is a MaskedArray"),
        (np.dtype([("a", float)]), "'x' is a .*[vV]oid"),
        (np.dtype(float, metadata={"unit": "m"}), "'x' is a .*[fF]loat64"),
    ],
)
def test_arguments_that_cannot_be_hashed_exactly_are_refused_with_their_place(cache, argument, place):
    @neve.memo(cache)
    def f(x):
        raise AssertionError("never called")

    with pytest.raises(neve.UnsupportedError, match=place.replace("|", r"\|")):
        f(argument)


def test_an_argument_that_contains_itself_is_refused(cache):
    @neve.memo(cache)
    def f(x):
        return 0

    loop = []
    loop.append(loop)
    with pytest.raises(neve.UnsupportedError, match="contains itself"):
        f(loop)


def test_a_result_without_an_exact_form_is_returned_with_a_warning(cache):
    @neve.memo(cache)
    def f(x):
        return Opaque()

    with pytest.warns(neve.NotStoredWarning, match="is a Opaque"):
        assert isinstance(f(1), Opaque)
    assert f.stats()["not_stored"] == 1


def test_registered_types_are_kept(cache):
    class Vector:
        def __init__(self, items):
            self.items = items

    @neve.memo(cache)
    def f(x):
        return Vector([x, np.arange(3)])

    neve.register(Vector, lambda v: v.items, Vector, name="tests.Vector")
    f(1)
    assert isinstance(f(1), Vector)
    assert f(1).items[0] == 1
    with pytest.raises(neve.InvalidArgumentError, match="tests.Vector"):
        neve.register(Counted, vars, Counted, name="tests.Vector")


def test_a_stored_type_this_process_does_not_know_is_a_miss_and_nothing_is_imported(cache, tmp_path):
    module = tmp_path / "not_imported.py"
    module.write_text("raise SystemExit('imported')\n")
    sys.path.insert(0, str(tmp_path))
    try:

        @neve.memo(cache)
        def f(x):
            return Fiber(1.0)

        f(1)
        entry = cache.get(f.key(1))
        entry["meta"]["value"]["of"]["type"] = "not_imported:Fiber"
        cache.put(f.key(1), entry["meta"])
        assert f(1) == Fiber(1.0)
        assert f.stats()["unreadable"] == 1
        assert f(1) == Fiber(1.0)
        assert f.stats()["unreadable"] == 1
        assert "not_imported" not in sys.modules
    finally:
        sys.path.remove(str(tmp_path))


@dataclasses.dataclass
class Cached:
    n: int = 1
    curve: list = dataclasses.field(init=False)

    @functools.cached_property
    def grid(self):
        return [self.n]


class CachedModel(pydantic.BaseModel):
    n: int = 1

    @functools.cached_property
    def grid(self):
        return [self.n]


@pytest.mark.parametrize("make", [CachedModel, Cached])
def test_what_a_cached_property_has_left_does_not_count(cache, make):
    value = make()
    if make is Cached:
        value.curve = []
    f = neve.memo(cache, version="1")(lambda x: x)
    before = f.key(value)
    assert f(value).grid == [1]
    assert value.grid == [1] and f.key(value) == before
    stored = f(value)
    assert f.stats()["hits"] == 1 and stored.grid == [1] and type(stored) is make


def test_a_field_that_is_not_set_is_refused_by_name(cache):
    f = neve.memo(cache, version="1")(lambda x: Cached(x))
    with pytest.raises(neve.UnsupportedError, match="'x': the field 'curve' of the Cached is not set"):
        f(Cached())
    with pytest.warns(neve.NotStoredWarning, match="the field 'curve' of the Cached is not set"):
        assert f(3).n == 3


class Given:
    pass


def test_a_type_registered_without_a_decoder_is_an_argument_and_no_result(cache):
    neve.register(Given, lambda given: 1, None)

    @neve.memo(cache)
    def same(value, back=False):
        return value if back else 1

    assert same(Given()) == same(Given()) == 1 and same.stats()["hits"] == 1
    with pytest.warns(neve.NotStoredWarning, match="nothing here makes '.*Given' again"):
        same(Given(), True)


class Refusing:
    pass


@pytest.mark.parametrize("raised", [ValueError, neve.UnsupportedError])
def test_texts_that_are_no_utf_8_are_told_of(cache, raised):
    def refuse(value):
        raise raised("odd \udc80 text")

    neve.register(Refusing, refuse, None, name="tests.Refusing")
    f = neve.memo(cache)(lambda x: Refusing() if x == 1 else {"b": Opaque(), "\udc80": Opaque()})
    for argument, told in ((1, r"odd \\udc80 text"), (2, "is a Opaque")):
        with pytest.warns(neve.NotStoredWarning, match=told):
            f(argument)
    with pytest.raises(raised, match="odd (\udc80|.*udc80) text"):
        f(Refusing())
    with pytest.raises(neve.UnsupportedError, match="is a Opaque"):
        f({"b": 1, "\udc80": Opaque(), "a": 1})


def test_a_dict_is_known_by_numbers_of_any_length(cache):
    f = neve.memo(cache)(lambda x: list(x.values()))
    assert f({10**5000: 1}) == f({10**5000: 1}) == [1] and f({10**5000 + 1: 2}) == [2]
    assert f.stats()["hits"] == 1
