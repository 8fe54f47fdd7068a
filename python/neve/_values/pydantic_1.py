"""Models of pydantic 1, also of the `pydantic.v1` that pydantic 2 brings along, as values and back."""

from __future__ import annotations

from typing import Any

from neve._values.type_names import type_of
from neve.errors import UnsupportedError


def is_former_model(kind: type) -> bool:
    """Whether it is a class of pydantic 1."""
    return "__fields__" in vars(kind) and any(base.__module__ in ("pydantic.main", "pydantic.v1.main") for base in kind.__mro__)


def describe_former_model(value: Any, for_key: bool) -> tuple[str, Any]:
    """What one consists of, as of a model of pydantic 2."""
    private = sorted(type(value).__private_attributes__)
    if private:
        raise UnsupportedError(f"the {type(value).__qualname__} has private attributes {private}, which are not kept")
    names = type(value).__fields__
    fields = {name: each for name, each in sorted(value.__dict__.items()) if name in names}
    extra = {name: each for name, each in sorted(value.__dict__.items()) if name not in names}
    content = {"fields": fields, "set": sorted(value.__fields_set__), **type_of(value, for_key)}
    return "model", {**content, "extra": extra} if extra else content


def make_former_model(kind: Any, content: Any) -> Any:
    """The model again, without its validators."""
    if set(kind.__fields__) != set(content["fields"]):
        raise UnsupportedError(f"the stored {kind.__qualname__} has other fields than the class")
    made = kind.__new__(kind)
    fields = {name: content["fields"][name] for name in kind.__fields__}
    object.__setattr__(made, "__dict__", {**fields, **content.get("extra", {})})
    object.__setattr__(made, "__fields_set__", set(content["set"]))
    return made
