"""What is met while a value is described: functions and classes, whose own surroundings count."""

from __future__ import annotations

import functools
import types
from typing import Any

from neve import _neve
from neve._code.attributes import attributes_of
from neve._code.class_members import data_of
from neve._code.class_parts import class_parts
from neve._code.function_parts import function_parts, parts_by_text
from neve._code.functions import closure_of, has_identity
from neve._code.hints import Part, describe_hint
from neve._code.objects import (
    foreign_name,
    functions_behind,
    is_observer,
    is_of_own_class,
    name_in_its_package,
    names_brought,
    standard_form,
)
from neve._code.own_objects import content_of, functions_around
from neve._code.packages import is_own, variables_of
from neve._code.source import qualified_name
from neve._values.describe import describe
from neve._values.type_names import type_path
from neve.errors import Error


class Met:
    """Describes what stands in global variables, for the encoder, and notes what it has met. What has no exact form is
    left out and noted, too. `strict`: describes as `neve._values.describe` does, and refuses what that refuses,
    except what only watches."""

    def __init__(self, strict: bool = False, apart: Any = None) -> None:
        """`apart`: a class whose data are described by themselves."""
        self.functions: list[tuple[types.FunctionType, frozenset[str]]] = []  # and what need not count of what they read
        self.classes: list[type] = []  # of objects that were met
        self.modules: list[types.ModuleType] = []
        self.without_form: list[tuple[Any, str]] = []  # and why
        self.names: set[str] = set()  # by which others' functions may read attributes
        self._nothing: list[Any] = []
        self._of_packages: list[Any] = []
        self._strict, self.apart = strict, apart

    def is_same(self, other: Met) -> bool:
        mine, others = self._objects(), other._objects()
        return len(mine) == len(others) and all(one is another for one, another in zip(mine, others, strict=True))

    def forget(self) -> None:
        """Lets go of what has no form."""
        self._nothing, self._of_packages, self.without_form = [], [], []

    def is_nothing(self, value: Any) -> bool:
        """Whether the value stands for nothing in a key: it has no exact form, or only watches."""
        return any(value is each for each in self._nothing)

    def is_of_its_package(self, value: Any) -> bool:
        """Whether it is an object that an installed package has under a name."""
        return any(value is each for each in self._of_packages)

    def _objects(self) -> list[Any]:
        return [*(function for function, _ in self.functions), *self.classes, *self.modules]

    def _note_function(self, value: Any, ignored: frozenset[str] = frozenset()) -> None:
        while type(value) is functools._lru_cache_wrapper:
            value = value.__wrapped__
        if has_identity(value):
            self._note_memo(value)
        elif type(value) is types.FunctionType and is_own(value.__globals__):
            self.functions.append((value, ignored))

    def _note_memo(self, memo: Any) -> None:
        function, ignored = memo._keys.reader() if hasattr(memo, "_keys") else (None, frozenset())
        if function is not None:
            self._note_function(getattr(function, "__func__", function), ignored)

    def describe(self, value: Any, for_key: bool) -> tuple[str, Any] | None:
        kind = type(value)
        if callable(value):
            self.names |= names_brought(value)
        if kind is Part:
            if value.function is not None:
                self._note_function(value.function)
            return value.tag, value.content
        if kind is types.FunctionType:
            return self._describe_function(value)
        if has_identity(value) and hasattr(value, "_keys"):
            self._note_memo(value)
            return "function", value._keys.identity()
        if kind is functools._lru_cache_wrapper:
            attributes = attributes_of(value)
            return ("cached", [attributes, value.__wrapped__]) if attributes else self.describe(value.__wrapped__, for_key)
        if isinstance(value, types.ModuleType) and not self._strict:
            if is_own(variables_of(value)):
                self.modules.append(value)
            return "module", variables_of(value).get("__name__")
        if isinstance(value, type) and describe_hint(value) is None:
            return self._describe_class(value)
        if not self._strict:
            return self._describe_other(value)
        if is_observer(value):
            return "object", type_path(kind)
        if kind is types.MethodType:
            return "method", [value.__func__, value.__self__]
        if is_of_own_class(value):
            self.classes.append(kind)
        return describe(value, for_key)

    def _describe_function(self, function: types.FunctionType) -> tuple[str, Any]:
        self._note_function(function)
        if self._strict:
            return "function", function_parts(function)
        if is_own(function.__globals__):
            return "function", parts_by_text(function)
        if (name := foreign_name(function)) is not None:
            return "builtin", name
        around = {**closure_of(function), "__wrapped__": getattr(function, "__wrapped__", None)}
        theirs = {name: each for name, each in around.items() if _may_be_the_users(each)}
        maker = f"{function.__globals__.get('__name__')}.{function.__code__.co_name}"
        return "function", {"closure": theirs, "made by": maker, "name": qualified_name(function)}

    def _describe_class(self, kind: type) -> tuple[str, Any]:
        if not self._strict and (name := foreign_name(kind)) is not None:
            return "class", {"name": name}
        parts = class_parts(kind)
        if kind is self.apart and "members" in parts:
            parts["members"] = {name: part for name, part in parts["members"].items() if name not in data_of(kind)}
        return "class", parts

    def _describe_other(self, value: Any) -> tuple[str, Any] | None:
        kind = type(value)
        if (name := foreign_name(value)) is not None:
            return "builtin", name
        found, why = standard_form(value), "it has no exact form"
        if found is None:
            try:
                found = describe(value, True)
            except Error as error:
                why = str(error)
        if found is None and kind in (set, frozenset):
            found = kind.__name__, sorted(_neve.value_digest(each, self.describe) for each in value)
        if found is not None:
            if is_of_own_class(value):
                self.classes.append(kind)
            return found
        if (behind := functions_behind(value)) is not None:
            return "function", {**behind, "type": type_path(kind)}
        if is_of_own_class(value):
            self.classes.append(kind)
        if not is_observer(value):
            if (name := name_in_its_package(value)) is not None:
                self._of_packages.append(value)
                return "object", [type_path(kind), name]
            if (found := content_of(value)) is not None:
                return found
            functions, and_more = functions_around(value)
            if and_more:
                self.without_form.append((value, why))
            if functions:
                return "object", {"functions": functions, "type": type_path(kind)}
        self._nothing.append(value)
        return "object", type_path(kind)


def _may_be_the_users(value: Any) -> bool:
    """Of what another's decorator has put around a function: that one, others (`functools.singledispatch`), plain words."""
    if isinstance(value, (types.FunctionType, types.MethodType, functools.partial, type)) or has_identity(value):
        return True
    if type(value) in (list, tuple):
        return all(map(_may_be_the_users, value))
    if type(value) is dict:
        return bool(value) and all(map(callable, value.values()))
    return type(value) in (bool, int, float, complex, str, bytes, type(None), functools._lru_cache_wrapper)
