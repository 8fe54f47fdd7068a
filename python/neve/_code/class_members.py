"""Which members of a class code that names them may use on an object of it."""

from __future__ import annotations

import enum
import functools
import sys
import types
from typing import TYPE_CHECKING, Any

from neve._code.class_lookups import NAMES_CLASSES
from neve._code.class_parts import LEFT_OUT
from neve._code.functions import has_identity, is_made_of_python
from neve._code.packages import is_of_own_module, is_own, is_pythons_own
from neve._values.fields import names_of_fields
from neve._values.pydantic_1 import is_former_model
from neve._values.type_names import type_path

if TYPE_CHECKING:
    from collections.abc import Iterator


def own_classes(kind: type) -> list[type]:
    """Itself and what it is derived from, as far as that is the user's own."""
    return [each for each in kind.__mro__ if is_of_own_module(each.__module__)]


def data_of(kind: type) -> dict[str, Any]:
    """What the class itself keeps besides its methods: constants, tables, what was computed. Not the defaults of fields."""
    if isinstance(kind, enum.EnumMeta) or any(hasattr(kind, name) for name in ("__pydantic_fields__", "__fields__", "_fields")):
        return {}
    return {name: member for name, member in list(vars(kind).items()) if _is_data(kind, name, member)}


def _is_data(kind: type, name: str, member: Any) -> bool:
    known = name in LEFT_OUT or name in getattr(kind, "__dataclass_fields__", ()) or name.startswith(("__", "_is_", "_abc_"))
    return not (known or hasattr(type(member), "__get__") or isinstance(member, type))


def may_be_used_whole(kind: type, names: set[str]) -> bool:
    """Whether code with these names may use of a class what it does not name: it goes from an object to the class, or names
    something of others' that the class is derived from and that calls what it likes (`fit_transform`, `visit`)."""
    if not names.isdisjoint(_LEAD_TO_CLASSES):
        return True
    if NAMES_CLASSES in names and (is_of_own_module(type(kind).__module__) or not names.isdisjoint(_FIND_BY_NAME)):
        return True  # a metaclass may say what the name is, and by the name the class is found again
    public = [each for each in names if not each.startswith("_")]
    bases = [each for each in kind.__mro__ if is_made_of_python(each) and not is_of_own_module(each.__module__)]
    if hasattr(kind, "__pydantic_fields__") or any(map(_is_of_pydantic, bases)):  # written by these (`model_dump`, `to_json`)
        modules = [sys.modules.get(name) for name in ("pydantic", "pydantic_core")]
        of_pydantic = [*map(vars, filter(_is_of_pydantic, bases)), *(getattr(each, "__all__", ()) for each in modules)]
        if any(name in each for name in public for each in of_pydantic):
            return True
    return any(_may_call_back(base, public) for base in bases if not _is_of_pydantic(base))


def _is_of_pydantic(base: type) -> bool:
    return base.__module__.partition(".")[0] == "pydantic"


def _may_call_back(base: type, names: list[str]) -> bool:
    """Of a framework's class, called or not: `model(x)` may call `forward`. Of Python's, the functions that are named."""
    if is_pythons_own(base.__module__):
        return any(type(vars(base).get(name)) is types.FunctionType for name in names)
    return base.__module__.partition(".")[0] != "neve"


_LEAD_TO_CLASSES = frozenset("type __class__ fields __dataclass_fields__ __members__".split())
_FIND_BY_NAME = frozenset("__builtins__ __import__ builtins eval evaluate exec globals import_module modules".split())


def members_used(kind: type, names: set[str], others: bool) -> Iterator[tuple[str, Any]]:
    """Methods, properties and plain attributes of the class itself that are called by one of these names, or all if code reads
    some by `others`, and the methods that Python calls (`__add__`); what only makes an object where one of the names may make
    another of an object. Not fields, which are the object's, but their order; nor what dataclasses write."""
    fields = {*names_of_fields(kind), *getattr(kind, "__pydantic_fields__", ())}
    names = names | getattr(getattr(kind, "__pydantic_decorators__", None), "computed_fields", {}).keys()  # which are printed
    if "__attrs_attrs__" in vars(kind):  # which converts at each assignment as `__init__` does
        names = names | {"__init__"}
    yield from _fields_in_order(kind)
    yield from _said_by_class(kind, names)
    for name, member in list(vars(kind).items()):
        if name in LEFT_OUT or name in fields or name.startswith(("__pydantic", "__dataclass", "model_")):
            continue
        if isinstance(member, _NOT_USED) or (isinstance(kind, enum.EnumMeta) and not _is_method(member)):
            continue
        special = name.startswith("__") and name.endswith("__")
        by_python = special and (name not in _CALLED_BY or not names.isdisjoint(_CALLED_BY[name]))
        if name in names or (others and not special) or (by_python and _is_written_by_hand(kind, member)):
            yield name, member


def _said_by_class(kind: Any, names: set[str]) -> Iterator[tuple[str, Any]]:
    """What it is besides its members."""
    if kind.__bases__ != (object,):  # of which `isinstance` asks, and the first has the first word
        yield "__bases__", tuple(map(type_path, kind.__bases__))
    if NAMES_CLASSES in names and kind.__name__ != kind.__qualname__.rpartition(".")[2]:
        yield "__name__", kind.__name__
    if "__doc__" in names:
        yield "__doc__", kind.__doc__
    by_all = issubclass(kind, enum.Flag) or "_sort_order_" in names  # `~flag` and its text go by all that there are
    if isinstance(kind, enum.EnumMeta) and by_all:
        listed: dict[str, Any] = dict(kind.__members__)
        values = [(name, each._value_) for name, each in listed.items()]
        yield "__members__", (*values, repr(getattr(kind, "_boundary_", None)))


def _fields_in_order(kind: Any) -> Iterator[tuple[str, Any]]:
    """What the methods that dataclasses, attrs and pydantic write go by, and `astuple`: an object's own fields do not say in
    which order they are printed and compared, nor which are not."""
    for name, flags in _DECLARED.items():
        if (declared := vars(kind).get(name)) is not None:
            named = declared.items() if isinstance(declared, dict) else ((each.name, each) for each in declared)
            fields = [(name_of, *(getattr(each, flag) for flag in flags)) for name_of, each in named]
            yield name, (*fields, repr(getattr(kind, "__dataclass_params__", None)))
    if is_former_model(kind):
        yield "__fields__", tuple((name, getattr(each.field_info, "repr", None)) for name, each in kind.__fields__.items())


_DECLARED = {
    "__dataclass_fields__": ("repr", "compare", "hash"),
    "__attrs_attrs__": ("repr", "eq", "order", "hash"),
    "__pydantic_fields__": ("repr",),
}
_MAKE_ANOTHER = frozenset("replace __replace__ type __class__".split())  # `type(self)(…)`
_CALLED_BY: dict[str, frozenset[str]] = {
    **dict.fromkeys("__init__ __new__ __post_init__".split(), _MAKE_ANOTHER),
    **dict.fromkeys("__class_getitem__ __del__ __init_subclass__ __set_name__".split(), frozenset()),
}
_NOT_USED = (types.MemberDescriptorType, types.GetSetDescriptorType, types.DynamicClassAttribute)


def _is_method(member: Any) -> bool:
    kinds = (types.FunctionType, staticmethod, classmethod, property, functools.cached_property)
    return isinstance(member, kinds) or has_identity(member)


def _is_written_by_hand(kind: type, member: Any) -> bool:
    """Whether it is a function of the user's, and not what dataclasses write into a class."""
    if type(member) is not types.FunctionType or not is_own(member.__globals__):
        return False
    code = member.__code__
    written = code.co_filename == "<string>" or getattr(code, "co_qualname", "").startswith("__create_fn__")
    if not hasattr(code, "co_qualname"):  # Python 3.10: what cloudpickle has sent says neither, but stands in the second line
        written |= code.co_filename == "<dynamic-code>" and code.co_firstlineno == 2
    return not (written and "__dataclass_fields__" in vars(kind))
