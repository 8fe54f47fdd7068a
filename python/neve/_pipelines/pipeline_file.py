"""Pipelines that a file describes."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from neve import _arguments, _neve
from neve._pipelines.pipeline import Pipeline
from neve.errors import Error, InvalidArgumentError

if TYPE_CHECKING:
    from neve._pipelines.results import Result, SweepResult
    from neve.cache import Cache


def _yaml(path: str, value: Any) -> str:
    """A setting's value as the pipeline file would have it: JSON is YAML."""
    kind = getattr(getattr(value, "dtype", None), "kind", "O")
    plain = value.tolist() if kind in "biuf" else list(value) if isinstance(value, tuple) else value
    try:
        return _neve.compact_json(plain).decode()
    except Error as error:
        raise type(error)(f"the setting {path!r}: {error}") from None


def _axis(path: str, values: Any) -> str:
    """The text of `--sweep`: a text is that already, of a list the values."""
    if isinstance(values, str):
        return values
    if isinstance(values, Mapping):  # whose keys would be swept
        raise InvalidArgumentError(f"the sweep of {path!r} is a dict; give a list of values or a text")
    return ",".join(_yaml(path, each) for each in _arguments.values(f"the sweep of {path!r}", values))


def _together(dimension: Any) -> list[str]:
    """The texts of `--sweep` of settings that move together."""
    if not isinstance(dimension, Mapping):
        raise InvalidArgumentError(f"sweep has {dimension!r}; give dicts of values by 'stage.key'")
    return [f"{path}={_axis(path, values)}" for path, values in dimension.items()]


def load(
    file: str | os.PathLike[str],
    *,
    set: Mapping[str, Any] | None = None,  # noqa: A002 - the command's words
    sweep: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    points: str | os.PathLike[str] | None = None,
    until: str = "",
) -> Pipeline:
    """The pipeline that a file describes (docs/formats/pipeline-file.md), with the policy and sweep it asks for.

    `set`: settings by `stage.key`, as `--set`. `sweep`: by `stage.key` a list or array of values, or the text of
    `--sweep`: `a,b,c` or `start:stop:count`; in a list of dicts the settings of one dict move together. `points`: a file
    with a table of points, as `--points`. `until` leaves only that stage and what it needs. What a compiled stage needs and
    only the sweep sets is missing for `Pipeline.run`.

    Raises InvalidArgumentError as "file:line:column: what is wrong (what would be right)".
    """
    import tempfile

    settings = [f"{path}={_yaml(path, value)}" for path, value in (set or {}).items()]
    dimensions = [{path: values} for path, values in sweep.items()] if isinstance(sweep, Mapping) else sweep or []
    sweeps = [_together(dimension) for dimension in dimensions]
    table = "" if points is None else _arguments.path("points", points)
    made = Pipeline.__new__(Pipeline)
    path = _arguments.path("file", file)
    made._graph = _neve.load_pipeline_file(path, settings, sweeps, table, until, dict(os.environ), tempfile.gettempdir())
    made._last = None
    return made


def run(
    file: str | os.PathLike[str],
    cache: Cache | str | os.PathLike[str] | None = None,
    *,
    set: Mapping[str, Any] | None = None,  # noqa: A002
    sweep: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    points: str | os.PathLike[str] | None = None,
    until: str = "",
    **options: Any,
) -> Result | SweepResult:
    """Runs a pipeline file, as `neve run` does: a SweepResult if the file, `sweep` or `points` sweeps, else a Result.

    Arguments and errors as `neve.load` and `Pipeline.run`.
    """
    pipeline = load(file, set=set, sweep=sweep, points=points, until=until)
    if pipeline._graph.swept:
        options.pop("check", None)
        return pipeline.sweep(None, cache, **options)
    return pipeline.run(cache, **options)
