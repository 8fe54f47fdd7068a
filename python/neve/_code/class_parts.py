"""What a class consists of, for keys: everything that can be got at through it, exactly, or a refusal that names it."""

from __future__ import annotations

import enum
import sys
import types
from typing import Any

from neve._code.attributes import PLAIN
from neve._code.compiled import code_digest
from neve._code.descriptors import describe_descriptor, member_part
from neve._code.functions import OF_CYTHON, is_class_of_python, is_made_of_python
from neve._code.hints import Part, describe_hint, hint
from neve._code.packages import version_of_package
from neve._code.pydantic_parts import members_of_model
from neve._code.source import found_by_name, qualified_name
from neve._values.fields import attributes_of_member
from neve.errors import UnsupportedError


def describe_part(value: Any) -> tuple[str, Any] | None:
    """Tag and content of a class, an annotation or a descriptor; None for anything else. Raises UnsupportedError for a
    class that cannot be seen through."""
    found = describe_hint(value)
    if found is None and isinstance(value, type):
        return "class", class_parts(value)
    return found if found is not None else describe_descriptor(value)


def class_parts(kind: type) -> dict[str, Any]:
    """By what it has, not by its text: that is looked up by name, and may be another's or of a file edited since.
    Docstrings and annotations of methods do not count."""
    name = qualified_name(kind)
    if is_class_of_python(kind):
        return {"name": name}
    if (version := _installed_version(kind)) is not None:
        return {"members": _plain_members(kind), "name": name, "version": version}
    if is_compiled(kind):
        version = getattr(sys.modules.get(kind.__module__.partition(".")[0]), "__version__", None)
        if version is None:
            raise UnsupportedError(
                f"the source of the class {name} is not to be had, so a change of it would go unnoticed; give its name instead"
            )
        return {"name": name, "version": str(version)}
    described: dict[str, Any] = {
        "bases": [base for base in kind.__bases__ if base is not object],
        "members": {each: member_part(kind, member) for each, member in sorted(_own(kind).items())},
        "name": name,
    }
    if annotations := _annotations(kind):
        described["annotations"] = {each: hint(annotation) for each, annotation in annotations.items()}
    if type(kind) is not type:
        described["metaclass"] = type(kind)
    return described


def _installed_version(kind: type) -> str | None:
    """Of a class that is as its package, which somebody installed, has defined it."""
    if found_by_name(kind.__module__, kind.__qualname__) is not kind:
        return None
    return version_of_package(kind.__module__)


def is_compiled(kind: type) -> bool:
    """Whether its methods are machine code, of which nothing can be seen."""
    if not is_made_of_python(kind):
        return True
    slots = (types.WrapperDescriptorType, types.MethodDescriptorType, types.ClassMethodDescriptorType)
    compiled = (*OF_CYTHON, "instancemethod", "nb_func", "nb_method")
    return any(
        type(member).__name__ in compiled or (isinstance(member, slots) and member.__objclass__ is kind)
        for member in vars(kind).values()
    )


def _plain_members(kind: type) -> dict[str, Any]:
    """What somebody may have set on another's class; the rest is what its version says."""
    return {
        name: code_digest(member) if isinstance(member, types.FunctionType) else member
        for name, member in sorted(vars(kind).items())
        if isinstance(member, types.FunctionType) or (isinstance(member, PLAIN) and name not in _EVERY_CLASS_HAS)
    }


_EVERY_CLASS_HAS = frozenset(
    "__annotate__ __annotate_func__ __annotations__ __annotations_cache__ __classdictcell__ __dict__ "
    "__doc__ __firstlineno__ __module__ __qualname__ __slotnames__ __static_attributes__ "
    "__weakref__".split()  # copyreg sets __slotnames__ at a copy
)
_MADE_OF_THE_REST = frozenset(  # by abc, typing, enum and pydantic, from bases, members and annotations
    "__abstractmethods__ _abc_impl __parameters__ __protocol_attrs__ __non_callable_proto_members__ "
    "_member_names_ _member_map_ _value2member_map_ _hashable_values_ _unhashable_values_ _unhashable_values_map_ "
    "_member_type_ _value_repr_ _flag_mask_ _singles_mask_ _all_bits_ _inverted_ _use_args_ "
    "__class_vars__ __signature__ model_fields model_computed_fields".split()
)
LEFT_OUT = _EVERY_CLASS_HAS | _MADE_OF_THE_REST


def _own(kind: type) -> dict[str, Any]:
    members = {name: member for name, member in vars(kind).items() if name not in LEFT_OUT}
    if _is_inherited(kind, members.get("__init__")):
        del members["__init__"]
    if isinstance(kind, enum.EnumMeta):
        listed: dict[str, Any] = dict(kind.__members__)
        for name, each in listed.items():
            members[name] = Part("member", [each._value_, attributes_of_member(each)])
        members["order of the members"] = [[name, each.name] for name, each in listed.items()]
    if isinstance(fields := members.get("__attrs_attrs__"), tuple):  # of a class of its own
        members["__attrs_attrs__"] = list(fields)
    if "__pydantic_fields_set__" in members or "__pydantic_core_schema__" in members:
        members = members_of_model(kind, members)
    return members


def _is_inherited(kind: type, init: Any) -> bool:
    """Whether `typing.Protocol` has put it there: a function of its own before the first object is made, then the inherited."""
    if init is None or not any(getattr(each, "_is_protocol", False) for each in kind.__mro__):
        return False
    if getattr(init, "__name__", "") == "_no_init_or_replace_init":
        return True
    return any(vars(each).get("__init__") is init for each in kind.__mro__[1:])


def _annotations(kind: type) -> dict[str, Any]:
    if sys.version_info >= (3, 14):
        import annotationlib

        return annotationlib.get_annotations(kind, format=annotationlib.Format.FORWARDREF)
    import inspect

    return inspect.get_annotations(kind)
