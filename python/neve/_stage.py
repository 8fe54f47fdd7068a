"""Stages in Python: a function or a class, deterministic, named and versioned."""

from __future__ import annotations

import copy
import inspect
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from neve import _arguments, _neve
from neve._around import data_around, data_of_class, is_data, owner_of
from neve._attributes import names_read
from neve._describe import cached_of, describe, slots_of
from neve.cache import as_dict
from neve.errors import InvalidArgumentError, UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from neve._neve import StageContext


@dataclass
class State:
    """What stages hand to each other: metadata (JSON values, kept exactly) and arrays by name.

    All of it counts for the keys of the stages downstream, so it should hold results, not remarks about the run.
    Arrays that a stage is given are read-only.
    """

    meta: dict[str, Any] = field(default_factory=dict)
    arrays: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        """The array or else the metadata called `name`."""
        return self.arrays[name] if name in self.arrays else self.meta[name]


def state_of(given: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """From a State, or a mapping whose arrays become arrays and whose other members metadata."""
    if isinstance(given, State):
        return as_dict(given.meta), given.arrays
    if not hasattr(given, "items"):
        raise InvalidArgumentError(
            f"a stage gave a {type(given).__qualname__}; it gives a neve.State, or a dict of arrays and JSON values"
        )
    meta: dict[str, Any] = {}
    arrays: dict[str, Any] = {}
    for name, value in given.items():
        (arrays if hasattr(value, "dtype") and hasattr(value, "shape") and value.shape != () else meta)[name] = value
    return meta, arrays


class _Adapter:
    """What the extension calls: see python/src/python_stage.hpp."""

    def __init__(
        self,
        call: Callable[..., Any],
        config: dict[str, Any],
        with_config: Callable[[dict[str, Any]], _Adapter],
    ) -> None:
        self.config, self._call, self.with_config = config, call, with_config

    def run(self, inputs: list[tuple[Any, Any]], context: StageContext) -> tuple[Any, Any]:
        return state_of(self._call([State(*each) for each in inputs], context))


class FunctionStage:
    """A function as a stage, made by `neve.stage`. Callable as before; `with_settings` gives it settings."""

    def __init__(self, function: Callable[..., Any], op_name: str, version: str, settings: dict[str, Any]) -> None:
        self.__wrapped__ = function
        self.__doc__ = function.__doc__
        self.__name__ = getattr(function, "__name__", op_name)
        self.op_name, self.version, self.settings = op_name, version, settings
        parameters = inspect.signature(function).parameters.values()
        self._wants_context = any(each.name == "context" for each in parameters)
        positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        inputs = [each for each in parameters if each.kind in positional and each.name != "context"]
        self._any_inputs = any(each.kind is inspect.Parameter.VAR_POSITIONAL for each in parameters)
        self._inputs = len(inputs)
        known = {
            each.name: each.default
            for each in parameters
            if each.kind is inspect.Parameter.KEYWORD_ONLY and each.name != "context"
        }
        for name in settings:
            if name not in known:
                near = f"; its settings are {', '.join(known)}" if known else "; it has none"
                raise InvalidArgumentError(f"the stage {op_name} has no setting {name!r}{near}")
        self.settings = copy.deepcopy({**known, **settings})
        self._required = [name for name, value in self.settings.items() if value is inspect.Parameter.empty]
        self._named = self  # what the function finds under its name
        self._own = frozenset((*vars(self), "_own"))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.__wrapped__(*args, **kwargs)

    def with_settings(self, **settings: Any) -> FunctionStage:
        """The same stage with other settings: the function's keyword-only arguments."""
        given = {name: value for name, value in self.settings.items() if name not in self._required}
        made = FunctionStage(self.__wrapped__, self.op_name, self.version, {**given, **settings})
        made._named = self._named
        return made

    def _made(self) -> _neve.Stage:
        owner = owner_of(self.__wrapped__)
        if owner is not None:
            raise UnsupportedError(
                f"the stage {self.op_name} is called on a {type(owner).__qualname__}, whose content would not enter its key; "
                "give it op_name, version and run, and its settings as fields: then it is a stage itself"
            )
        for name in (*self._data_set_on(), *data_around(self.__wrapped__)):
            raise UnsupportedError(
                f"the stage {self.op_name} takes {name} from around it, which would not enter its key; make it a "
                "keyword-only argument: then it is a setting"
            )
        if self._required:
            raise InvalidArgumentError(f"the stage {self.op_name} needs the setting {self._required[0]!r}")
        return _neve.python_stage(self._adapter(), self.op_name, self.version, None if self._any_inputs else self._inputs)

    def _data_set_on(self) -> list[str]:
        """The attributes that somebody has set on the stage, and the function reads by its name."""
        named, read = self._named, names_read(self.__wrapped__)
        set_on = {name: each for name, each in vars(named).items() if name not in named._own and name in read}
        return [f"{self.__name__}.{name}" for name, each in set_on.items() if is_data(each)]

    def _adapter(self) -> _Adapter:
        return _Adapter(self._caller(self.settings), self.settings, lambda config: self.with_settings(**config)._adapter())

    def _caller(self, settings: dict[str, Any]) -> Callable[..., Any]:
        def call(inputs: list[State], context: StageContext) -> Any:
            own = copy.deepcopy(settings)  # what the function does to a list is no setting of the next run
            if self._wants_context:
                return self.__wrapped__(*inputs, context=context, **own)
            return self.__wrapped__(*inputs, **own)

        return call


def stage(op_name: str, *, version: str) -> Callable[[Callable[..., Any]], FunctionStage]:
    """Makes a function a stage.

        @neve.stage("lab.amplifier", version="1")
        def amplify(pulse, *, gain=2.0, context):
            context.metric("peak", float(abs(pulse["field"]).max()))
            return {"field": gain * pulse["field"]}

    Positional arguments are inputs (`neve.State`), keyword-only ones settings (JSON values), except `context`, the
    stage's line to its run, if it wants one. It returns a `neve.State`, or a dict of arrays and JSON values.

    `op_name` and `version` enter the key, the source does not: give another version whenever the same inputs and
    settings would give another result. A stage in C++ of the same name, version and settings shares its results.
    The function must depend on nothing but inputs, settings and policy. What it takes from around it makes `Pipeline.add`
    raise UnsupportedError.
    """

    _arguments.text("op_name", op_name)
    _arguments.text("version", version)

    def decorate(function: Callable[..., Any]) -> FunctionStage:
        return FunctionStage(function, op_name, version, {})

    return decorate


def uses(name: str, **settings: Any) -> _neve.Stage:
    """A compiled stage, such as `optics.fiber`, with its settings; `neve.stage_names()` lists them.

    Raises InvalidArgumentError with the nearest name for what it does not have.
    """
    return _neve.compiled_stage(_arguments.text("the name of a stage", name), settings)


def made_stage(given: Any) -> _neve.Stage:
    """The stage that a FunctionStage, an object with `op_name`, `version` and `run`, or a compiled stage is."""
    if isinstance(given, _neve.Stage):
        return given
    if isinstance(given, FunctionStage):
        return given._made()
    wanted = "a stage is a function with @neve.stage, neve.uses(...), or an object with op_name, version and run"
    if isinstance(given, type):
        raise InvalidArgumentError(f"{given.__qualname__} is a class, and {wanted}: make one of it")
    for name in ("op_name", "version", "run"):
        if not hasattr(given, name):
            raise InvalidArgumentError(f"{given!r} has no {name}; {wanted}")
    for name in ("op_name", "version"):
        _arguments.text(f"{name} of {type(given).__qualname__}", getattr(given, name))
    return _object_stage(given)


def _object_stage(given: Any) -> _neve.Stage:
    """Of the object as it is now: the key is made from that, so neither what the caller does to it later nor what a run
    does to it may count."""
    try:
        given = copy.deepcopy(given)
    except Exception as error:
        raise UnsupportedError(
            f"the stage {given.op_name} cannot be copied, so its settings are not its own: {error}"
        ) from error
    for name in (*data_around(given.run), *data_of_class(type(given))):
        raise UnsupportedError(
            f"the stage {given.op_name} takes {name} from around its class, which would not enter its key; make it a field, or "
            "give the class an op_name of its own"
        )
    parameters = inspect.signature(given.run).parameters.values()
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    inputs = sum(each.kind in positional and each.name != "context" for each in parameters)
    any_inputs = any(each.kind is inspect.Parameter.VAR_POSITIONAL for each in parameters)
    return _neve.python_stage(_object_adapter(given, {}), given.op_name, given.version, None if any_inputs else inputs)


def _object_adapter(given: Any, values: dict[str, Any]) -> _Adapter:
    """`values`: what of its settings was set since, before `__post_init__` made something of it."""

    def call(inputs: list[State], context: StageContext) -> Any:
        return copy.deepcopy(given).run(*inputs, context=context)

    def with_config(config: dict[str, Any]) -> _Adapter:
        return _object_adapter(*_changed(given, values, config))

    return _Adapter(call, _settings_of(given), with_config)


def _settings_of(given: Any) -> dict[str, Any]:
    """What enters the key. Raises UnsupportedError for an object that keeps more than that."""
    if hasattr(given, "model_dump"):
        settings = _dumped(given)
        secret = {name for name in settings if hasattr(getattr(given, name, None), "get_secret_value")}
        hidden = set(type(given).model_fields) - set(settings) | secret | set(given.__pydantic_private__ or ())
        if not hidden:
            _require_whole_model(given)
    elif is_dataclass(given):
        settings = {each.name: getattr(given, each.name) for each in fields(given) if each.init}
        hidden = (
            (set(getattr(given, "__dict__", ())) | slots_of(given)) - {each.name for each in fields(given)} - cached_of(given)
        )
        hidden |= _set_later(given)
    else:
        settings = {}
        hidden = (set(getattr(given, "__dict__", ())) | slots_of(given)) - {"op_name", "version"}
    if hidden:
        raise UnsupportedError(
            f"the stage {given.op_name} keeps {', '.join(sorted(hidden))}, which would not enter its key; make each a field "
            "of a dataclass or pydantic model, neither excluded nor secret"
        )
    return settings


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


def _set_later(given: Any) -> set[str]:
    """Fields of a dataclass that are no arguments of it, and are not what the arguments make of them."""
    derived = [each.name for each in fields(given) if not each.init]
    if not derived:
        return set()
    try:
        made = replace(given)
        return {
            name
            for name in derived
            if _neve.value_digest(getattr(made, name), describe) != _neve.value_digest(getattr(given, name), describe)
        }
    except Exception:  # it cannot be made again, or such a field compared
        return set(derived)


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


def _changed(given: Any, values: dict[str, Any], config: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """The same object with one setting as in `config`, and `values` with it; what it does not know is refused with its name."""
    known = _settings_of(given)
    for name in config:
        if name not in known:
            raise InvalidArgumentError(f"the stage {given.op_name} has no setting {name!r}; its settings are {list(known)}")
    changed = {name: value for name, value in config.items() if not _same(value, known[name])}
    if hasattr(given, "model_validate"):
        return _changed_model(given, {**known, **changed}) if changed else given, {}
    return _changed_dataclass(given, values, changed)


def _changed_dataclass(given: Any, values: dict[str, Any], changed: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """Made by its arguments. What `__post_init__` makes of the changed one is its setting, of which the key is made; what it
    would make of another once more is refused, and so is a value that the setting has anyhow, if it would not keep it."""
    known = _settings_of(given)
    values = {**values, **changed} if changed else {}
    made = replace(given, **values)
    settings = _settings_of(made)
    for name, value in {**known, **changed}.items():
        converted = name in changed and not isinstance(value, dict)  # of a group only one field was set
        if not converted and not _same(settings[name], value):
            raise _other_than_wanted(given, name, settings[name], value)
    return made, values


def _changed_model(given: Any, wanted: dict[str, Any]) -> Any:
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
        settings = _settings_of(made)
        if settings == wanted:
            return made
        came_out = came_out or settings
    if not came_out and failure is not None:
        raise failure
    name = next(each for each in wanted if each not in came_out or came_out[each] != wanted[each])
    raise _other_than_wanted(given, name, came_out.get(name), wanted[name])


def _same(one: Any, other: Any) -> bool:
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
