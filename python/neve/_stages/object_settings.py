"""The settings of a stage that is an object: the fields of a dataclass or a pydantic model."""

from __future__ import annotations

import copy
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from neve import _neve
from neve._code.functions import is_made_of_python
from neve._stages.declared import declared_by, fields_said, hidden_in, set_later
from neve._stages.declared import made as made_of
from neve._stages.stage import number_of
from neve._values.fields import slots_of
from neve.errors import InvalidArgumentError, UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def settings_of(given: Any) -> dict[str, Any]:
    """The settings by name, which enter the key. Raises UnsupportedError for an object that holds more than these."""
    if hasattr(given, "model_dump"):
        settings = _dumped(given)
        secret = {name for name in settings if hasattr(getattr(given, name, None), "get_secret_value")}
        hidden = set(type(given).model_fields) - set(settings) | secret | set(given.__pydantic_private__ or ())
        if not hidden:
            _require_whole_model(given)
    elif is_dataclass(given):
        stage: Any = given
        settings = fields_said(given, f"the stage {stage.op_name}")
        hidden = hidden_in(given)
    else:
        settings = {}
        hidden = (set(getattr(given, "__dict__", ())) | slots_of(given)) - {"op_name", "version"}
    hidden |= {f"what it holds as a {each.__name__}" for each in type(given).__mro__ if _holds_something_itself(each)}
    if hidden:
        raise UnsupportedError(
            f"the stage {given.op_name} keeps {', '.join(sorted(hidden))}, which would not enter its key; make each a field "
            "of a dataclass or pydantic model, neither excluded nor secret"
        )
    return settings


def _holds_something_itself(kind: type) -> bool:
    """As a tuple or a dict does, beside attributes."""
    return not is_made_of_python(kind) and kind.__basicsize__ > object.__basicsize__


def _dumped(given: Any) -> dict[str, Any]:
    """A pydantic model as JSON."""
    try:
        return dict(given.model_dump(mode="json"))
    except Exception as error:
        for name in type(given).model_fields:
            try:
                given.model_dump(mode="json", include={name})
            except Exception as reason:
                raise UnsupportedError(
                    f"the field {name!r} of the stage {given.op_name} has no JSON, from which the key is made: {reason}"
                ) from reason
        raise UnsupportedError(f"the stage {given.op_name} has no JSON, from which its key is made: {error}") from error


def _require_whole_model(given: Any) -> None:
    """Refuses a pydantic model whose JSON does not say all of it: excluded or secret fields within fields, serializers
    that round, a subclass in a field of its base, values of a type that JSON does not have in a field of any type."""
    for by_alias in (True, False):
        try:
            if type(given).model_validate_json(given.model_dump_json(round_trip=True, by_alias=by_alias)) == given:
                return
        except Exception:  # of a validator, or because it wants the other names
            continue
    raise UnsupportedError(
        f"the stage {given.op_name} is not what its JSON says, from which its key is made; its fields must come back from "
        "model_dump_json as they are: neither excluded, secret nor rounded, nor of a type that JSON does not have"
    )


def put_as_the_key_says(given: Any) -> None:
    """Gives every dict among the settings the order of its names and makes NumPy's numbers Python's: the key tells none of
    these apart, and the stage could."""
    if hasattr(given, "model_dump"):
        extra = getattr(given, "__pydantic_extra__", None)
        for place in (given.__dict__, extra if isinstance(extra, dict) else {}):
            for name in list(place):
                if place is extra or name in type(given).model_fields:
                    place[name] = _as_the_key_says(place[name])
        if isinstance(extra, dict):
            _sort(extra)
    elif is_dataclass(given):
        derived = [each.name for each in fields(given) if not each.init]
        made_of_the_others = bool(derived) and not set_later(given)
        for each in fields(given):
            if not each.init or not hasattr(given, each.name):
                continue
            value = getattr(given, each.name)
            said = _as_the_key_says(value)
            if said is not value:
                object.__setattr__(given, each.name, said)
        if made_of_the_others:
            _derive_again(given, derived)


def _derive_again(given: Any, names: list[str]) -> None:
    again = replace(given)
    for name in names:
        object.__setattr__(given, name, getattr(again, name))


def _as_the_key_says(value: Any) -> Any:
    if isinstance(value, dict):
        made = copy.copy(value)
        for name in made:
            made[name] = _as_the_key_says(made[name])
        _sort(made)
        return made
    if type(value) in (list, tuple):
        return type(value)(_as_the_key_says(each) for each in value)
    if hasattr(type(value), "model_dump") or (is_dataclass(value) and not isinstance(value, type)):
        put_as_the_key_says(value)
        return value
    return number_of(value)


def _sort(names: dict[Any, Any]) -> None:
    """Puts them in order where they are: a dict of another class may be made otherwise than by its items."""
    for name in sorted(names, key=str):
        names[name] = names.pop(name)


class ObjectSettings(NamedTuple):
    """An object that is a stage, and what its key says of it. A sweep makes one for every point."""

    given: Any
    values: dict[str, Any]  # what was set since it was added, before `__post_init__` made something of it
    said: dict[str, Any]

    def changed(self, config: dict[str, Any]) -> ObjectSettings:
        """The same object with one setting as in `config`; what it does not know is refused with its name."""
        known = self.said
        for name in config:
            if name not in known:
                raise InvalidArgumentError(
                    f"the stage {self.given.op_name} has no setting {name!r}; its settings are {list(known)}"
                )
        others = {name: value for name, value in config.items() if not _same(value, known[name])}
        if hasattr(self.given, "model_validate"):
            return _changed_model(self.given, {**known, **others}) if others else self
        return _changed_dataclass(self, others)


def _changed_dataclass(before: ObjectSettings, changed: dict[str, Any]) -> ObjectSettings:
    """Made by its arguments. What `__post_init__` makes of the changed one is its setting, of which the key is made; what it
    would make of another once more is refused, and so is a value that the setting has anyhow, if it would not keep it."""
    given, values = before.given, {**before.values, **changed} if changed else {}
    kinds = declared_by(type(given))
    made = replace(given, **{name: made_of(value, kinds.get(name), name) for name, value in values.items()})
    settings = settings_of(made)
    for name, value in {**before.said, **changed}.items():
        converted = name in changed and not isinstance(value, dict)  # of a group only one field was set
        if not converted and not _same(settings[name], value):
            raise _other_than_wanted(given, name, settings[name], value)
    return ObjectSettings(made, values, settings)


def _changed_model(given: Any, wanted: dict[str, Any]) -> ObjectSettings:
    """A pydantic model with these settings. One that comes out otherwise is refused: an alias, or what a validator makes of
    it once more."""
    came_out: dict[str, Any] = {}
    failure: Exception | None = None
    for make in _ways_to_make(type(given), wanted):
        try:
            made = make()
        except Exception as error:  # of a validator, or because it wants other names
            failure = failure or error
            continue
        settings = settings_of(made)
        if settings == wanted:
            return ObjectSettings(made, {}, settings)
        came_out = came_out or settings
    if not came_out and failure is not None:
        raise failure
    name = next(each for each in wanted if each not in came_out or came_out[each] != wanted[each])
    raise _other_than_wanted(given, name, came_out.get(name), wanted[name])


def _same(one: Any, other: Any) -> bool:
    """Whether the key says the same of both."""
    if one and type(one) is type(other) and type(one) in (bool, int, float, str) and one == other:  # not so of 0.0 and -0.0
        return True
    return _neve.compact_json(one) == _neve.compact_json(other)


def _other_than_wanted(given: Any, name: str, value: Any, wanted: Any) -> UnsupportedError:
    return UnsupportedError(
        f"the stage {given.op_name}, made anew with other settings, has {name}={value!r} and not {wanted!r}, of which its key "
        f"would be made; leave {name} as it is given, and keep what is made of it in a property or a field(init=False)"
    )


def _ways_to_make(kind: Any, settings: dict[str, Any]) -> Iterator[Callable[[], Any]]:
    """Of a pydantic model by its names, where it lets them, and by their aliases."""
    yield lambda: kind.model_validate(settings)
    aliases = {name: field.validation_alias or field.alias or name for name, field in kind.model_fields.items()}
    if any(alias != name for name, alias in aliases.items()):
        yield lambda: kind.model_validate({str(aliases.get(name, name)): value for name, value in settings.items()})
        yield lambda: kind.model_validate(settings, by_name=True)  # pydantic 2.11
