"""What the texts in compiled code name, where they are of a kind that somebody looks names up in."""

from __future__ import annotations

import keyword
import re
import types
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Path = tuple[str, ...]  # `params.N` are the names `params` and `N`


def names_and_texts(code: types.CodeType) -> tuple[set[str], list[str]]:
    """The names of global variables and attributes in the code and all that is nested in it, and its texts."""
    names, texts = set(code.co_names), list(texts_in(code.co_consts))
    for each in code.co_consts:
        if isinstance(each, types.CodeType):
            more_names, more_texts = names_and_texts(each)
            names |= more_names
            texts += more_texts
    return names, texts


def texts_in(values: Any, depth: int = 8) -> Iterator[str]:
    """The texts among values, and in the containers among these, unless there are so many that they are data."""
    for each in values:
        if isinstance(each, str):
            yield each
        elif type(each) in _CONTAINERS and depth and len(each) <= MANY:
            yield from texts_in(each.values() if type(each) is dict else each, depth - 1)


_CONTAINERS = (tuple, frozenset, list, set, dict)
MANY = 1000


def looks_names_up(names: frozenset[str]) -> bool:
    """Whether code with these names may look up what a text names that it is given."""
    return not names.isdisjoint(_LOOK_UP)


def variables_named(variables: frozenset[str], names: frozenset[str], texts: Iterable[str]) -> set[Path]:
    """Paths that lead from global variables, if there are such, in expressions, formulas, queries and format texts.
    `variables`: those of the names that stand alone. A word alone is no expression where only methods evaluate."""
    found: set[str] = set()
    for text in texts:
        evaluated = bool(variables & _EVALUATE) or (bool(names & _EVALUATE) and not text.isidentifier())
        if evaluated and not _is_prose(text):
            found.update(_PATH.findall(text))
        if "globals" in names:
            found.update(_MARKED.findall(text) or ([text] if text.isidentifier() else []))
        if names & _OF_PANDAS:
            found.update(_LOCAL_OF_PANDAS.findall(text))
        if names & _TAKE_SQL:
            found.update(each for tables in _TABLES.findall(text) for each in _PATH.findall(tables))
        if _FORMULA.search(text) and not _is_prose(text):
            found.update(_PATH.findall(text))
    return {tuple(each.split(".")) for each in found}


def _is_prose(text: str) -> bool:
    """Whether two words stand side by side as in no expression. What `model.eval()` has beside it may be a message."""
    return any(not keyword.iskeyword(one) and not keyword.iskeyword(other) for one, other in _SIDE_BY_SIDE.findall(text))


_EVALUATE = frozenset("eval evaluate exec".split())  # of Python, pandas and numexpr
_OF_PANDAS = frozenset("eval query".split())
_TAKE_SQL = frozenset("execute from_query query sql".split())  # duckdb and polars find frames by the names of variables
_PATH = re.compile(r"(?<![\w.])[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_SIDE_BY_SIDE = re.compile(r"\b(\w+)[ \t]+(?=(\w+))")
_LOOK_UP = _EVALUATE | _OF_PANDAS | _TAKE_SQL | {"globals"}
_MARKED = re.compile(r"(?:[{$]\{?|%\()([^\W\d]\w*)")  # "{N:.2f}", "${N}", "%(N)d"
_LOCAL_OF_PANDAS = re.compile(r"@([^\W\d]\w*(?:\.[^\W\d]\w*)*)")
_TABLES = re.compile(r"(?i)\b(?:from|join)\s+([\w.]+(?:\s*,\s*[\w.]+)*)")
_FORMULA = re.compile(r"[\w)\]]\s*~\s*[\w(+-]")  # "y ~ scale(x)", of statsmodels and others


def modules_named(names: frozenset[str], texts: list[str]) -> set[str]:
    """Of `importlib.import_module("params")`, with the dots before it."""
    return {each for each in texts if _MODULE.fullmatch(each)} if names & IMPORT else set()


IMPORT = frozenset({"__import__", "import_module"})
_MODULE = re.compile(r"\.*[^\W\d]\w*(?:\.[^\W\d]\w*)*")


def attributes_named(names: set[str], texts: Iterable[str]) -> set[str]:
    """Names by which an attribute may be read: `getattr(f, "scale")`, `attrgetter("grid.span")`, `"{0.name}".format(x)`."""
    found: set[str] = set()
    for text in texts:
        found.add(text)
        if "." in text:
            found.update(text.split(".") if _MODULE.fullmatch(text) else _AFTER_DOT.findall(text))
        if names & _EVALUATE and not _is_prose(text):
            found.update(name for path in _PATH.findall(text) for name in path.split("."))
    return found


_AFTER_DOT = re.compile(r"\.([^\W\d]\w*)")
