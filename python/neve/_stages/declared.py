"""Settings that are dataclasses or members of enums: JSON for the key, and made of JSON again, by what they are annotated as.

The key says the fields of a dataclass and the name of a member, and no class: that is what the annotation is for, which is
source and counts by the stage's version. So a value must be exactly of the class that it is annotated as.
"""

from __future__ import annotations

import contextlib
import enum
import functools
import inspect
import sys
import types
import typing
from dataclasses import fields, is_dataclass, replace
from typing import Any

from neve import _neve
from neve._code.hints import asked_late, is_alias
from neve._code.objects import is_foreign
from neve._stages.around import data_of_class
from neve._stages.stage import number_of
from neve._values.describe import describe
from neve._values.fields import cached_of, slots_of
from neve._values.type_names import is_known_by_name
from neve.errors import InvalidArgumentError, UnsupportedError


def declared_by(owner: Any) -> dict[str, Any]:
    """What a dataclass or a function annotates as a dataclass or an enum, or as that or None, by name. Not what cannot be
    evaluated, as an annotation that names a local class."""
    return _declared_by(owner)


@functools.lru_cache(256)  # a sweep asks for every point
def _declared_by(owner: Any) -> dict[str, Any]:
    return {name: kind for name, hint in _hints_of(owner).items() if (kind := _class_in(hint)) is not None}


def classes_declared_by(owner: Any) -> list[type]:
    """The classes of the user's own that the annotations of a function or a class name, those within others too, and those
    that these name in turn."""
    found: dict[type, None] = {}
    pending = _annotations_of(owner)
    while pending:
        hint = pending.pop()
        pending += [*typing.get_args(hint), *([asked_late(hint, "__value__")] if is_alias(hint) else ())]
        if isinstance(hint, type) and hint not in found and not is_foreign(hint):
            found[hint] = None
            pending += _annotations_of(hint)
    return list(found)


def _annotations_of(owner: Any) -> list[Any]:
    """A pydantic model has evaluated its own."""
    if isinstance(owner, type) and isinstance(model := getattr(owner, "model_fields", None), dict):
        return [each.annotation for each in model.values()]
    return list(_hints_of(owner).values())


def _hints_of(owner: Any) -> dict[str, Any]:
    """Annotations by name, those that can be evaluated: others may name what is imported under `if TYPE_CHECKING`."""
    try:
        return typing.get_type_hints(owner)
    except Exception:  # an annotation may be any text
        return {name: hint for each in _annotated(owner) for name, hint in _hints_one_by_one(each).items()}


def _annotated(owner: Any) -> tuple[Any, ...]:
    return owner.__mro__[::-1] if isinstance(owner, type) else (inspect.unwrap(owner),)


def _hints_one_by_one(owner: Any) -> dict[str, Any]:
    variables = getattr(owner, "__globals__", None) or getattr(sys.modules.get(owner.__module__), "__dict__", {})
    found: dict[str, Any] = {}
    for name, annotation in (asked_late(owner, "__annotations__") or {}).items():
        holder: Any = types.SimpleNamespace(__annotations__={name: annotation})
        with contextlib.suppress(Exception):
            found |= typing.get_type_hints(holder, variables)
    return found


_PLAIN = (bool, int, float, str, list, dict, type(None))


def said(value: Any, kind: Any, place: str) -> Any:
    """The JSON of a value declared as a `kind`, a dataclass or an enum; of one declared otherwise (None), the value as it is.
    Raises UnsupportedError, naming the place, for a dataclass or a member whose class the annotation does not say, or that
    the key would not see all of."""
    if kind is None:
        if type(value) in _PLAIN:
            return value
        if isinstance(value, enum.Enum) or _is_record(value):
            raise UnsupportedError(
                f"{place} is a {type(value).__qualname__}, and neither its annotation nor its key would say so; annotate it as "
                "that class, or as that or None, where its name is known"
            )
        return number_of(value)
    if value is None:
        return None
    if type(value) is not kind:
        raise UnsupportedError(f"{place} is {value!r}, and annotated as {kind.__qualname__}; give one of these")
    if not is_known_by_name(kind):
        raise UnsupportedError(
            f"{place} is of the class {kind.__qualname__}, to which its name does not lead; put it into a module"
        )
    for name in (*_around(kind), *(() if isinstance(value, enum.Enum) else sorted(hidden_in(value)))):
        raise UnsupportedError(f"{place} has {name}, which would not enter its key; make it a field")
    if isinstance(value, enum.Enum) and kind.__members__.get(value.name) is not value:
        raise UnsupportedError(f"{place} is {value!r}, which has no name of its own; give a member with a name")
    return value.name if isinstance(value, enum.Enum) else fields_said(value, place)


def said_of_itself(value: Any, place: str) -> Any:
    """The JSON of a value for a setting that is annotated elsewhere. Raises as `said`."""
    return said(value, _class_in(type(value)), place)


def fields_said(value: Any, place: str) -> dict[str, Any]:
    """The JSON of a dataclass's arguments. Raises as `said`."""
    kinds = declared_by(type(value))
    return {
        each.name: said(getattr(value, each.name), kinds.get(each.name), f"{place}.{each.name}")
        for each in fields(value)
        if each.init
    }


def made(value: Any, kind: Any, place: str) -> Any:
    """What `said` gave the JSON of. Raises InvalidArgumentError for a name that is none, UnsupportedError for a dataclass that
    makes something else of its arguments."""
    if kind is None or value is None:
        return value
    if issubclass(kind, enum.Enum):
        if not isinstance(value, str) or value not in kind.__members__:
            raise InvalidArgumentError(f"{place} is {value!r}; it is one of {', '.join(kind.__members__)}")
        return kind[value]
    names = [each.name for each in fields(kind) if each.init]
    if not isinstance(value, dict) or not set(value) <= set(names):
        raise InvalidArgumentError(f"{place} is {value!r}; it has {', '.join(names)}")
    kinds = declared_by(kind)
    whole = kind(**{name: made(each, kinds.get(name), f"{place}.{name}") for name, each in value.items()})
    came_out = said(whole, kind, place)
    for name, each in value.items():
        if _neve.compact_json(came_out[name]) != _neve.compact_json(each):
            raise UnsupportedError(
                f"{place}, made with {name}={each!r}, has {came_out[name]!r}, of which its key would not be made; keep what is "
                "made of it in a property or a field(init=False)"
            )
    return whole


def hidden_in(value: Any) -> set[str]:
    """What a dataclass has that is not said by its arguments."""
    kept = (set(getattr(value, "__dict__", ())) | slots_of(value)) - {each.name for each in fields(value)}
    return (kept - cached_of(value) if kept else kept) | set_later(value)


def set_later(given: Any) -> set[str]:
    """Fields of a dataclass that are no arguments of it, and are not what the arguments make of them."""
    derived = [each.name for each in fields(given) if not each.init]
    if not derived:
        return set()
    try:
        again = replace(given)
        return {
            name
            for name in derived
            if _neve.value_digest(getattr(again, name), describe) != _neve.value_digest(getattr(given, name), describe)
        }
    except Exception:  # it cannot be made again, or such a field compared
        return set(derived)


def _around(kind: Any) -> tuple[str, ...]:
    return _around_of(kind)


@functools.lru_cache(256)
def _around_of(kind: type) -> tuple[str, ...]:
    return tuple(data_of_class(kind))


def _class_in(hint: Any) -> Any:
    """The dataclass or enum that an annotation is, or that or None; None if it is something else."""
    union = typing.get_origin(hint) in (typing.Union, types.UnionType)
    kinds = [each for each in (typing.get_args(hint) if union else (hint,)) if each is not type(None)]
    if len(kinds) != 1 or not isinstance(kinds[0], type):
        return None
    return kinds[0] if issubclass(kinds[0], enum.Enum) or is_dataclass(kinds[0]) else None


def _is_record(value: Any) -> bool:
    return is_dataclass(value) and not isinstance(value, type)
