"""What stands for Python values that are neither JSON nor arrays: docs/formats/python-values.md.

`describe` gives a pair of tag and content for the encoder in the extension, `restore` makes the value again. A class is
never imported because an entry says so: only one that this process knows already is made, and without running its
`__init__`.
"""

from __future__ import annotations

import enum
import functools
import importlib
from typing import TYPE_CHECKING, Any

from neve import _neve
from neve._values.disguise import refuse_disguise
from neve._values.fields import (
    attributes_of_member,
    describe_attrs,
    describe_dataclass,
    describe_enum,
    describe_model,
    describe_namedtuple,
    make_attrs,
    make_dataclass,
    make_enum,
    make_model,
    make_namedtuple,
)
from neve._values.pydantic_1 import describe_former_model, is_former_model
from neve._values.standard_types import MAKERS, MODULES, PLAIN, describe_dtype, register_standard_types
from neve._values.type_names import type_path
from neve.errors import CorruptError, InvalidArgumentError, UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Callable

    Describe = Callable[[Any], Any]
    Restore = Callable[[Any], Any]

_registered: dict[type, tuple[str, Describe]] = {}
_restorers: dict[str, Restore | None] = {}


def register(kind: type, encode: Describe, decode: Restore | None, *, name: str | None = None) -> None:
    """Teaches neve to keep values of `kind` exactly.

    `encode(value)` gives what the value consists of, in terms of what neve knows: dicts, lists, arrays, numbers, text,
    other registered types. `decode(content)` makes the value again and must give one equal to it; None: such values are
    arguments, and no results. `name` is what stored entries call the type, by default its module and qualified name;
    entries outlive renamed modules if it is given.

    A class that is defined anew under the same name, as in a notebook's cell that runs again, takes the place of the
    former one. Raises InvalidArgumentError if the name is taken by another type, and for what is no class or no function.
    """
    if not isinstance(kind, type):
        raise InvalidArgumentError(f"the type to register is {kind!r}; give a class")
    for word, codec in (("encode", encode), ("decode", decode)):
        if not callable(codec) and (codec is not None or word == "encode"):
            raise InvalidArgumentError(f"{word} is {codec!r}; give a function")
    tag = f"type:{name or type_path(kind)}"
    for former in [each for each, (taken, _) in _registered.items() if taken == tag and each is not kind]:
        if type_path(former) != type_path(kind):
            break
        del _registered[former], _restorers[tag]
    if tag in _restorers and _registered.get(kind, ("",))[0] != tag:
        raise InvalidArgumentError(f"the name {tag[5:]!r} is registered for another type; give another name=")
    _registered[kind] = (tag, encode)
    _restorers[tag] = decode


def is_registered(kind: type) -> bool:
    """Whether it is known by a name what its values consist of."""
    if kind.__module__ in MODULES:
        _register_standard_types()
    elif (package := kind.__module__.partition(".")[0]) in _of_tables:
        _register_types_of(package)
    return kind in _registered


def describe(value: Any, for_key: bool) -> tuple[str, Any] | None:
    """Tag and content of a value, the content in terms of what the encoder or this function knows. None for what has no
    exact form. `for_key`: for a key, in which functions and classes may stand too, and not for a result.

    Raises UnsupportedError, naming the place, for a value of a known kind that holds more than its description would.
    """
    kind = type(value)
    if is_registered(kind):
        tag, encode = _registered[kind]
        return tag, encode(value)
    if kind in PLAIN:
        return PLAIN[kind](value)
    package = kind.__module__.partition(".")[0]
    if package in _of_quantities:
        found: tuple[str, Any] | None = _quantities_of(package).described(value, for_key)
        if found is not None:
            return found
    refuse_disguise(value)
    if (dtype := describe_dtype(value)) is not None:
        return dtype
    if isinstance(value, enum.Enum):
        return _describe_member(value, for_key)
    if hasattr(kind, "__dataclass_fields__"):
        return describe_dataclass(value, for_key)
    if hasattr(kind, "__attrs_attrs__"):
        return describe_attrs(value, for_key)
    if hasattr(kind, "model_fields") and hasattr(kind, "__pydantic_fields_set__"):
        return describe_model(value, for_key)
    if is_former_model(kind):
        return describe_former_model(value, for_key)
    if isinstance(value, tuple) and hasattr(kind, "_fields"):
        return describe_namedtuple(value, for_key)
    if hasattr(kind, "__dask_graph__") and _is_plan(value):
        raise UnsupportedError(f"the {kind.__qualname__} of dask is a plan, no value; give what its compute() makes")
    if kind.__module__ == "random" or kind.__module__.startswith("numpy.random."):
        raise UnsupportedError(f"the {kind.__qualname__} changes with each use; give its seed, and make it where it is used")
    if for_key:
        # Not before: what a function reads are values again, so the rooms for code stand on this one.
        from neve._code.describe_code import describe_code

        return describe_code(value)
    return None


def _describe_member(member: enum.Enum, for_key: bool) -> tuple[str, Any]:
    """In a key with its attributes: a function may compute with them. Members among these are said by name and value, since
    they may lead back (`NORTH.opposite`)."""
    tag, content = describe_enum(member, for_key)
    if for_key and (attributes := attributes_of_member(member)):
        try:
            content["attributes"] = _neve.value_digest(attributes, _describe_attribute)
        except UnsupportedError as error:
            raise UnsupportedError(f"the attributes of {member} count, which functions may read: {error}") from None
    return tag, content


def _describe_attribute(value: Any, for_key: bool) -> tuple[str, Any] | None:
    from neve._code.objects import is_observer

    if is_observer(value):
        return "object", type_path(type(value))
    return describe_enum(value, for_key) if isinstance(value, enum.Enum) else describe(value, for_key)


def _is_plan(value: Any) -> bool:
    """Whether it is one of dask's. Classes of xarray and pint have the method, too; pint's raises where there is no dask."""
    try:
        return value.__dask_graph__() is not None
    except Exception:
        return False


def restore(tag: str, content: Any) -> Any:
    """The value that `describe` gave tag and content of.

    Raises UnsupportedError for a type that this process does not know, or that has other fields by now; CorruptError for
    content that cannot be that of the tag; and what the decoder of a registered type raises.
    """
    if tag.startswith("type:"):
        _register_standard_types()
    package = tag.removeprefix("type:").partition(".")[0]
    if package in _of_tables and tag not in _restorers:
        _register_types_of(package)
    restorer = _restorers.get(tag)
    if restorer is None and package in _of_quantities:
        restorer = _quantities_of(package).RESTORERS.get(tag)
    if restorer is not None:
        return restorer(content)
    maker = _makers.get(tag)
    if maker is None:
        name = tag.removeprefix("type:")
        raise UnsupportedError(f"nothing here makes {name!r} again; neve.register(...) its type first")
    try:
        return maker(content)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, UnsupportedError):
            raise
        raise CorruptError(f"the stored value has a malformed {tag}: {error}") from error


_makers: dict[str, Restore] = {
    **MAKERS,
    "attrs": make_attrs,
    "dataclass": make_dataclass,
    "model": make_model,
    "enum": make_enum,
    "namedtuple": make_namedtuple,
}

_standard_types_known = False


def _register_standard_types() -> None:
    """Not before the first of them is met: their modules would slow down every `import neve`."""
    global _standard_types_known
    if not _standard_types_known:
        register_standard_types(register)
        _standard_types_known = True


def _register_types_of(package: str) -> None:
    """Of what keeps tables. Raises UnsupportedError where it is not installed. What somebody else has registered stays."""
    if _of_tables[package]:
        return
    for kind, encode, decode in _types_of(package).CODECS:
        if kind not in _registered:
            register(kind, encode, decode, name=f"{package}.{kind.__name__}")
    _of_tables[package] = True


def _types_of(package: str) -> Any:
    try:
        return importlib.import_module(f"neve._values.{package}_types")
    except ImportError as error:
        raise UnsupportedError(f"the stored value is one of {package}, which cannot be imported here: {error}") from None


@functools.cache
def _quantities_of(package: str) -> Any:
    """Of what has a class for each registry, or asks more of a result than of an argument."""
    return _types_of(package)


_of_quantities = frozenset({"astropy", "pint"})
_of_tables = {"pandas": False, "polars": False, "xarray": False}  # whether their types are registered
