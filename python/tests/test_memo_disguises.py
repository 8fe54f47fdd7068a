"""Objects that pass for others: proxies, and wrappers such as wrapt's, of which `isinstance` says that they are functions."""

import functools
import unittest.mock
import weakref

import pytest

import neve
from memo_functions import Grid


class Wrapper:
    """As wrapt's: it says that it is of the class of what it wraps, and has all that has."""

    def __init__(self, wrapped, factor):
        self.__dict__.update(of=wrapped, factor=factor)

    @property
    def __class__(self):
        return type(self.of)

    def __getattr__(self, name):
        return getattr(self.of, name)

    def __call__(self, *args, **kwargs):
        return self.factor * self.of(*args, **kwargs)

    def __get__(self, instance, owner):
        return self if instance is None else Wrapper(self.of.__get__(instance, owner), self.factor)


class Anything:
    """As a proxy of another process: there is no name that it has not."""

    def __init__(self, number):
        self.__dict__["number"] = number

    def __getattr__(self, name):
        return lambda *args, **kwargs: {}


def plain(x=1):
    return x


def test_a_wrapper_that_passes_for_a_function_is_refused_with_the_remedy(cache):
    for wrapped in (plain, functools.lru_cache(plain)):
        with pytest.raises(
            neve.InvalidArgumentError, match="not of a Wrapper, whose content it could not see; define a function"
        ):
            neve.memo(cache)(Wrapper(wrapped, 2))
    with pytest.raises(neve.InvalidArgumentError, match="not of a Wrapper"):
        neve.memo(cache)(functools.lru_cache(Wrapper(plain, 2)))


def seen(x):
    return 1


class Scaled:
    run = Wrapper(plain, 2)
    make = classmethod(Wrapper(plain, 2))


DISGUISES = {
    "function": lambda: Wrapper(plain, 2),
    "a method of a class": lambda: Scaled,
    "number": lambda: Wrapper(1, 2),
    "class": lambda: Wrapper(Grid, 2),
    "object": lambda: Wrapper(Grid(), 2),
    "mock": lambda: unittest.mock.Mock(spec=Grid),
    "of any name": lambda: Anything(1),
    "of any name and class": lambda: Wrapper(Anything(1), 2),
    "weak": lambda: weakref.proxy(plain),
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_what_passes_for_something_else_has_no_key(cache, disguise):
    f = neve.memo(cache)(seen)
    for given in (DISGUISES[disguise](), [{"in": DISGUISES[disguise]()}]):
        with pytest.raises(neve.UnsupportedError, match="'x"):
            f.key(given)


def test_a_codec_may_say_what_a_proxy_is(cache, monkeypatch):
    from neve._values import describe

    monkeypatch.setattr(describe, "_registered", dict(describe._registered))
    monkeypatch.setattr(describe, "_restorers", dict(describe._restorers))
    neve.register(Anything, lambda proxy: proxy.__dict__["number"], None)
    f = neve.memo(cache)(seen)
    assert f.key(Anything(1)) != f.key(Anything(2))


def test_a_stage_behind_a_wrapper_is_refused():
    stage = neve.stage("lab.wrapped", version="1")(Wrapper(lambda: {"x": 1}, 2))
    with pytest.raises(neve.UnsupportedError, match="is called on a Wrapper, whose content would not enter its key"):
        neve.Pipeline("p").add("a", stage)
