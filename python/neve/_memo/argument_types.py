"""The classes of the user's whose objects stand in arguments."""

from __future__ import annotations

import enum
import functools
import types
from itertools import chain
from typing import TYPE_CHECKING, Any

from neve._code.class_members import own_classes
from neve._code.functions import closure_of
from neve._values.describe import is_registered
from neve._values.fields import attributes_of_member, slots_of_class
from neve._values.standard_types import MODULES
from neve._values.type_names import type_path

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterator

_KEPT = 64
_SEQUENCES = frozenset({list, tuple})
_FUNCTIONS = frozenset({types.FunctionType, functools.partial, functools._lru_cache_wrapper})
_HOLD_OBJECTS = frozenset({dict, frozenset, set, types.MappingProxyType}) | _SEQUENCES | _FUNCTIONS
_HAVE_FIELDS = ("__attrs_attrs__", "__pydantic_fields__", "__fields__")
_OF_PLAIN_VALUES = frozenset({"builtins", "numpy"}) | MODULES


class ArgumentTypes:
    """What was found out about classes of arguments. Safe from threads."""

    __slots__ = ("_always", "_holding", "_known")

    def __init__(self, always: tuple[type, ...]) -> None:
        """`always`: classes that are there in each call."""
        self._always = always
        self._known: dict[Hashable, tuple[type, ...] | None] = {}
        self._holding: dict[type, tuple[str, ...] | None] = {}

    def own_among(self, values: Collection[Any]) -> tuple[type, ...]:
        """Those of the user's, in a fixed order, of arguments and of what these hold, however deep. Before them FunctionType if
        there is something to call, whatever that is, which may use of the others what it names itself."""
        given = tuple(map(type, values))
        try:
            known = self._known[given]
        except KeyError:
            known = self._keep(given, None if any(self._slots(each) is not None for each in given) else self._own(given))
        if known is not None:
            return known
        within = self._types_within(values)
        own = self._known.get(within)
        if own is None:
            self._keep(within, own := self._own(within))
        return own

    def _own(self, kinds: Collection[type]) -> tuple[type, ...]:
        own = tuple(sorted({each for each in (*self._always, *kinds) if own_classes(each)}, key=type_path))
        called = any("__call__" in vars(base) for each in kinds if each not in own for base in each.__mro__)
        return (types.FunctionType, *own) if called else own

    def _keep(self, kinds: Hashable, own: tuple[type, ...] | None) -> tuple[type, ...] | None:
        if len(self._known) > _KEPT:  # of classes that are defined again and again
            self._known = {}
        self._known[kinds] = own
        return own

    def _types_within(self, values: Collection[Any]) -> frozenset[type]:
        found: set[type] = set()
        seen: set[int] = set()
        pending: list[Collection[Any]] = [values]
        while pending:
            inside = pending.pop()
            kinds = set(map(type, inside))
            found |= kinds
            if kinds <= _SEQUENCES and seen.isdisjoint(map(id, inside)):  # as a list of pairs, without a loop in Python
                seen.update(map(id, inside))
                pending += [list(chain.from_iterable(inside))] if kinds else []
            elif holding := {each: slots for each in kinds if (slots := self._slots(each)) is not None}:
                for each in inside:
                    if type(each) in holding and id(each) not in seen:
                        seen.add(id(each))
                        pending += _held_by(each, holding[type(each)])
        return frozenset(found)

    def _slots(self, kind: type) -> tuple[str, ...] | None:
        """None if there are no objects in a value of this class, as there are in a list, in what a function closes over; if
        there may be, its slots."""
        try:
            return self._holding[kind]
        except KeyError:
            if len(self._holding) > _KEPT:
                self._holding = {}
            plain = kind.__module__ in _OF_PLAIN_VALUES and kind not in _HOLD_OBJECTS and not own_classes(kind)
            slots = self._holding[kind] = None if plain else tuple(sorted(slots_of_class(kind)))
            return slots


def _held_by(value: Any, slots: tuple[str, ...]) -> Iterator[Collection[Any]]:
    kind = type(value)
    if isinstance(value, (dict, types.MappingProxyType)):
        yield from (list(value), list(value.values()))
    elif isinstance(value, (frozenset, list, set, tuple)):
        yield list(value)
    elif isinstance(value, enum.Enum):
        yield [value._value_, *attributes_of_member(value).values()]
    elif (fields := getattr(kind, "__dataclass_fields__", None)) is not None:
        yield [getattr(value, name, None) for name in fields]
    elif kind in _FUNCTIONS or any(hasattr(kind, each) for each in _HAVE_FIELDS) or is_registered(kind):
        yield [*getattr(value, "__dict__", {}).values(), *(getattr(value, name, None) for name in slots)]
    if isinstance(value, functools.partial):
        yield [value.func, *value.args, *value.keywords.values()]
    elif kind is types.FunctionType:
        yield [*(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values(), *closure_of(value).values()]
