"""The classes of the user's whose objects stand in arguments."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from neve._code.class_members import own_classes
from neve._values.type_names import type_path

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterator

_KEPT = 64
_SEQUENCES = frozenset({list, tuple})
_CONTAINERS = frozenset({dict, frozenset, set}) | _SEQUENCES
_HAVE_FIELDS = ("__dataclass_fields__", "__pydantic_fields__", "__fields__", "_fields")


class ArgumentTypes:
    """What was found out about classes of arguments. Safe from threads."""

    __slots__ = ("_always", "_holding", "_known")

    def __init__(self, always: tuple[type, ...]) -> None:
        """`always`: classes that are there in each call."""
        self._always = always
        self._known: dict[Hashable, tuple[type, ...] | None] = {}
        self._holding: dict[type, bool] = {}

    def own_among(self, values: Collection[Any]) -> tuple[type, ...]:
        """Those of the user's, in a fixed order, of arguments and of what these hold, however deep."""
        given = tuple(map(type, values))
        try:
            known = self._known[given]
        except KeyError:
            known = self._keep(given, None if any(map(self._may_hold_objects, given)) else self._own(given))
        if known is not None:
            return known
        within = self._types_within(values)
        return self._known.get(within) or self._keep(within, self._own(within)) or ()

    def _own(self, kinds: Collection[type]) -> tuple[type, ...]:
        return tuple(sorted({each for each in (*self._always, *kinds) if own_classes(each)}, key=type_path))

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
            elif holding := {each for each in kinds if self._may_hold_objects(each)}:
                for each in inside:
                    if type(each) in holding and id(each) not in seen:
                        seen.add(id(each))
                        pending += _held_by(each)
        return frozenset(found)

    def _may_hold_objects(self, kind: type) -> bool:
        """Whether there may be objects in a value of this class: in a list, or an object of the user's that has fields."""
        known = self._holding.get(kind)
        if known is None:
            if len(self._holding) > _KEPT:
                self._holding = {}
            has_fields = any(hasattr(kind, name) for name in _HAVE_FIELDS)
            known = self._holding[kind] = kind in _CONTAINERS or (has_fields and bool(own_classes(kind)))
        return known


def _held_by(value: Any) -> Iterator[Collection[Any]]:
    if isinstance(value, dict):
        yield from (list(value), list(value.values()))
    elif isinstance(value, (frozenset, list, set, tuple)):
        yield list(value)
    else:
        fields = getattr(type(value), "__dataclass_fields__", None)
        yield [getattr(value, name, None) for name in fields] if fields is not None else list(vars(value).values())
