"""`neve.memo`: what pydantic checks arguments by, in `validate_call` and TypeAdapters, counts, without a warning."""

import pytest

from memo_functions import kept

pytest.importorskip("pydantic")

PROGRAM = """
FUTURE
import typing
import pydantic
N = 1
LIMIT = 5
def doubled(x):
    return 2 * x
Bounded = typing.Annotated[int, pydantic.Field(lt=LIMIT), pydantic.AfterValidator(doubled)]

@pydantic.validate_call(config={'strict': False})
def called(x: Bounded, y: int = 3) -> int:
    return x * N + y

ADAPTER = pydantic.TypeAdapter(list[Bounded])

def f(x):
    try:
        return [called(x), called('4'), ADAPTER.validate_python([x])]
    except ValueError:
        return 'refused'
"""
EDITS = [("LIMIT = 5", "LIMIT = 4"), ("N = 1", "N = 2"), ("return 2 * x", "return 3 * x"), ("y: int = 3", "y: int = 6")]
EDITS += [("'strict': False", "'strict': True")]


@pytest.mark.parametrize("future", ["", "from __future__ import annotations"])
def test_what_a_call_is_checked_by_counts(cache, world, future):
    text = PROGRAM.replace("FUTURE", future)
    f = kept(cache, world("main", text).f)
    before = f(2)
    assert f(2) == before == f.func(2) and f.stats()["hits"] == 1
    for edit in EDITS:
        edited = kept(cache, world("main", text.replace(*edit)).f)
        assert edited(2) == edited.func(2) != before
    again = kept(cache, world("main", text).f)
    assert again(2) == before and again.stats()["hits"] == 1


@pytest.mark.parametrize("future", ["", "from __future__ import annotations"])
def test_so_it_does_where_the_checked_function_is_the_one_that_is_kept(cache, world, future):
    text = PROGRAM.replace("FUTURE", future)
    f = kept(cache, world("main", text).called)
    assert [f(2), f(2)] == [7, 7] and f.stats()["hits"] == 1
    for edit in EDITS:
        edited = kept(cache, world("main", text.replace(*edit)).called)
        assert edited(2) == edited.func(2) and edited.stats()["hits"] == 0
    assert kept(cache, world("main", text).called).check_call_in_cache(2)
