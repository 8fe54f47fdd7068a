"""`neve.memo`: of a function behind a decorator, the parameters of what runs are what counts."""

import functools

import pytest

import neve


def five_unless_given(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        kwargs.setdefault("y", 5)
        return function(*args, **kwargs)

    return wrapper


def test_a_default_of_the_wrapped_function_is_not_filled_in_for_the_wrapper(cache):
    @neve.memo(cache)
    @five_unless_given
    def f(x, y=2):
        return x * y

    assert [f(1), f(1, y=2), f(1), f(1, y=2)] == [5, 2, 5, 2]


def test_a_wrapper_with_a_default_of_its_own_for_the_same_parameter(cache):
    def wrap(function):
        @functools.wraps(function)
        def wrapper(x, y=5):
            return function(x, y)

        return wrapper

    f = neve.memo(cache)(wrap(lambda x, y=2: x * y))
    assert [f(1), f(1, 2), f(1, 5), f(1, y=5)] == [5, 2, 5, 5]
    assert f.stats()["misses"] == 2


def test_a_wrapper_may_take_a_keyword_of_its_own(cache):
    def wrap(function):
        @functools.wraps(function)
        def wrapper(*args, scale=1, **kwargs):
            return scale * function(*args, **kwargs)

        return wrapper

    f = neve.memo(cache)(wrap(lambda x: x))
    assert [f(2), f(2, scale=3), f(2, scale=1)] == [2, 6, 2]


def test_a_signature_that_is_only_stated_is_not_believed(cache):
    import inspect

    def f(*args):
        return args

    def shown(x, y=2):
        raise AssertionError("never called")

    f.__signature__ = inspect.signature(shown)
    kept = neve.memo(cache)(f)
    assert [kept(1), kept(1, 2)] == [(1,), (1, 2)]


def test_a_parameter_behind_a_decorator_can_be_ignored_by_name(cache):
    @neve.memo(cache, ignore=["verbose"])
    @five_unless_given
    def f(x, y=2, verbose=False):
        return x * y

    assert f.key(1, verbose=True) == f.key(1, verbose=False) == f.key(1)
    with pytest.raises(neve.InvalidArgumentError, match="no parameter 'loud'"):
        neve.memo(cache, ignore=["loud"])(f.func)


def test_a_method_behind_a_decorator_keeps_its_object_first(cache):
    class Scaled:
        factor = 3

        def __init__(self):
            pass

        @five_unless_given
        def run(self, x, y=1):
            return self.factor * x * y

    neve.register(Scaled, lambda scaled: scaled.factor, lambda factor: Scaled(), name="tests.Scaled")
    f = neve.memo(cache)(Scaled().run)
    assert [f(1), f(1, y=1)] == [15, 3]


def test_an_argument_given_twice_is_an_error_as_without_memo(cache):
    f = neve.memo(cache)(lambda x, y=2: (x, y))
    assert f(3) == (3, 2)
    with pytest.raises(TypeError, match="multiple values for argument 'x'"):
        f(3, x=5, y=9)


def test_arguments_that_do_not_fit_name_the_function(cache):
    @neve.memo(cache)
    def spectrum(x, y=2):
        return x * y

    for args, kwargs in [((1, 2, 3), {}), ((), {}), ((1,), {"z": 3})]:
        with pytest.raises(TypeError, match=r"spectrum\(\): "):
            spectrum(*args, **kwargs)
