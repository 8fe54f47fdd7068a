"""An object with `op_name`, `run` and perhaps `version` as a stage."""

from __future__ import annotations

import copy
import inspect
from typing import TYPE_CHECKING, Any

from neve import _neve
from neve._stages.around import data_around, data_of_class
from neve._stages.by_source import version_of_class
from neve._stages.object_settings import ObjectSettings, put_as_the_key_says, settings_of
from neve._stages.stage import StageAdapter
from neve.errors import UnsupportedError

if TYPE_CHECKING:
    from neve._neve import StageContext
    from neve._stages.state import State


def object_stage(given: Any) -> _neve.Stage:
    """A stage of the object as it is now: the key is made from that, so neither what the caller does to it later nor what a
    run does to it may count.

    Raises UnsupportedError for an object that cannot be copied, or that depends on what its key would not see.
    """
    try:
        given = copy.deepcopy(given)
    except Exception as error:
        raise UnsupportedError(
            f"the stage {given.op_name} cannot be copied, so its settings are not its own: {error}"
        ) from error
    put_as_the_key_says(given)
    version = getattr(given, "version", None)
    for name in (*data_around(given.run), *data_of_class(type(given))) if version is not None else ():
        raise UnsupportedError(
            f"the stage {given.op_name} takes {name} from around its class, which would not enter its key; make it a field, or "
            "give the class an op_name of its own"
        )
    parameters = inspect.signature(given.run).parameters.values()
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    inputs = sum(each.kind in positional and each.name != "context" for each in parameters)
    any_inputs = any(each.kind is inspect.Parameter.VAR_POSITIONAL for each in parameters)
    adapter = _object_adapter(ObjectSettings(given, {}, settings_of(given)))
    if version is None:
        version = version_of_class(given.op_name, type(given))
    return _neve.python_stage(adapter, given.op_name, version, None if any_inputs else inputs)


def _object_adapter(settings: ObjectSettings) -> StageAdapter:
    def call(inputs: list[State], context: StageContext) -> Any:
        return copy.deepcopy(settings.given).run(*inputs, context=context)

    def with_config(config: dict[str, Any]) -> StageAdapter:
        return _object_adapter(settings.changed(config))

    return StageAdapter(call, settings.said, with_config)
