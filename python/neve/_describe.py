"""What stands for Python values that are neither JSON nor arrays: docs/formats/python-values.md.

`describe` gives a pair of tag and content for the encoder in the extension, `restore` makes the value again. A class is
never imported because an entry says so: only one that this process knows already is made, and without running its
`__init__`.
"""

from __future__ import annotations

import enum
import functools
import sys
from typing import TYPE_CHECKING, Any

from neve.errors import CorruptError, InvalidArgumentError, UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Callable

    Describe = Callable[[Any], Any]
    Restore = Callable[[Any], Any]

_registered: dict[type, tuple[str, Describe]] = {}
_restorers: dict[str, Restore] = {}


def register(kind: type, encode: Describe, decode: Restore, *, name: str | None = None) -> None:
    """Teaches neve to keep values of `kind` exactly.

    `encode(value)` gives what the value consists of, in terms of what neve knows: dicts, lists, arrays, numbers, text,
    other registered types. `decode(content)` makes the value again and must give one equal to it. `name` is what stored
    entries call the type, by default its module and qualified name; entries outlive renamed modules if it is given.

    A class that is defined anew under the same name, as in a notebook's cell that runs again, takes the place of the
    former one. Raises InvalidArgumentError if the name is taken by another type.
    """
    tag = f"type:{name or type_path(kind)}"
    for former in [each for each, (taken, _) in _registered.items() if taken == tag and each is not kind]:
        if type_path(former) != type_path(kind):
            break
        del _registered[former], _restorers[tag]
    if tag in _restorers and _registered.get(kind, ("",))[0] != tag:
        raise InvalidArgumentError(f"the name {tag[5:]!r} is registered for another type; give another name=")
    _registered[kind] = (tag, encode)
    _restorers[tag] = decode


def type_path(kind: type) -> str:
    """Module and name. A script is `__mp_main__` in the processes that multiprocessing spawns."""
    module = "__main__" if kind.__module__ == "__mp_main__" else kind.__module__
    return f"{module}:{kind.__qualname__}"


_scripts: list[dict[str, Any]] = []


def knows_types_of(function: Any) -> None:
    """Makes the types of a script known that a function of it refers to, in a process that has not run the script but
    was sent the function."""
    around = getattr(function, "__globals__", None)
    if around is None or around is getattr(sys.modules.get("__main__"), "__dict__", None):
        return
    if not any(known is around for known in _scripts):
        _scripts.append(around)


def _type_called(module: str, qualname: str) -> Any:
    """What this process knows under that name; None if nothing."""
    first, *rest = qualname.split(".")
    places = [getattr(sys.modules.get(module), "__dict__", {}), *(_scripts if module == "__main__" else [])]
    for place in places:
        found: Any = place.get(first)
        for part in rest:
            found = getattr(found, part, None)
        if found is not None:
            return found
    return None


def is_known_by_name(kind: type) -> bool:
    """Whether its name leads to the class: others may be called the same, as those that a function makes."""
    found = _type_called(kind.__module__, kind.__qualname__)
    if found is None and kind.__module__ in ("__main__", "__mp_main__") and "<locals>" not in kind.__qualname__:
        # In a process that another started without running the script again, names of the script lead nowhere.
        return _has_parent()
    return found is kind


def _has_parent() -> bool:
    processes = sys.modules.get("multiprocessing.process")
    return processes is not None and processes.parent_process() is not None


_met: dict[str, type | None] = {}  # None: two of one name


def _type_of(value: Any, for_key: bool) -> dict[str, Any]:
    """The name of its class; in a key the class itself, too, where the name does not say which it is. A script's class is
    remembered: in a process that has not run the script, a result may have it, too."""
    kind = type(value)
    if kind.__module__ in ("__main__", "__mp_main__") and "<locals>" not in kind.__qualname__:
        path = type_path(kind)
        _met[path] = kind if _met.get(path, kind) is kind else None
    named = {"type": type_path(kind)}
    return named if not for_key or is_known_by_name(kind) else {**named, "class": kind}


def describe(value: Any, for_key: bool) -> tuple[str, Any] | None:
    kind = type(value)
    if kind.__module__ in _STANDARD_MODULES:
        _register_standard_types()
    if kind in _registered:
        tag, encode = _registered[kind]
        return tag, encode(value)
    if kind in _plain:
        return _plain[kind](value)
    if isinstance(value, enum.Enum):
        return "enum", {"name": value.name, **_type_of(value, for_key), "value": value.value}
    if hasattr(kind, "__dataclass_fields__"):
        return _describe_dataclass(value, for_key)
    if hasattr(kind, "model_fields") and hasattr(kind, "__pydantic_fields_set__"):
        return _describe_model(value, for_key)
    if isinstance(value, tuple) and hasattr(kind, "_fields"):
        if getattr(value, "__dict__", None):
            raise UnsupportedError(f"the {kind.__qualname__} has attributes besides its fields: {sorted(value.__dict__)}")
        names = {} if not for_key or is_known_by_name(kind) else {"fields": list(kind._fields)}
        return "namedtuple", {"items": list(value), **names, **_type_of(value, for_key)}
    if hasattr(kind, "__dask_graph__"):
        raise UnsupportedError(f"the {kind.__qualname__} of dask is a plan, no value; give what its compute() makes")
    if for_key:
        from neve._describe_code import describe_code

        return describe_code(value)
    return None


def restore(tag: str, content: Any) -> Any:
    if tag.startswith("type:"):
        _register_standard_types()
    if tag in _restorers:
        return _restorers[tag](content)
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


def _describe_dataclass(value: Any, for_key: bool) -> tuple[str, Any]:
    names = [name for name in sorted(type(value).__dataclass_fields__) if _is_field(value, name)]
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
    return "dataclass", {"fields": fields, **_type_of(value, for_key)}


def slots_of(value: Any) -> set[str]:
    """The slots of an object that are filled."""
    names: set[str] = set()
    for base in type(value).__mro__:
        slots = base.__dict__.get("__slots__", ())
        names.update([slots] if isinstance(slots, str) else slots)
    return {name for name in names - {"__dict__", "__weakref__"} if hasattr(value, name)}


def cached_of(value: Any) -> set[str]:
    """What `functools.cached_property` has left in an object: made of the rest, and made anew where it is missing."""
    kept = getattr(value, "__dict__", {})
    kinds = type(value).__mro__
    return {
        name
        for name in kept
        if isinstance(next((vars(kind)[name] for kind in kinds if name in vars(kind)), None), functools.cached_property)
    }


def _is_field(value: Any, name: str) -> bool:
    kind: str = type(value).__dataclass_fields__[name]._field_type.name  # InitVar and ClassVar are listed, too
    return kind == "_FIELD"


def _describe_model(value: Any, for_key: bool) -> tuple[str, Any]:
    private = getattr(value, "__pydantic_private__", None)
    if private:
        raise UnsupportedError(f"the {type(value).__qualname__} has private attributes {sorted(private)}, which are not kept")
    made = cached_of(value)
    content: dict[str, Any] = {
        "fields": {name: each for name, each in sorted(value.__dict__.items()) if name not in made},
        "set": sorted(value.__pydantic_fields_set__),
        **_type_of(value, for_key),
    }
    extra = getattr(value, "__pydantic_extra__", None)
    if extra is not None:
        content["extra"] = dict(sorted(extra.items()))
    return "model", content


def _known_type(path: str) -> Any:
    """The class called so, if this process has imported its module."""
    module, _, name = path.partition(":")
    found = _type_called(module, name) or (_met.get(path) if _has_parent() else None)
    if not isinstance(found, type) or type_path(found) != path:
        raise UnsupportedError(f"the stored value is a {path}, which this process does not know; import its module first")
    return found


def _make_dataclass(content: Any) -> Any:
    kind = _known_type(content["type"])
    names = {name for name, field in kind.__dataclass_fields__.items() if field._field_type.name == "_FIELD"}
    return _filled(kind, names, content["fields"])


def _filled(kind: Any, names: set[str], fields: dict[str, Any]) -> Any:
    if names != set(fields):
        raise UnsupportedError(f"the stored {kind.__qualname__} has other fields than the class: {sorted(fields)}")
    made = kind.__new__(kind)
    for name, value in fields.items():
        object.__setattr__(made, name, value)
    return made


def _make_model(content: Any) -> Any:
    kind = _known_type(content["type"])
    if set(kind.model_fields) != set(content["fields"]):
        raise UnsupportedError(f"the stored {kind.__qualname__} has other fields than the class")
    made = kind.__new__(kind)
    object.__setattr__(made, "__dict__", {name: content["fields"][name] for name in kind.model_fields})
    object.__setattr__(made, "__pydantic_fields_set__", set(content["set"]))
    object.__setattr__(made, "__pydantic_extra__", content.get("extra"))
    object.__setattr__(made, "__pydantic_private__", None)
    return made


def _make_enum(content: Any) -> Any:
    kind = _known_type(content["type"])
    if not issubclass(kind, enum.Enum):
        raise UnsupportedError(f"the stored value is a {content['type']}, which is no enum here")
    try:
        member = kind(content["value"])
    except ValueError:
        raise UnsupportedError(f"the stored {content['type']} is {content['value']!r}, which it has not here") from None
    if member.name != content["name"] and not isinstance(member, enum.Flag):
        raise UnsupportedError(f"the stored {content['type']} is called {content['name']}, here it is {member.name}")
    return member


def _make_namedtuple(content: Any) -> Any:
    kind = _known_type(content["type"])
    if not issubclass(kind, tuple) or len(content["items"]) != len(getattr(kind, "_fields", ())):
        raise UnsupportedError(f"the stored {content['type']} has other fields than the class")
    return tuple.__new__(kind, content["items"])


def _describe_set(value: Any) -> tuple[str, Any]:
    plain = (bool, int, float, str, bytes, type(None))
    if not all(type(item) in plain for item in value):
        raise UnsupportedError(f"a {type(value).__name__} can be kept if it holds numbers and text only")
    return type(value).__name__, sorted(value, key=lambda item: (type(item).__name__, repr(item)))


def _describe_bytes(value: Any) -> tuple[str, Any]:
    return type(value).__name__, bytes(value).hex()


def _describe_complex(value: complex) -> tuple[str, Any]:
    return "complex", [value.real, value.imag]


def _make_complex(content: Any) -> complex:
    return complex(content[0], content[1])


_plain: dict[type, Callable[[Any], tuple[str, Any]]] = {
    complex: _describe_complex,
    bytes: _describe_bytes,
    bytearray: _describe_bytes,
    set: _describe_set,
    frozenset: _describe_set,
    range: lambda value: ("range", [value.start, value.stop, value.step]),
    slice: lambda value: ("slice", [value.start, value.stop, value.step]),
    type(Ellipsis): lambda value: ("ellipsis", None),
}

_makers: dict[str, Restore] = {
    "complex": _make_complex,
    "bytes": bytes.fromhex,
    "bytearray": bytearray.fromhex,
    "set": set,
    "frozenset": frozenset,
    "range": lambda content: range(*content),
    "slice": lambda content: slice(*content),
    "ellipsis": lambda content: Ellipsis,
    "dataclass": _make_dataclass,
    "model": _make_model,
    "enum": _make_enum,
    "namedtuple": _make_namedtuple,
}


_STANDARD_MODULES = frozenset({"datetime", "decimal", "fractions", "pathlib", "pathlib._local", "uuid"})
_standard_types_known = False


def _register_standard_types() -> None:
    """Not before the first of them is met: their modules would slow down every `import neve`."""
    global _standard_types_known
    if _standard_types_known:
        return
    import datetime
    import decimal
    import fractions
    import pathlib
    import uuid

    def iso(value: Any) -> list[Any]:
        zone = getattr(value, "tzinfo", None)
        if zone is not None and type(zone) is not datetime.timezone:
            raise UnsupportedError(f"a time in the zone {zone} is not kept; give it in UTC or with a fixed offset")
        if zone is not None and zone.tzname(None) != datetime.timezone(zone.utcoffset(None)).tzname(None):
            raise UnsupportedError(f"a time in the zone called {zone} is not kept: give one without a name of its own")
        return [value.isoformat(), getattr(value, "fold", 0)]

    def from_iso(kind: Any) -> Restore:
        def make(content: Any) -> Any:
            made = kind.fromisoformat(content[0])
            return made.replace(fold=content[1]) if content[1] else made

        return make

    for kind in (datetime.datetime, datetime.date, datetime.time):
        register(kind, iso, from_iso(kind), name=kind.__name__)
    register(
        datetime.timedelta,
        lambda value: [value.days, value.seconds, value.microseconds],
        lambda content: datetime.timedelta(*content),
        name="timedelta",
    )
    for each in (decimal.Decimal, fractions.Fraction, uuid.UUID, pathlib.PurePosixPath, pathlib.PosixPath):
        register(each, str, each, name=each.__name__)
    _standard_types_known = True
