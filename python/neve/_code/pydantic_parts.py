"""What a pydantic model consists of, for keys."""

from __future__ import annotations

from typing import Any

from neve._code.hints import Part, hint, hints_of


def members_of_model(kind: Any, members: dict[str, Any]) -> dict[str, Any]:
    """What pydantic makes of a class is made anew of its fields and of what its decorators are attached to."""
    made = [name for name in members if name.startswith("__pydantic_") and name != "__pydantic_init_subclass__"]
    left = {name: member for name, member in members.items() if name not in made}
    fields = getattr(kind, "__pydantic_fields__", None) or getattr(kind, "model_fields", {})
    left["fields of the model"] = {name: declared(each) for name, each in fields.items()}
    private = left.pop("__private_attributes__", {})
    left["private attributes"] = {name: declared(each) for name, each in private.items()}
    decorators = kind.__pydantic_decorators__
    left["decorators of the model"] = {
        sort: {name: [each.cls_var_name, declared(each.info)] for name, each in getattr(decorators, sort).items()}
        for sort in sorted(type(decorators).__dataclass_fields__)
    }
    if config := members.get("__pydantic_config__"):  # of a dataclass
        left["config of the model"] = dict(config)
    return left


def declared(of: Any) -> Part:
    """What pydantic keeps about a field or a decorator."""
    names: Any = getattr(type(of), "__slots__", None) or getattr(type(of), "__dataclass_fields__", ())
    given: dict[str, Any] = {name: getattr(of, name, None) for name in names if not name.startswith("_")}
    given.pop("wrapped_property", None)  # a member of the class
    given = {
        name: value
        for name, value in given.items()
        if "Undefined" not in type(value).__name__ and (value is not None or name == "default")
    }
    for name in {"annotation", "json_schema_input_type", "return_type"} & set(given):
        given[name] = hint(given[name])
    return Part("field", given)


def validated(value: Any) -> tuple[str, Any] | None:
    """Of what `validate_call` puts around a function and of a TypeAdapter: the types by which they tell what is valid."""
    kind = type(value)
    if (kind.__module__, kind.__name__) == ("pydantic._internal._validate_call", "ValidateCallWrapper"):
        config = getattr(value.config_wrapper, "config_dict", None)
        hints = hints_of(value.function)
        return "validated", [value.function, hints, value.validate_return, config]
    if (kind.__module__, kind.__name__) == ("pydantic.type_adapter", "TypeAdapter"):
        return "validated", [hint(value._type), value._config]
    return None
