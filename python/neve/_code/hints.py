"""Annotations as parts of a key."""

from __future__ import annotations

import dataclasses
import types
import typing
from typing import Any

from neve._code.packages import is_pythons_own, version_of_package
from neve._code.source import found_by_name, qualified_name


class Part:
    """What stands for something in a key: a tag, and content that is described in its turn. `function`: which it is of."""

    def __init__(self, tag: str, content: Any, function: types.FunctionType | None = None) -> None:
        self.tag, self.content, self.function = tag, content, function


def describe_hint(value: Any) -> tuple[str, Any] | None:
    """`list[int]`, `int | None`, a type variable; None if it is none of these."""
    if type(value) is Part:
        return value.tag, value.content
    if is_alias(value):
        parameters = [hint(each) for each in value.__type_params__]
        return "class", {"alias": str(value), "of": [hint(asked_late(value, "__value__")), parameters]}  # may have itself in it
    generic = typing.get_origin(value) is not None or isinstance(value, (typing.TypeVar, types.GenericAlias))
    if not generic and type(value).__module__ not in ("typing", "typing_extensions"):
        return None
    found = hint(value)
    return (found.tag, found.content) if type(found) is Part else None


def is_alias(value: Any) -> bool:
    """Whether it was made by a `type` statement. `list[int]` where `list` has a parameter is generic besides."""
    return type(value).__name__ == "TypeAliasType" and type(value).__module__ in ("typing", "typing_extensions")


def asked_late(value: Any, name: str, unknown: Any = None) -> Any:
    """What Python works out when it is first asked for; `unknown` where it cannot: a name in it is not there yet, or stands
    under `if TYPE_CHECKING`."""
    try:
        return getattr(value, name, None)
    except Exception:
        return unknown


def hint(value: Any) -> Any:
    """An annotation, for the encoder. Other things of Python's and of installed packages count by what they print, unless
    that has an address in it; what a user's class prints may leave out anything."""
    if value is None or value is Ellipsis or isinstance(value, (str, bool, int, float, bytes)):
        return value
    if isinstance(value, (list, tuple)):
        return [hint(each) for each in value]
    origin = typing.get_origin(value)
    if origin is not None and origin is not value:  # Generic is its own
        arguments = [hint(each) for each in typing.get_args(value)]
        return Part("generic", [hint(origin), arguments, type(value).__name__])  # typing.List[int] is not list[int]
    if isinstance(value, type) or is_alias(value):
        return value
    if isinstance(value, typing.ForwardRef):
        return value.__forward_arg__
    if isinstance(value, dataclasses.InitVar):
        return Part("InitVar", hint(value.type))
    if isinstance(value, typing.TypeVar):
        limits = [hint(asked_late(value, name)) for name in ("__bound__", "__constraints__")]
        default = [hint(asked_late(value, "__default__"))] if getattr(value, "has_default", bool)() else []
        return Part("TypeVar", [repr(value), *limits, *default])
    if hasattr(value, "__supertype__"):
        return Part("NewType", [value.__qualname__, hint(value.__supertype__)])
    if isinstance(value, types.FunctionType):
        own = is_pythons_own(value.__module__) and found_by_name(value.__module__, value.__qualname__) is value
        return Part("builtin", qualified_name(value)) if own else value
    text = repr(value)
    return Part("hint", text) if " at 0x" not in text and _prints_all(type(value)) else value


def _prints_all(kind: type) -> bool:
    return is_pythons_own(kind.__module__) or version_of_package(kind.__module__) is not None


def hints_of(function: Any) -> dict[str, Any]:
    """What a function's parameters and its result are annotated with; as texts what stands under `if TYPE_CHECKING`."""
    plain = getattr(function, "func", function)
    try:
        found = typing.get_type_hints(plain, include_extras=True)
    except Exception:  # what anybody may write there
        found = dict(asked_late(plain, "__annotations__") or {})
    return {name: hint(each) for name, each in sorted(found.items())}
