"""A function as a stage."""

from __future__ import annotations

import copy
import inspect
from typing import TYPE_CHECKING, Any

from neve import _arguments, _neve
from neve._code.attributes import names_read
from neve._stages.around import data_around, is_data, owner_of
from neve._stages.by_source import VersionBySource
from neve._stages.declared import declared_by, made, said
from neve._stages.stage import StageAdapter, number_of
from neve.errors import InvalidArgumentError, UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from neve._neve import StageContext
    from neve._stages.state import State


class FunctionStage:
    """A function as a stage, made by `neve.stage`. Callable as before; `with_settings` gives it settings."""

    def __init__(
        self,
        function: Callable[..., Any],
        op_name: str,
        version: str | None,
        settings: dict[str, Any],
        ignored: tuple[str, ...] = (),
    ) -> None:
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
        self._require_known(settings, known)
        self.settings = copy.deepcopy({name: number_of(value) for name, value in {**known, **settings}.items()})
        self._required = [name for name, value in self.settings.items() if value is inspect.Parameter.empty]
        self._ignored = ignored
        self._named = self  # what the function finds under its name
        self._by_source: VersionBySource | None = None  # of the named one, when annotations can be evaluated
        self._own = frozenset((*vars(self), "_own"))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.__wrapped__(*args, **kwargs)

    def with_settings(self, **settings: Any) -> FunctionStage:
        """The same stage with other settings: the function's keyword-only arguments."""
        given = {name: value for name, value in self.settings.items() if name not in self._required}
        made = FunctionStage(self.__wrapped__, self.op_name, self.version, {**given, **settings}, self._ignored)
        made._named = self._named
        return made

    def _require_known(self, settings: dict[str, Any], known: dict[str, Any]) -> None:
        for name in settings:
            if name not in known:
                near = f"; its settings are {', '.join(known)}" if known else "; it has none"
                raise InvalidArgumentError(f"the stage {self.op_name} has no setting {name!r}{near}")

    def _made(self) -> _neve.Stage:
        owner = owner_of(self.__wrapped__)
        if owner is not None:
            raise UnsupportedError(
                f"the stage {self.op_name} is called on a {type(owner).__qualname__}, whose content would not enter its key; "
                "give it op_name, version and run, and its settings as fields: then it is a stage itself"
            )
        # What it closes over counts in a version that is made of its source.
        for name in (*self._data_set_on(), *(data_around(self.__wrapped__) if self.version is not None else ())):
            raise UnsupportedError(
                f"the stage {self.op_name} takes {name} from around it, which would not enter its key; make it a "
                "keyword-only argument: then it is a setting"
            )
        if self._required:
            raise InvalidArgumentError(f"the stage {self.op_name} needs the setting {self._required[0]!r}")
        adapter = self._adapter(copy.deepcopy(self.settings))
        version = self._version_by_source() if self.version is None else self.version
        return _neve.python_stage(adapter, self.op_name, version, None if self._any_inputs else self._inputs)

    def _version_by_source(self) -> VersionBySource:
        named = self._named
        if named._by_source is None:
            named._by_source = VersionBySource(self.op_name, self.__wrapped__, self._ignored)
        return named._by_source

    def _data_set_on(self) -> list[str]:
        """The attributes that somebody has set on the stage, and the function reads by its name."""
        named, read = self._named, names_read(self.__wrapped__)
        set_on = {name: each for name, each in vars(named).items() if name not in named._own and name in read}
        return [f"{self.__name__}.{name}" for name, each in set_on.items() if is_data(each)]

    def _adapter(self, settings: dict[str, Any]) -> StageAdapter:
        """`settings` belong to nobody else. A sweep makes one for every point, of the function that was looked at once."""
        kinds = declared_by(self.__wrapped__)
        config = {name: said(value, kinds.get(name), self._place(name)) for name, value in settings.items()}

        def with_config(config: dict[str, Any]) -> StageAdapter:
            self._require_known(config, settings)
            return self._adapter({**settings, **self._as_given(config, kinds)})

        return StageAdapter(self._caller(config, kinds), config, with_config)

    def _as_given(self, config: dict[str, Any], kinds: dict[str, Any]) -> dict[str, Any]:
        return {name: made(value, kinds.get(name), self._place(name)) for name, value in config.items()}

    def _place(self, name: str) -> str:
        return f"the setting {name!r} of the stage {self.op_name}"

    def _caller(self, config: dict[str, Any], kinds: dict[str, Any]) -> Callable[..., Any]:
        def call(inputs: list[State], context: StageContext) -> Any:
            # As the key says them, whatever made them; and what the function does to a list is no setting of the next run.
            own = self._as_given(_neve.parse_json(_neve.compact_json(config)), kinds)
            if self._wants_context:
                return self.__wrapped__(*inputs, context=context, **own)
            return self.__wrapped__(*inputs, **own)

        return call


def stage(
    op_name: str, *, version: str | None = None, ignore: Iterable[str] = ()
) -> Callable[[Callable[..., Any]], FunctionStage]:
    """Makes a function a stage.

        @neve.stage("lab.amplifier")
        def amplify(pulse, *, gain=2.0, context):
            context.metric("peak", float(abs(pulse["field"]).max()))
            return {"field": gain * pulse["field"]}

    Positional arguments are inputs (`neve.State`), keyword-only ones settings (JSON values, and
    dataclasses and members of enums where the annotation says so), except `context`, the
    stage's line to its run, if it wants one. It returns a `neve.State`, or a dict of arrays and JSON values.

    `op_name` and `version` enter the key. Without a version, the function's source counts as one, with the variables that it
    reads around it and what it calls, as for `neve.memo`, looked at again for each run. With one they do not: give another
    version whenever the same inputs and settings would give another result. A stage in C++ of the same name, version and
    settings shares its results then. What a function with a version closes over makes `Pipeline.add` raise
    UnsupportedError, as does what one without closes over and has no exact form.

    `ignore` takes the names of global variables that do not count, as reports and warnings have them (`"PLANS"`,
    `"helpers.PLANS"`): those that only remember what would be computed again. Results are served whatever such a variable
    holds. A name that is not read makes `Pipeline.add` or the run raise InvalidArgumentError; so does `ignore` beside a
    version, at once.
    """

    _arguments.text("op_name", op_name)
    if version is not None:
        _arguments.text("version", version)
    ignored = tuple(_arguments.text("ignore", each) for each in _arguments.values("ignore", ignore))
    if ignored and version is not None:
        raise InvalidArgumentError(f"the stage {op_name} has a version, so nothing that it reads counts; leave ignore= out")

    def decorate(function: Callable[..., Any]) -> FunctionStage:
        return FunctionStage(function, op_name, version, {}, ignored)

    return decorate
