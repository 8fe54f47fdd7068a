"""`neve.memo`: what is a hit, what is not, and what is refused."""

import dataclasses
import datetime
import decimal
import functools
import pathlib
import sys
import threading
import typing

import numpy as np
import pydantic
import pytest

import memo_functions
import neve
from memo_functions import Color, Fiber, Grid, Opaque


class Counted:
    """Counts the computations of a function."""

    def __init__(self):
        self.calls = []

    def __call__(self, *args):
        self.calls.append(args)


counted = Counted()  # a global: what a function closes over is part of its key


@pytest.fixture(autouse=True)
def nothing_counted():
    counted.calls.clear()


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
    @neve.memo(cache)
    def give(number):
        counted(number)
        return value

    first, second = give(1), give(1)
    assert len(counted.calls) == 1
    assert same(first, value) and same(second, value)


def test_values_that_differ_have_different_keys(cache):
    @neve.memo(cache)
    def f(value):
        return 0

    odd = [1, 1.0, "1", (1,), [1], {"1": 1}, np.float64(1), np.array(1.0), np.array([1.0]), 1 + 0j, b"1"]
    keys = [f.key(value) for value in VALUES + odd]
    assert len(set(keys)) == len(keys)


def test_all_ways_of_giving_an_argument_are_one_call(cache):
    @neve.memo(cache, ignore=["verbose"])
    def f(a, b=2, *, c=3, verbose=False):
        counted(a)
        return a + b + c

    assert f(1) == f(1, 2) == f(a=1, b=2) == f(1, c=3) == f(1, verbose=True) == 6
    assert len(counted.calls) == 1
    with pytest.raises(TypeError, match="missing"):
        f()
    with pytest.raises(TypeError):
        f(1, 2, 3, 4)
    with pytest.raises(TypeError):
        f(1, a=1)


def test_variable_arguments_count(cache):
    @neve.memo(cache)
    def f(*args, **kwargs):
        counted()
        return list(args) + sorted(kwargs.items())

    assert f(1, 2, x=3) == f(1, 2, x=3) == [1, 2, ("x", 3)]
    assert f(1, [2]) != f(1, 2)
    assert len(counted.calls) == 3


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


def test_another_version_source_or_dependency_is_another_call(tmp_path):
    def make(version, body, depends):
        path = tmp_path / "module.py"
        path.write_text(f"def f(x):\n    return {body}\n")
        import linecache

        linecache.clearcache()
        namespace = {"__name__": "module"}
        exec(compile(path.read_text(), str(path), "exec"), namespace)
        return neve.memo(tmp_path / "cache", version=version, depends=depends)(namespace["f"])

    base = make("1", "x", []).key(1)
    assert make("1", "x", []).key(1) == base
    assert len({base, make("2", "x", []).key(1), make("1", "x + 0", []).key(1), make("1", "x", [np]).key(1)}) == 4
    assert make("1", "x", {"table": [1]}).key(1) != make("1", "x", {"table": [2]}).key(1)


def test_what_a_function_closes_over_is_part_of_the_key(cache):
    def make(factor):
        @neve.memo(cache)
        def f(x):
            return factor * x

        return f

    assert (make(2)(1), make(3)(1), make(2)(1)) == (2, 3, 2)


def test_a_variable_that_changes_around_a_function_changes_the_key(cache):
    factor = 2

    @neve.memo(cache)
    def f(x):
        return factor * x

    assert f(1) == 2
    factor = 3
    assert f(1) == 3


def test_generators_and_coroutines_are_refused(cache):
    async def later():
        return 1

    with pytest.raises(neve.InvalidArgumentError, match="coroutine"):
        neve.memo(cache)(later)


def test_functions_are_arguments_by_their_source(cache):
    @neve.memo(cache)
    def apply(function, x):
        counted()
        return function(x)

    def double(x):
        return 2 * x

    def triple(x):
        return 3 * x

    assert (apply(double, 1), apply(triple, 1), apply(double, 1), apply(np.sin, 0.0)) == (2, 3, 2, 0.0)
    assert len(counted.calls) == 3


def test_two_lambdas_in_one_line_are_two_functions(cache):
    @neve.memo(cache)
    def apply(function, x):
        return function(x)

    assert [apply(f, 1) for f in (lambda x: x + 1, lambda x: x + 2)] == [2, 3]
    one, two = neve.memo(cache)(lambda x: x + 1), neve.memo(cache)(lambda x: x + 2)
    assert (one(1), two(1)) == (2, 3)


@pytest.mark.parametrize(
    ("argument", "place"),
    [
        (Opaque(), "'x' is a Opaque"),
        ({"model": {"layers": [1, Opaque()]}}, r"'x.model.layers\[1\]' is a Opaque"),
        (Fiber(1.0, [Opaque()]), r"'x.fields.betas\[0\]' is a Opaque"),
        (np.array([None]), "'x': dtype '|O'"),
        (np.ma.array([1]), "'x' is a MaskedArray"),
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


def test_an_exception_is_the_callers_and_is_not_kept(cache):
    @neve.memo(cache)
    def f(x):
        counted()
        raise KeyError("mine")

    for _ in range(2):
        with pytest.raises(KeyError, match="mine"):
            f(1)
    assert len(counted.calls) == 2


@pytest.mark.parametrize("given", [functools.partial(max, 1), np.vectorize(abs), counted])
def test_what_is_no_function_is_refused_by_name(cache, given):
    with pytest.raises(neve.InvalidArgumentError, match=f"not of a .*{type(given).__name__}"):
        neve.memo(cache, version="1", source=False)(given)


def test_verify_names_a_function_that_is_not_deterministic(cache):
    calls = Counted()

    @neve.memo(cache, verify=1.0)
    def steady(x):
        return np.arange(x)

    def unsteady(x):
        calls()
        return len(calls.calls)

    kept = neve.memo(cache, version="1", verify=1.0, source=False)(_without_closure(unsteady, calls))
    steady(3), steady(3)
    assert steady.stats()["verified"] == 1 and steady.stats()["not_deterministic"] == 0
    kept(1)
    with pytest.warns(neve.NotDeterministicWarning, match="unsteady is not deterministic"):
        kept(1)


def _without_closure(function, calls):
    import types

    namespace = {"calls": calls, "len": len}
    source = "def unsteady(x):\n    calls()\n    return len(calls.calls)\n"
    exec(source, namespace)
    made = namespace["unsteady"]
    assert isinstance(made, types.FunctionType)
    made.__module__ = function.__module__
    return made


def test_without_source_a_version_is_asked_for(cache):
    namespace = {"__name__": "somewhere"}
    exec("def f(x): return x", namespace)
    with pytest.raises(neve.InvalidArgumentError, match="source=False"):
        neve.memo(cache)(namespace["f"])
    with pytest.raises(neve.InvalidArgumentError, match="needs a version"):
        neve.memo(cache, source=False)(namespace["f"])
    assert neve.memo(cache, version="1", source=False)(namespace["f"])(3) == 3


def test_a_call_of_itself_with_the_same_arguments_is_an_error_and_recursion_is_not(cache):
    @neve.memo(cache)
    def fib(n):
        return n if n < 2 else fib(n - 1) + fib(n - 2)

    @neve.memo(cache)
    def loop(n):
        return loop(n)

    assert fib(20) == 6765
    with pytest.raises(neve.InvalidArgumentError, match="called itself"):
        loop(1)


ASKING = threading.Semaphore(0)


def test_threads_compute_a_call_once(cache):
    @neve.memo(cache, depends={"n": 1})
    def f(x):
        memo_functions.computed_in(x, "once")
        for _ in range(6):
            ASKING.acquire()
        return 1

    def work():
        ASKING.release()
        assert f(x) == 1

    import tempfile

    with tempfile.TemporaryDirectory() as x:
        threads = [threading.Thread(target=work) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert pathlib.Path(x, "computed").read_text() == "once\n"


def test_call_computes_anew_and_clear_forgets_this_function_only(cache):
    @neve.memo(cache)
    def f(x):
        counted()
        return x

    @neve.memo(cache)
    def g(x):
        return x

    f(1), g(1)
    assert f.call(1) == 1
    assert len(counted.calls) == 2
    assert f.clear() == 1
    assert not f.check_call_in_cache(1) and g.check_call_in_cache(1)


def test_methods_take_their_object_into_the_key(cache):
    class Model:
        def __init__(self, n):
            self.n = n

        @neve.memo(cache)
        def run(self, x):
            return self.n * x

    with pytest.raises(neve.UnsupportedError, match="'self' is a"):
        Model(2).run(3)


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
