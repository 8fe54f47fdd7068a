"""Values that consist of named fields: dataclasses, pydantic models, members of enums, named tuples."""

from __future__ import annotations

import enum
import functools
from typing import Any

from neve._values.pydantic_1 import is_former_model, make_former_model
from neve._values.type_names import is_known_by_name, known_type, type_of
from neve.errors import UnsupportedError


def describe_dataclass(value: Any, for_key: bool) -> tuple[str, Any]:
    """Raises UnsupportedError if a field is not set, or if the object holds more than its fields."""
    return "dataclass", _described(value, sorted(names_of_fields(type(value))), for_key)


def names_of_fields(kind: Any) -> list[str]:
    """Of a dataclass; none of another class. InitVar and ClassVar are listed beside them, and are attributes of the class."""
    return [name for name, each in getattr(kind, "__dataclass_fields__", {}).items() if each._field_type.name == "_FIELD"]


def describe_attrs(value: Any, for_key: bool) -> tuple[str, Any]:
    """Of a class of the package attrs. Raises as for a dataclass."""
    return "attrs", _described(value, sorted(each.name for each in type(value).__attrs_attrs__), for_key)


def _described(value: Any, names: list[str], for_key: bool) -> dict[str, Any]:
    unset = [name for name in names if not hasattr(value, name)]
    if unset:
        raise UnsupportedError(f"the field {unset[0]!r} of the {type(value).__qualname__} is not set")
    fields = {name: getattr(value, name) for name in names}
    extra = (set(getattr(value, "__dict__", ())) | slots_of(value)) - set(fields) - cached_of(value)
    builtin = [base for base in type(value).__mro__ if base.__module__ == "builtins" and base is not object]
    if builtin:
        raise UnsupportedError(
            f"the {type(value).__qualname__} is also a {builtin[0].__name__}, whose content is no field of it"
        )
    if extra:
        raise UnsupportedError(f"the {type(value).__qualname__} has attributes that are no fields: {sorted(extra)}")
    return {"fields": fields, **type_of(value, for_key)}


def slots_of(value: Any) -> set[str]:
    """The slots of an object that are filled."""
    return {name for name in slots_of_class(type(value)) if hasattr(value, name)}


def slots_of_class(kind: type) -> set[str]:
    names: set[str] = set()
    for base in kind.__mro__:
        slots = base.__dict__.get("__slots__", ())
        names.update([slots] if isinstance(slots, str) else slots)
    return names - {"__dict__", "__weakref__"}


def cached_of(value: Any) -> set[str]:
    """What `functools.cached_property` has left in an object: made of the rest, and made anew where it is missing."""
    kept = getattr(value, "__dict__", {})
    kinds = type(value).__mro__
    return {
        name
        for name in kept
        if isinstance(next((vars(kind)[name] for kind in kinds if name in vars(kind)), None), functools.cached_property)
    }


def describe_model(value: Any, for_key: bool) -> tuple[str, Any]:
    """Of pydantic. Raises UnsupportedError if it has private attributes."""
    private = getattr(value, "__pydantic_private__", None)
    if private:
        raise UnsupportedError(f"the {type(value).__qualname__} has private attributes {sorted(private)}, which are not kept")
    made = cached_of(value)
    content: dict[str, Any] = {
        "fields": {name: each for name, each in sorted(value.__dict__.items()) if name not in made},
        "set": sorted(value.__pydantic_fields_set__),
        **type_of(value, for_key),
    }
    extra = getattr(value, "__pydantic_extra__", None)
    if extra is not None:
        content["extra"] = dict(sorted(extra.items()))
    return "model", content


def describe_enum(value: enum.Enum, for_key: bool) -> tuple[str, dict[str, Any]]:
    return "enum", {"name": value.name, **type_of(value, for_key), "value": value.value}


def attributes_of_member(member: enum.Enum) -> dict[str, Any]:
    """What an enum's `__init__`, or somebody later, has set on it besides its value."""
    larger = type(member).__basicsize__ > enum.Enum.__basicsize__  # few have slots, and to look for them takes its time
    slots = slots_of(member) if larger else ()
    names = [name for name in (*vars(member), *slots) if not (name[0] == "_" == name[-1])]
    made = cached_of(member) if names else ()
    return {name: getattr(member, name) for name in names if name not in made}


def describe_namedtuple(value: Any, for_key: bool) -> tuple[str, Any]:
    """Raises UnsupportedError if it has attributes besides its fields."""
    kind = type(value)
    if getattr(value, "__dict__", None):
        raise UnsupportedError(f"the {kind.__qualname__} has attributes besides its fields: {sorted(value.__dict__)}")
    names = {} if not for_key or is_known_by_name(kind) else {"fields": list(kind._fields)}
    return "namedtuple", {"items": list(value), **names, **type_of(value, for_key)}


def make_dataclass(content: Any) -> Any:
    kind = known_type(content["type"])
    names = set(names_of_fields(kind))
    return _filled(kind, names, content["fields"])


def make_attrs(content: Any) -> Any:
    kind = known_type(content["type"])
    return _filled(kind, {each.name for each in kind.__attrs_attrs__}, content["fields"])


def _filled(kind: Any, names: set[str], fields: dict[str, Any]) -> Any:
    if names != set(fields):
        raise UnsupportedError(f"the stored {kind.__qualname__} has other fields than the class: {sorted(fields)}")
    made = kind.__new__(kind)
    for name, value in fields.items():
        object.__setattr__(made, name, value)
    return made


def make_model(content: Any) -> Any:
    kind = known_type(content["type"])
    if is_former_model(kind):
        return make_former_model(kind, content)
    if set(kind.model_fields) != set(content["fields"]):
        raise UnsupportedError(f"the stored {kind.__qualname__} has other fields than the class")
    made = kind.__new__(kind)
    object.__setattr__(made, "__dict__", {name: content["fields"][name] for name in kind.model_fields})
    object.__setattr__(made, "__pydantic_fields_set__", set(content["set"]))
    if not getattr(kind, "__pydantic_root_model__", False):  # a RootModel's class has these two, its objects have not
        object.__setattr__(made, "__pydantic_extra__", content.get("extra"))
        object.__setattr__(made, "__pydantic_private__", None)
    return made


def make_enum(content: Any) -> Any:
    kind = known_type(content["type"])
    if not issubclass(kind, enum.Enum):
        raise UnsupportedError(f"the stored value is a {content['type']}, which is no enum here")
    try:
        member = kind(content["value"])
    except ValueError:
        raise UnsupportedError(f"the stored {content['type']} is {content['value']!r}, which it has not here") from None
    if member.name != content["name"] and not isinstance(member, enum.Flag):
        raise UnsupportedError(f"the stored {content['type']} is called {content['name']}, here it is {member.name}")
    return member


def make_namedtuple(content: Any) -> Any:
    kind = known_type(content["type"])
    if not issubclass(kind, tuple) or len(content["items"]) != len(getattr(kind, "_fields", ())):
        raise UnsupportedError(f"the stored {content['type']} has other fields than the class")
    return tuple.__new__(kind, content["items"])
