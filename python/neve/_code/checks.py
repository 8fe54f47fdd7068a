"""Whether what was looked at is still what it was, without looking into it again."""

from __future__ import annotations

import collections
import enum
import functools
import itertools
import operator
import re
import types
import typing
from typing import TYPE_CHECKING, Any

from neve._code.attributes import is_of_tools
from neve._code.class_parts import LEFT_OUT
from neve._code.functions import has_identity
from neve._code.hints import asked_late
from neve._code.objects import is_foreign, is_observer
from neve._values.fields import attributes_of_member

if TYPE_CHECKING:
    from collections.abc import Mapping

MISSING = object()
NOTHING: Mapping[str, Any] = types.MappingProxyType({})
_REPEATED = itertools.repeat(MISSING)
_get, _is, _values_of = dict.get, operator.is_, operator.methodcaller("values")


class Checks:
    """Places and the objects that were found there. They hold as long as each place has the same object."""

    __slots__ = (
        "_apart",
        "_attributes",
        "_contents",
        "_counted",
        "_counts",
        "_covered",
        "_known",
        "_mappings",
        "_members",
        "_names",
        "_objects",
        "_sizes",
        "_values",
        "_variables",
    )

    def __init__(self) -> None:
        self._apart = NOTHING
        self._variables: list[dict[str, Any]] = []
        self._names: list[str] = []
        self._values: list[Any] = []
        self._objects: list[Any] = []
        self._attributes: list[str] = []
        self._contents: list[Any] = []
        self._counted: list[Mapping[str, Any]] = []
        self._counts: list[int] = []
        self._mappings: list[Mapping[str, Any]] = []
        self._sizes: list[int] = []
        self._members: list[Any] = []
        self._known: set[tuple[int, str]] = set()
        self._covered: dict[int, Any] = {}  # by id; the objects live as long as it does

    def hold(self) -> bool:
        """Asked in each call, so without a loop in Python."""
        variables = self._variables
        if variables and not all(map(_is, map(_get, variables, self._names, _REPEATED), self._values)):
            return False
        if self._objects:
            try:
                if not all(map(_is, map(getattr, self._objects, self._attributes), self._contents)):
                    return False
            except (AttributeError, ValueError):  # it has none any more; a cell that was emptied
                return False
        if list(map(len, self._counted)) != self._counts:
            return False
        mappings = self._mappings
        if not mappings:
            return True
        members = itertools.chain.from_iterable(map(_values_of, mappings))
        return list(map(len, mappings)) == self._sizes and all(map(_is, members, self._members))

    def variable(self, variables: dict[str, Any], name: str, value: Any) -> None:
        if (id(variables), name) not in self._known:
            self._known.add((id(variables), name))
            self._variables.append(variables)
            self._names.append(name)
            self._values.append(value)

    def attribute(self, owner: Any, name: str, value: Any) -> None:
        if (id(owner), name) not in self._known:
            self._known.add((id(owner), name))
            self._objects.append(owner)
            self._attributes.append(name)
            self._contents.append(value)

    def mapping(self, mapping: Mapping[str, Any]) -> None:
        members = tuple(mapping.values())
        self._mappings.append(mapping)
        self._sizes.append(len(members))
        self._members.extend(members)

    def cover(self, value: Any, apart: Mapping[str, Any] = NOTHING) -> bool:
        """Has these checks notice whatever may change about a value. False for what somebody may write into unseen, as a
        list, an array, an object. `apart`: members of the class that it is, of which only is noticed which they are."""
        before = len(self._covered)
        self._apart = apart
        if self._cover(value):
            return True
        while len(self._covered) > before:  # that one of them is part of another may have been taken for granted
            self._covered.popitem()
        return False

    def _cover(self, value: Any) -> bool:
        kind = type(value)
        if kind in _FIXED or kind.__module__ in _FIXED_MODULES:
            return True
        if kind in (tuple, frozenset):
            return all(map(self._cover, value))
        if id(value) in self._covered:
            return True
        self._covered[id(value)] = value
        if has_identity(value) and hasattr(value, "_keys"):
            return self._cover_memo(value)
        if is_foreign(value) or is_observer(value) or isinstance(value, _DESCRIPTORS):
            return True
        if kind is types.FunctionType:
            return self._cover_function(value)
        if kind is functools._lru_cache_wrapper:
            self.attribute(value, "__wrapped__", value.__wrapped__)
            return self._cover_attributes(value) and self._cover(value.__wrapped__)
        if isinstance(value, type):
            return self._cover_class(value)
        if isinstance(value, enum.Enum):
            self.mapping(vars(value))
            return all(map(self._cover, (value._value_, *attributes_of_member(value).values())))
        if kind.__module__ == "typing":
            return all(self._cover(asked_late(value, name, [])) for name in _PARTS_OF_HINTS)  # a list may change
        if kind in (staticmethod, classmethod):
            return self._cover(value.__func__)
        if kind is property:
            return all(map(self._cover, (value.fget, value.fset, value.fdel)))
        return kind is functools.cached_property and self._cover(value.func)

    def _cover_function(self, function: types.FunctionType) -> bool:
        self.attribute(function, "__code__", function.__code__)
        self.attribute(function, "__defaults__", function.__defaults__)
        self.attribute(function, "__kwdefaults__", function.__kwdefaults__)
        defaults: dict[str, Any] = function.__kwdefaults__ or {}
        for name, value in defaults.items():
            self.variable(defaults, name, value)
        if function.__globals__.get("__name__") in ("dataclasses", "reprlib") and function.__code__.co_name == "wrapper":
            return self._cover_attributes(function)  # of a `__repr__`, which closes over a set of its own besides
        given = (*(function.__defaults__ or ()), *defaults.values())
        return self._cover_attributes(function) and all(map(self._cover, given)) and self._cover_closure(function)

    def _cover_closure(self, function: types.FunctionType) -> bool:
        for cell in function.__closure__ or ():
            try:
                content = cell.cell_contents
            except ValueError:
                return False
            self.attribute(cell, "cell_contents", content)
            if not self._cover(content):
                return False
        return True

    def _cover_attributes(self, function: Any) -> bool:
        self._counted.append(vars(function))  # Python and its tools set some once, the user may set others
        self._counts.append(len(vars(function)))
        wrapped = vars(function).get("__wrapped__")
        if type(wrapped) is types.FunctionType and not self._cover(wrapped):
            return False
        return all(map(is_of_tools, vars(function)))

    def _cover_class(self, kind: type) -> bool:
        apart, self._apart = self._apart, NOTHING
        if hasattr(kind, "__pydantic_fields__") or hasattr(kind, "__fields__"):
            return False
        self.mapping(vars(kind))
        self.attribute(kind, "__bases__", kind.__bases__)
        for name, member in list(vars(kind).items()):
            if name in ("__annotations__", "__dataclass_fields__") and type(member) is dict:
                self.mapping(member)
            elif name not in LEFT_OUT and name not in _MADE_ONCE and name not in apart and not self._cover(member):
                return False
        return all(map(self._cover, (*kind.__bases__, type(kind))))

    def _cover_memo(self, memo: Any) -> bool:
        keys = memo._keys
        self.attribute(memo, "_keys", keys)
        return self._cover_attributes(memo) and keys.stands_alone() and self._cover(memo.func)


_NO_DEFAULT = getattr(typing, "NoDefault", None)  # which type variables have since Python 3.13
_FIXED = (bool, int, float, complex, str, bytes, type(None), range, type(Ellipsis), re.Pattern, object, type(_NO_DEFAULT))
_FIXED_MODULES = frozenset("dataclasses datetime decimal fractions pathlib pathlib._local uuid".split())
_PARTS_OF_HINTS = "__origin__ __args__ __metadata__ __bound__ __constraints__ __default__ __value__".split()
_MADE_ONCE = ("__dataclass_params__", "__match_args__", "_field_defaults")
_DESCRIPTORS = (
    types.GetSetDescriptorType,
    types.MemberDescriptorType,
    types.WrapperDescriptorType,
    types.MethodDescriptorType,
    types.ClassMethodDescriptorType,
    types.DynamicClassAttribute,
    type(vars(collections.namedtuple("Pair", "first"))["first"]),
)
