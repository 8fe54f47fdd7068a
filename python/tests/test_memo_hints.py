"""`neve.memo`: what type aliases and type variables stand for counts, where code reads it or a model is declared with it."""

import sys

import pytest

from memo_functions import kept

pytest.importorskip("typing_extensions")

NEEDS_ALIASES = """
import typing
from typing_extensions import TypeAliasType, TypeVar
"""

EDITS = {  # a program, and what is edited in it so that f(3) is another
    "the limit in an alias of a model's field": (
        """
import pydantic
Positive = TypeAliasType('Positive', typing.Annotated[int, pydantic.Field(gt=2)])
class Model(pydantic.BaseModel):
    a: Positive
def f(x):
    try:
        return Model(a=x).a
    except ValueError:
        return 'refused'
""",
        ("gt=2", "gt=5"),
    ),
    "an alias that has itself in it": (
        """
Tree = TypeAliasType('Tree', typing.Union[typing.List['Tree'], typing.Literal[1]])
def f(x):
    return [x, repr(Tree.__value__)]
""",
        ("List['Tree'], typing.Literal[1]", "List['Tree'], typing.Literal[2]"),
    ),
    "an alias of an alias": (
        """
Inner = TypeAliasType('Inner', typing.Literal[1])
Outer = TypeAliasType('Outer', list[Inner])
def f(x):
    return typing.get_args(typing.get_args(Outer.__value__)[0].__value__)[0] * x
""",
        ("Literal[1]", "Literal[2]"),
    ),
    "the default of a type variable": (
        """
T = TypeVar('T', default=typing.Literal[1])
def f(x):
    return typing.get_args(T.__default__)[0] * x
""",
        ("Literal[1]", "Literal[2]"),
    ),
}

EDITS["what a decorator finds in the annotations, as it is called"] = (
    """
import dataclasses, functools
LIMIT = 2
@dataclasses.dataclass
class Below:
    limit: int
def limited(function):
    @functools.wraps(function)
    def inner(x):
        return function(min(x, typing.get_type_hints(function, include_extras=True)['x'].__metadata__[0].limit))
    return inner
@limited
def helper(x: typing.Annotated[int, Below(LIMIT)]):
    return x
def f(x):
    return helper(x)
""",
    ("LIMIT = 2", "LIMIT = 1"),
)
EDITS["an annotation that is read"] = (
    "N = 2\ndef helper(x: N, y: 'Later' = 1):\n    return x\ndef f(x):\n    return x * helper.__annotations__['x']\n",
    ("N = 2", "N = 1"),
)


@pytest.mark.parametrize("name", EDITS)
def test_what_an_alias_stands_for_counts(cache, world, name):
    text, edit = EDITS[name]
    f = kept(cache, world("main", NEEDS_ALIASES + text).f)
    before = f(3)
    assert [f(3), f.stats()["hits"]] == [before, 1]
    edited = kept(cache, world("main", NEEDS_ALIASES + text.replace(*edit)).f)
    assert edited(3) == edited.func(3) != before


STATEMENTS = """
import typing
LIMIT = 1
type Number = typing.Literal[LIMIT]
type Tree = Number | list[Tree]
class Kept[T: Unknown]:
    type Own = dict[str, T]
    limit = typing.get_args(Number.__value__)[0]
    def first[S: (int, Unknown)](self, x: S) -> S:
        return x * LIMIT
def f[T](x: T) -> T:
    return [repr(Tree.__value__), typing.get_args(Number.__value__), Kept().first(x)]
"""


def test_type_statements_and_parameters_count_where_python_has_them(cache, world):
    """In Python 3.12 and later. The names under `TYPE_CHECKING` are never there."""
    if sys.version_info < (3, 12):
        with pytest.raises(SyntaxError):
            compile(STATEMENTS, "main", "exec")
        return
    module = world("main", STATEMENTS)
    f = kept(cache, module.f)
    assert [f(3), f(3)] == [f.func(3)] * 2 and f.stats()["hits"] == 1
    of_class = kept(cache, lambda kind: kind.__name__)
    assert [of_class(module.Kept), of_class(module.Kept)] == ["Kept"] * 2 and of_class.stats()["hits"] == 1
    edited = kept(cache, world("main", STATEMENTS.replace("LIMIT = 1", "LIMIT = 2")).f)
    assert edited(3) == edited.func(3) and edited.func(3)[1:] == [(2,), 6]
    assert edited.stats()["hits"] == 0


def test_the_number_of_a_type_statement_alone_counts_where_python_has_it(cache, world):
    text = "import typing\ntype Number = typing.Literal[1]\ndef f(x):\n    return typing.get_args(Number.__value__)[0] * x\n"
    if sys.version_info < (3, 12):
        with pytest.raises(SyntaxError):
            compile(text, "main", "exec")
        return
    assert kept(cache, world("main", text).f)(3) == 3
    edited = kept(cache, world("main", text.replace("[1]", "[2]")).f)
    assert edited(3) == 6
