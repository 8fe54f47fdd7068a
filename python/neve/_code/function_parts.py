"""What a function is, as a part of a key: its text or its code, and what is in it and on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from neve._code.attributes import attributes_of
from neve._code.compiled import code_digest
from neve._code.functions import closure_of
from neve._code.source import qualified_name, source_digest
from neve.errors import InvalidArgumentError

if TYPE_CHECKING:
    import types


def function_parts(function: types.FunctionType) -> dict[str, Any]:
    """What a function is, without the global variables that it reads."""
    return dict(sorted({**parts_by_text(function), "code": code_digest(function)}.items()))


def parts_by_text(function: types.FunctionType) -> dict[str, Any]:
    """The same by its text where there is one that says it all. Compiled code differs between versions of Python."""
    source = _source_or_none(function)
    told = {} if source is not None and function.__name__ != "<lambda>" else {"code": code_digest(function)}
    return {
        **given_attributes(function),
        **told,
        "closure": closure_of(function),
        "defaults": [list(function.__defaults__ or ()), dict(function.__kwdefaults__ or {})],
        "name": qualified_name(function),
        "source": source,
    }


def given_attributes(function: Any) -> dict[str, Any]:
    """For the parts: nothing if nobody has set any."""
    attributes = attributes_of(function)
    return {"attributes": attributes} if attributes else {}


def _source_or_none(function: types.FunctionType) -> str | None:
    """What made no text, as dataclasses do, is all in its code."""
    try:
        return source_digest(function)
    except InvalidArgumentError:
        return None
