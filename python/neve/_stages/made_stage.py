"""Stages of all kinds as the extension has them."""

from __future__ import annotations

from typing import Any

from neve import _arguments, _neve
from neve._stages.function_stage import FunctionStage
from neve._stages.object_stage import object_stage
from neve.errors import InvalidArgumentError


def uses(name: str, **settings: Any) -> _neve.Stage:
    """A compiled stage, such as `optics.fiber`, with its settings; `neve.stage_names()` lists them.

    Raises InvalidArgumentError with the nearest name for what it does not have.
    """
    return _neve.compiled_stage(_arguments.text("the name of a stage", name), settings)


def made_stage(given: Any) -> _neve.Stage:
    """The stage that a FunctionStage, an object with `op_name`, `run` and perhaps `version`, or a compiled stage is.

    Raises InvalidArgumentError for anything else, UnsupportedError for what depends on data its key would not see.
    """
    if isinstance(given, _neve.Stage):
        return given
    if isinstance(given, FunctionStage):
        return given._made()
    wanted = "a stage is a function with @neve.stage, neve.uses(...), or an object with op_name and run"
    if isinstance(given, type):
        raise InvalidArgumentError(f"{given.__qualname__} is a class, and {wanted}: make one of it")
    for name in ("op_name", "run"):
        if not hasattr(given, name):
            raise InvalidArgumentError(f"{given!r} has no {name}; {wanted}")
    _arguments.text(f"op_name of {type(given).__qualname__}", given.op_name)
    if getattr(given, "version", None) is not None:
        _arguments.text(f"version of {type(given).__qualname__}", given.version)
    return object_stage(given)
