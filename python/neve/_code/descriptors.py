"""What stands in the body of a class besides values, for keys: methods, properties, fields."""

from __future__ import annotations

import functools
import operator
import types
from typing import Any

from neve._code.attributes import attributes_of
from neve._code.compiled import code_digest
from neve._code.functions import closure_of, is_class_of_python
from neve._code.hints import Part, hint
from neve._code.packages import is_pythons_own
from neve._code.pydantic_parts import declared, validated
from neve._code.source import found_by_name, qualified_name
from neve._values.disguise import passes_for_another
from neve._values.fields import slots_of


def member_part(kind: type, member: Any) -> Any:
    """A method by its code: it may have no text, as what dataclasses make."""
    if passes_for_another(member):
        return member  # refused, by its place
    if isinstance(member, types.FunctionType):
        return _method(kind, member)
    if isinstance(member, (classmethod, staticmethod)):
        base = "classmethod" if isinstance(member, classmethod) else "staticmethod"
        return _descriptor(base, member, member_part(kind, member.__func__))
    if isinstance(member, (property, types.DynamicClassAttribute)):
        parts = [member_part(kind, each) for each in (member.fget, member.fset, member.fdel)]
        return _descriptor("property", member, parts)
    if isinstance(member, functools.cached_property):
        return _descriptor("cached_property", member, [member.attrname, member_part(kind, member.func)])
    if isinstance(member, functools._lru_cache_wrapper):
        attributes = attributes_of(member)
        wrapped = member_part(kind, member.__wrapped__)
        return Part("cached", [wrapped, attributes] if attributes else wrapped)
    if isinstance(member, types.MemberDescriptorType) and member.__objclass__ is kind:
        return Part("slot", member.__name__)
    return member


def _descriptor(base: str, member: Any, content: Any) -> Part:
    """Of a class derived from that of Python, it, and what more it keeps, count as well."""
    kind = type(member)
    if is_class_of_python(kind):
        return Part(base, content)
    names = (set(getattr(member, "__dict__", ())) | slots_of(member)) - {"attrname", "func", "lock"}
    more = {name: getattr(member, name) for name in sorted(names) if not name.startswith("__")}
    return Part(base, {"class": kind, "more": more, "parts": content})


def _method(kind: type, function: types.FunctionType) -> Part:
    if is_pythons_own(function.__module__) and found_by_name(function.__module__, function.__qualname__) is function:
        return Part("builtin", qualified_name(function))
    around = closure_of(function)
    content = {
        "closure": {name: around[name] for name in sorted(around)},
        "code": code_digest(function),
        "defaults": [list(function.__defaults__ or ()), dict(function.__kwdefaults__ or {})],
    }
    if attributes := attributes_of(function):
        content["attributes"] = attributes
    if function.__module__ != kind.__module__:  # other global variables
        content["module"] = function.__module__
    return Part("method", content, function)


def describe_descriptor(value: Any) -> tuple[str, Any] | None:
    """What stands in classes besides values: by what it was made of."""
    if isinstance(value, (functools.partialmethod, functools.partial)):
        known = type(value) in (functools.partialmethod, functools.partial) or type(value).__module__ == "neve._memo.bound_memo"
        if not known or (getattr(value, "__dict__", None) and not isinstance(value, functools.partialmethod)):
            return None
        return type(value).__name__, [value.func, list(value.args), dict(value.keywords)]
    if isinstance(value, (types.WrapperDescriptorType, types.MethodDescriptorType, types.ClassMethodDescriptorType)):
        return "builtin", {"name": value.__name__, "of": value.__objclass__}
    if isinstance(value, (operator.itemgetter, operator.attrgetter, operator.methodcaller)):
        return type(value).__name__, _given_to(*value.__reduce__()[:2])
    if isinstance(value, types.MappingProxyType):
        return "mappingproxy", dict(value)
    if type(value).__name__ == "_tuplegetter":  # a field of a named tuple
        return "field", list(value.__reduce__()[1])
    if type(value).__module__ == "dataclasses":
        return _describe_of_dataclasses(value)
    if type(value).__module__ in ("attr._make", "attrs") and isinstance(getattr(type(value), "__slots__", None), tuple):
        return _describe_of_attrs(value)
    if type(value).__module__ == "pydantic.fields" and hasattr(type(value), "__slots__"):  # a field of a dataclass
        part = declared(value)
        return part.tag, part.content
    return validated(value)


def _given_to(maker: Any, args: tuple[Any, ...]) -> list[Any]:
    """Of `methodcaller`, what it was made with; `__reduce__` has a partial of it where names were given."""
    if isinstance(maker, functools.partial):
        return [(*maker.args, *args), dict(maker.keywords)]
    return [args]


def _describe_of_dataclasses(value: Any) -> tuple[str, Any] | None:
    import dataclasses

    if isinstance(value, dataclasses.Field):
        given = {name: getattr(value, name) for name in type(value).__slots__ if name not in ("type", "_field_type", "doc")}
        return "field", {**given, "kind": value._field_type.name, "type": hint(value.type)}  # type: ignore[attr-defined]
    if type(value).__name__ == "_DataclassParams":
        return "dataclass options", repr(value)
    for name, known in vars(dataclasses).items():  # MISSING and its like; cloudpickle makes them anew
        if type(known) is type(value) and not hasattr(value, "name"):
            return "builtin", f"dataclasses.{name}"
    return None


def _describe_of_attrs(value: Any) -> tuple[str, Any]:
    """A field of a class, what that was declared with, a default to be made, what turns one value into another."""
    names = [name for name in slots_of(value) if not name.startswith("__") and name not in ("inherited", "type")]
    given = {name: getattr(value, name) for name in sorted(names)}
    return "field", {**given, "of": type(value).__name__, "type": hint(getattr(value, "type", None))}
