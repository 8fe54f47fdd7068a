"""`neve.memo`: what is a hit, what is not, and what is refused."""

import functools
import pathlib
import threading

import numpy as np
import pytest

import memo_functions
import neve
from memo_functions import Counted, counted


@pytest.fixture(autouse=True)
def nothing_counted():
    counted.calls.clear()


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


async def _later():
    return 1


async def _later_and_later():
    yield 1


def _one_after_another():
    yield 1


@pytest.mark.parametrize("function", [_later, _later_and_later, _one_after_another])
def test_generators_and_coroutines_are_refused(cache, function):
    for given in (function, functools.lru_cache(function)):
        with pytest.raises(neve.InvalidArgumentError, match="coroutine or generator"):
            neve.memo(cache)(given)


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
