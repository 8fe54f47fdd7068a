"""What a class consists of, for keys: everything that can be got at through it, exactly, or a refusal that names it."""

from __future__ import annotations

import enum
import functools
import importlib.metadata
import operator
import sys
import types
from typing import Any

from neve._hints import Part, describe_hint, hint
from neve._source import closure_of, code_digest, found_by_name, is_made_of_python, qualified_name
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
                f"the source of the class {name} is not to be had, so a change of it would go unnoticed; give its name "
                "instead"
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
    package = kind.__module__.partition(".")[0]
    if package not in sys.stdlib_module_names or kind.__module__ == "__main__":
        return False
    return not is_made_of_python(kind) or found_by_name(kind.__module__, kind.__qualname__) is kind


def _installed_version(kind: type) -> str | None:
    """Of a class that is as its package, which somebody installed, has defined it."""
    if found_by_name(kind.__module__, kind.__qualname__) is not kind:
        return None
    return _version_of_package(kind.__module__.partition(".")[0])


@functools.cache
def _version_of_package(package: str) -> str | None:
    module = sys.modules.get(package)
    places = [getattr(module, "__file__", None) or "", *getattr(module, "__path__", ())]
    if not any(folder in place for place in places for folder in ("site-packages", "dist-packages")):
        return None
    version = getattr(module, "__version__", None)
    try:
        return str(version or importlib.metadata.version(package))
    except importlib.metadata.PackageNotFoundError:
        return None


def _is_compiled(kind: type) -> bool:
    """Whether its methods are machine code, of which nothing can be seen."""
    if not is_made_of_python(kind):
        return True
    slots = (types.WrapperDescriptorType, types.MethodDescriptorType, types.ClassMethodDescriptorType)
    compiled = ("cython_function_or_method", "fused_cython_function", "instancemethod", "nb_func", "nb_method")
    return any(
        type(member).__name__ in compiled or (isinstance(member, slots) and member.__objclass__ is kind)
        for member in vars(kind).values()
    )


_PLAIN = (bool, int, float, complex, str, bytes, type(None))


def _plain_members(kind: type) -> dict[str, Any]:
    """What somebody may have set on another's class; the rest is what its version says."""
    return {
        name: code_digest(member) if isinstance(member, types.FunctionType) else member
        for name, member in sorted(vars(kind).items())
        if isinstance(member, types.FunctionType) or (isinstance(member, _PLAIN) and name not in _EVERY_CLASS_HAS)
    }


_EVERY_CLASS_HAS = frozenset(
    "__annotate__ __annotate_func__ __annotations__ __annotations_cache__ __dict__ __doc__ __firstlineno__ __module__ "
    "__qualname__ __static_attributes__ __weakref__".split()
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
    if "__pydantic_fields_set__" in members or "__pydantic_core_schema__" in members:
        members = {name: member for name, member in members.items() if not name.startswith("__pydantic_")}
        members["fields of the model"] = {name: _slots(each) for name, each in kind.model_fields.items()}  # type: ignore[attr-defined]
        private = members.pop("__private_attributes__", {})
        members["private"] = {name: _slots(each) for name, each in private.items()}
    return members


def _slots(declared: Any) -> Part:
    """A field's declaration by pydantic."""
    given: dict[str, Any] = {name: getattr(declared, name, None) for name in type(declared).__slots__ if not name.startswith("_")}
    given = {name: value for name, value in given.items() if value is not None and "Undefined" not in type(value).__name__}
    if "annotation" in given:
        given["annotation"] = hint(given["annotation"])
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
        return Part(type(member).__name__, _member(kind, member.__func__))
    if isinstance(member, (property, types.DynamicClassAttribute)):
        return Part("property", [_member(kind, each) for each in (member.fget, member.fset, member.fdel)])
    if isinstance(member, functools.cached_property):
        return Part("cached_property", [member.attrname, _member(kind, member.func)])
    if isinstance(member, functools._lru_cache_wrapper):
        return Part("cached", _member(kind, member.__wrapped__))
    if isinstance(member, types.MemberDescriptorType) and member.__objclass__ is kind:
        return Part("slot", member.__name__)
    return member


def _method(kind: type, function: types.FunctionType) -> Part:
    if function.__module__.partition(".")[0] in sys.stdlib_module_names:
        if found_by_name(function.__module__, function.__qualname__) is function:
            return Part("builtin", qualified_name(function))
    around = closure_of(function)
    content = {
        "closure": {name: around[name] for name in sorted(around)},
        "code": code_digest(function),
        "defaults": [list(function.__defaults__ or ()), dict(function.__kwdefaults__ or {})],
    }
    if function.__module__ != kind.__module__:  # other global variables
        content["module"] = function.__module__
    return Part("method", content)


def _describe_descriptor(value: Any) -> tuple[str, Any] | None:
    """What stands in classes besides values: by what it was made of."""
    if isinstance(value, (functools.partialmethod, functools.partial)):
        if getattr(value, "__dict__", None) and not isinstance(value, functools.partialmethod):
            return None
        return type(value).__name__, [value.func, list(value.args), dict(value.keywords)]
    if isinstance(value, (types.WrapperDescriptorType, types.MethodDescriptorType, types.ClassMethodDescriptorType)):
        return "builtin", {"name": value.__name__, "of": value.__objclass__}
    if isinstance(value, (operator.itemgetter, operator.attrgetter, operator.methodcaller)):
        return type(value).__name__, [*value.__reduce__()[1:]]
    if isinstance(value, types.MappingProxyType):
        return "mappingproxy", dict(value)
    if type(value).__name__ == "_tuplegetter":  # a field of a named tuple
        return "field", list(value.__reduce__()[1])
    if type(value).__module__ == "dataclasses":
        return _describe_of_dataclasses(value)
    return None


def _describe_of_dataclasses(value: Any) -> tuple[str, Any] | None:
    import dataclasses

    if isinstance(value, dataclasses.Field):
        given = {name: getattr(value, name) for name in type(value).__slots__ if name not in ("type", "_field_type", "doc")}
        return "field", {**given, "kind": value._field_type.name, "type": hint(value.type)}  # type: ignore[attr-defined]
    if type(value).__name__ == "_DataclassParams":
        return "dataclass options", repr(value)
    for name, known in vars(dataclasses).items():  # MISSING and its like
        if known is value:
            return "builtin", f"dataclasses.{name}"
    return None
