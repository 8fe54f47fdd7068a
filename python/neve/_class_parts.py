"""What a class consists of, for keys: everything that can be got at through it, exactly, or a refusal that names it."""

from __future__ import annotations

import enum
import functools
import operator
import sys
import types
from typing import Any

from neve._attributes import PLAIN, attributes_of
from neve._code import code_digest
from neve._describe import slots_of
from neve._functions import OF_CYTHON, closure_of, is_made_of_python
from neve._hints import Part, describe_hint, hint
from neve._packages import is_pythons_own, version_of_package
from neve._source import found_by_name, qualified_name
from neve.errors import UnsupportedError


def describe_part(value: Any) -> tuple[str, Any] | None:
    found = describe_hint(value)
    if found is None and isinstance(value, type):
        return "class", _describe_class(value)
    return found if found is not None else _describe_descriptor(value)


def _describe_class(kind: type) -> dict[str, Any]:
    """By what it has, not by its text: that is looked up by name, and may be another's or of a file edited since.
    Docstrings and annotations of methods do not count."""
    name = qualified_name(kind)
    if _is_pythons_own(kind):
        return {"name": name}
    if (version := _installed_version(kind)) is not None:
        return {"members": _plain_members(kind), "name": name, "version": version}
    if _is_compiled(kind):
        version = getattr(sys.modules.get(kind.__module__.partition(".")[0]), "__version__", None)
        if version is None:
            raise UnsupportedError(
                f"the source of the class {name} is not to be had, so a change of it would go unnoticed; give its name instead"
            )
        return {"name": name, "version": str(version)}
    described: dict[str, Any] = {
        "bases": [base for base in kind.__bases__ if base is not object],
        "members": {each: _member(kind, member) for each, member in sorted(_own(kind).items())},
        "name": name,
    }
    if annotations := _annotations(kind):
        described["annotations"] = {each: hint(annotation) for each, annotation in annotations.items()}
    if type(kind) is not type:
        described["metaclass"] = type(kind)
    return described


def _is_pythons_own(kind: type) -> bool:
    """Named by the version of Python, which is in the code digests anyhow. A module's name alone says nothing: what
    dataclasses.make_dataclass makes is in `types`."""
    if not is_pythons_own(kind.__module__):
        return False
    return not is_made_of_python(kind) or found_by_name(kind.__module__, kind.__qualname__) is kind


def _installed_version(kind: type) -> str | None:
    """Of a class that is as its package, which somebody installed, has defined it."""
    if found_by_name(kind.__module__, kind.__qualname__) is not kind:
        return None
    return version_of_package(kind.__module__)


def _is_compiled(kind: type) -> bool:
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
    "__annotate__ __annotate_func__ __annotations__ __annotations_cache__ __dict__ __doc__ __firstlineno__ __module__ "
    "__qualname__ __slotnames__ __static_attributes__ __weakref__".split()  # copyreg sets __slotnames__ at a copy
)
_MADE_OF_THE_REST = frozenset(  # by abc, typing, enum and pydantic, from bases, members and annotations
    "__abstractmethods__ _abc_impl __parameters__ __protocol_attrs__ __non_callable_proto_members__ "
    "_member_names_ _member_map_ _value2member_map_ _hashable_values_ _unhashable_values_ _unhashable_values_map_ "
    "_member_type_ _value_repr_ _flag_mask_ _singles_mask_ _all_bits_ _inverted_ _use_args_ "
    "__class_vars__ __signature__ model_fields model_computed_fields".split()
)


def _own(kind: type) -> dict[str, Any]:
    left_out = _EVERY_CLASS_HAS | _MADE_OF_THE_REST
    members = {name: member for name, member in vars(kind).items() if name not in left_out}
    if isinstance(kind, enum.EnumMeta):
        listed: dict[str, Any] = dict(kind.__members__)
        for name, each in listed.items():
            more = {own: value for own, value in vars(each).items() if not (own.startswith("_") and own.endswith("_"))}
            members[name] = Part("member", [each._value_, more])
        members["order of the members"] = [[name, each.name] for name, each in listed.items()]
    if "__pydantic_fields_set__" in members or "__pydantic_core_schema__" in members:
        members = _of_pydantic(kind, members)
    return members


def _of_pydantic(kind: Any, members: dict[str, Any]) -> dict[str, Any]:
    """What pydantic makes of a class is made anew of its fields and of what its decorators are attached to."""
    made = [name for name in members if name.startswith("__pydantic_") and name != "__pydantic_init_subclass__"]
    left = {name: member for name, member in members.items() if name not in made}
    fields = getattr(kind, "__pydantic_fields__", None) or getattr(kind, "model_fields", {})
    left["fields of the model"] = {name: _slots(each) for name, each in fields.items()}
    private = left.pop("__private_attributes__", {})
    left["private attributes"] = {name: _slots(each) for name, each in private.items()}
    decorators = kind.__pydantic_decorators__
    left["decorators of the model"] = {
        sort: {name: [each.cls_var_name, _slots(each.info)] for name, each in getattr(decorators, sort).items()}
        for sort in sorted(type(decorators).__dataclass_fields__)
    }
    if config := members.get("__pydantic_config__"):  # of a dataclass
        left["config of the model"] = dict(config)
    return left


def _slots(declared: Any) -> Part:
    """What pydantic keeps about a field or a decorator."""
    names: Any = getattr(type(declared), "__slots__", None) or getattr(type(declared), "__dataclass_fields__", ())
    given: dict[str, Any] = {name: getattr(declared, name, None) for name in names if not name.startswith("_")}
    given.pop("wrapped_property", None)  # a member of the class
    given = {
        name: value
        for name, value in given.items()
        if "Undefined" not in type(value).__name__ and (value is not None or name == "default")
    }
    for name in {"annotation", "json_schema_input_type", "return_type"} & set(given):
        given[name] = hint(given[name])
    return Part("field", given)


def _annotations(kind: type) -> dict[str, Any]:
    if sys.version_info >= (3, 14):
        import annotationlib

        return annotationlib.get_annotations(kind, format=annotationlib.Format.FORWARDREF)
    import inspect

    return inspect.get_annotations(kind)


def _member(kind: type, member: Any) -> Any:
    """A method by its code: it may have no text, as what dataclasses make."""
    if isinstance(member, types.FunctionType):
        return _method(kind, member)
    if isinstance(member, (classmethod, staticmethod)):
        base = "classmethod" if isinstance(member, classmethod) else "staticmethod"
        return _descriptor(base, member, _member(kind, member.__func__))
    if isinstance(member, (property, types.DynamicClassAttribute)):
        parts = [_member(kind, each) for each in (member.fget, member.fset, member.fdel)]
        return _descriptor("property", member, parts)
    if isinstance(member, functools.cached_property):
        return _descriptor("cached_property", member, [member.attrname, _member(kind, member.func)])
    if isinstance(member, functools._lru_cache_wrapper):
        attributes = attributes_of(member)
        wrapped = _member(kind, member.__wrapped__)
        return Part("cached", [wrapped, attributes] if attributes else wrapped)
    if isinstance(member, types.MemberDescriptorType) and member.__objclass__ is kind:
        return Part("slot", member.__name__)
    return member


def _descriptor(base: str, member: Any, content: Any) -> Part:
    """Of a class derived from that of Python, it, and what more it keeps, count as well."""
    kind = type(member)
    if _is_pythons_own(kind):
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
    return Part("method", content)


def _describe_descriptor(value: Any) -> tuple[str, Any] | None:
    """What stands in classes besides values: by what it was made of."""
    if isinstance(value, (functools.partialmethod, functools.partial)):
        known = type(value) in (functools.partialmethod, functools.partial) or type(value).__module__ == "neve._memo"
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
    if type(value).__module__ == "pydantic.fields" and hasattr(type(value), "__slots__"):  # a field of a dataclass
        declared = _slots(value)
        return declared.tag, declared.content
    return None


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
