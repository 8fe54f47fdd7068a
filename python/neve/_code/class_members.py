"""Which members of a class code that names them may use on an object of it."""

from __future__ import annotations

import enum
import functools
import types
from typing import TYPE_CHECKING, Any

from neve._code.class_parts import LEFT_OUT
from neve._code.functions import has_identity
from neve._code.packages import is_of_own_module, is_own

if TYPE_CHECKING:
    from collections.abc import Iterator


def own_classes(kind: type) -> list[type]:
    """Itself and what it is derived from, as far as that is the user's own."""
    return [each for each in kind.__mro__ if is_of_own_module(each.__module__)]


def members_used(kind: type, names: set[str]) -> Iterator[tuple[str, Any]]:
    """Methods, properties and plain attributes of the class itself that are called by one of these names, and the methods that
    Python calls (`__add__`). Not fields, which are the object's, nor what dataclasses write or what only makes an object."""
    fields = {*getattr(kind, "__dataclass_fields__", ()), *getattr(kind, "__pydantic_fields__", ())}
    for name, member in list(vars(kind).items()):
        if name in LEFT_OUT or name in fields or name.startswith(("__pydantic", "__dataclass", "model_")):
            continue
        if isinstance(member, _NOT_USED) or (isinstance(kind, enum.EnumMeta) and not _is_method(member)):
            continue
        called = name.startswith("__") and name not in _MAKES and _is_written_by_hand(kind, member)
        if name in names or called:
            yield name, member


_MAKES = frozenset(
    "__init__ __new__ __post_init__ __init_subclass__ __class_getitem__ __set_name__ __reduce__ __reduce_ex__ __getstate__ "
    "__setstate__ __copy__ __deepcopy__ __getnewargs__ __del__".split()
)
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
    return not (written and "__dataclass_fields__" in vars(kind))
