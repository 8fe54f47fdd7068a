"""Warnings about results name the line of the program that asked for them."""

import itertools
import warnings

import pytest

import neve


@pytest.fixture
def kept(cache):
    @neve.memo(cache)
    def opaque():
        return lambda: None

    return opaque


def line_shown(call):
    """The line of the one warning, less the first line of `call`."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call()
    assert [each.filename for each in caught] == [__file__]
    return caught[0].lineno - call.__code__.co_firstlineno


def test_a_result_that_is_not_kept(cache, kept):
    class Owner:
        @neve.memo(cache, ignore=["self"])
        def opaque(self):
            return lambda: None

    owner = Owner()
    assert line_shown(lambda: kept()) == 0
    assert line_shown(lambda: kept.call()) == 0
    assert line_shown(lambda: owner.opaque()) == 0
    assert line_shown(lambda: owner.opaque.call()) == 0
    assert line_shown(lambda: neve.Memory(cache).eval(lambda: kept.func)) == 0


def test_a_hit_that_is_computed_anew(cache):
    numbers = itertools.count()
    neve.register(itertools.count, lambda numbers: None, None, name="tests.count")

    @neve.memo(cache, verify=1.0)
    def unsteady():
        if (number := next(numbers)) == 2:
            raise OSError("away")
        return number

    assert unsteady() == 0
    assert line_shown(lambda: unsteady()) == 0  # another result
    assert line_shown(lambda: unsteady()) == 0  # an exception
