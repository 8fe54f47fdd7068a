"""Pipelines: stages one after another, or as a graph; run and swept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from neve import _arguments, _neve
from neve._pipelines.results import Result, SweepResult
from neve._pipelines.why import PipelineWhy, StageWhy
from neve._public import public
from neve._stages.declared import said_of_itself
from neve._stages.made_stage import made_stage
from neve._stages.stage import state_of
from neve.cache import Cache
from neve.cache import open as open_cache
from neve.errors import InvalidArgumentError

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Sequence

_RUN_OPTIONS = ("policy", "input", "recompute", "jobs", "gpus", "memory", "record", "fail_fast", "keep", "mapped")


@public
class Pipeline:
    """Stages and what each needs.

        line = neve.Pipeline("line")
        line.add("pulse", neve.uses("optics.pulse", points=1024))
        line.add("amplifier", amplify.with_settings(gain=3.0))
        result = line.run(cache="disk:.neve")

    Not thread-safe while being built.
    """

    def __init__(self, name: str) -> None:
        self._graph = _neve.Graph(_arguments.text("the name of a pipeline", name))
        self._last: str | None = None

    @property
    def name(self) -> str:
        """Enters no key."""
        return self._graph.name

    def __repr__(self) -> str:
        return f"<neve.Pipeline {self.name}: {', '.join(self.stages) or 'no stages'}>"

    @property
    def stages(self) -> dict[str, _neve.Stage]:
        """The stages by id."""
        return self._graph.stages

    def add(
        self,
        id: str,  # noqa: A002 - that is what the formats call it
        stage: Any,
        needs: str | Sequence[str] | None = None,
        *,
        cpu: int | None = None,
        gpu: int | None = None,
        memory: str | None = None,
        timeout_s: float | None = None,
        attempts: int | None = None,
        cached: bool = True,
    ) -> Pipeline:
        """Adds a stage, and gives the pipeline back. `id` enters the key.

        `needs` names the stages whose states are its inputs, in order; None: the stage added before, if this one takes
        an input. `stage` may also be a Pipeline, whose stages join as `id/inner`. `cpu`, `gpu` and `memory` ("2GiB")
        are what it occupies; it is stopped after `timeout_s` seconds (in Python by StageStopped, which waits for a call
        into C) and tried `attempts` times in all.

        Raises InvalidArgumentError for an id that is taken or no name, and for what is no stage.
        """
        _arguments.text("id", id)
        if isinstance(stage, Pipeline):
            self._graph.add_graph(id, stage._graph, self._needs(needs, True))
        else:
            made = made_stage(stage)
            how = {"cpu": cpu, "gpu": gpu, "memory": memory, "timeout_s": timeout_s, "attempts": attempts}
            given = {name: value for name, value in how.items() if value is not None}
            self._graph.add(id, made, self._needs(needs, made.input_count != 0), {**given, "cached": cached})
        self._last = id
        return self

    def set(self, path: str, value: Any) -> Pipeline:
        """Sets one setting: `stage.name`. Raises InvalidArgumentError with the nearest name."""
        self._graph.set(_arguments.text("path", path), value)
        return self

    def output(self, id: str) -> Pipeline:  # noqa: A002
        """Makes a stage the output; without this it is the only one nobody needs. `run` raises
        InvalidArgumentError if there is none of this id."""
        self._graph.set_output(_arguments.text("id", id))
        return self

    def run(self, cache: Cache | str | os.PathLike[str] | None = None, *, check: bool = True, **options: Any) -> Result:
        """Runs every stage whose result is not stored. Ctrl-C stops it, raising StageStopped in stages of Python; what is
        finished is kept.

        `cache`: a `neve.Cache`, a URL or a folder; None: the default of `neve.open`; "none:" for none. Options:
        `policy` (a dict that enters every key), `input` (a State for the stages that need nothing and take an input),
        `recompute` (a stage, or a list of them, to compute although their results are stored: what they give replaces
        that, and where it differs the result warns), `jobs` (threads), `gpus`, `memory` ("8GiB"; else as much as the
        machine has or the container may use), `record` (a folder for artifacts), `fail_fast`, `keep` (which states the
        result holds: "all", "output", "none"), `mapped` (large arrays stay in the cache's files).

        Raises the first failure when all is settled; with `check=False` the result has the failures. Raises
        InvalidArgumentError before anything runs for a pipeline that is not complete.
        """
        how = self._how(cache, options)
        result = Result(self._graph.run(how), how["raised"], options.get("keep") or "all")
        if check:
            result.raise_if_failed()
        return result

    def why(
        self,
        cache: Cache | str | os.PathLike[str] | None = None,
        *,
        policy: dict[str, Any] | None = None,
        input: Any = None,  # noqa: A002 - as for `run`
    ) -> PipelineWhy:
        """What `run` with the same arguments would find, and of each stage that it would compute what has changed since the
        nearest stored result: a setting, an input, the policy, a piece of its code or a variable that this reads. Computes
        and stores nothing; hits are read. Print it.

        Stored results are looked through in caches with a folder; of others it is said only what is found. Raises
        InvalidArgumentError as `run`.
        """
        told = self._graph.why(self._how(cache, {"policy": policy, "input": input}))
        return PipelineWhy({node: StageWhy(**each) for node, each in told.items()})

    def sweep(
        self,
        axes: Mapping[str, Iterable[Any]] | Sequence[Mapping[str, Iterable[Any]]] | None = None,
        cache: Cache | str | os.PathLike[str] | None = None,
        **options: Any,
    ) -> SweepResult:
        """Runs the pipeline at every combination of settings; stages that points have in common run once.

        `axes`: values (a list, an array) by `stage.setting`, every one a dimension; in a list of such dicts, those of
        one dict move in step. A setting that a stage has derived from another stays as it is. Options as `run`. Failures of
        stages are in the results. Raises InvalidArgumentError for a stage or a setting that is none, for a stage that does
        not take the setting as it is given, and for axes of one step with unequal counts of values.
        """
        if isinstance(axes, Mapping):
            dimensions: list[Mapping[str, Iterable[Any]]] = [{path: values} for path, values in axes.items()]
        else:
            dimensions = _arguments.values("axes", [] if axes is None else axes)
        steps = [_step(dimension) for dimension in dimensions]
        how = self._how(cache, options)
        return SweepResult(self._graph.run_sweep(steps, how), how["raised"], options.get("keep") or "all")

    def _needs(self, needs: str | Sequence[str] | None, takes_input: bool) -> list[str]:
        if needs is None:
            return [self._last] if takes_input and self._last is not None else []
        return _names("needs", needs)

    def _how(self, cache: Cache | str | os.PathLike[str] | None, options: dict[str, Any]) -> dict[str, Any]:
        for name in options:
            if name not in _RUN_OPTIONS:
                raise InvalidArgumentError(f"a run has no option {name!r}; it has {', '.join(_RUN_OPTIONS)}")
        policy = options.get("policy")
        if policy is not None and not isinstance(policy, Mapping):
            raise InvalidArgumentError(f"policy is {policy!r}; it is a dict")
        how = {**options, "cache": cache if isinstance(cache, Cache) else open_cache(cache)}
        how["raised"] = []  # of this run alone: results keep what is theirs
        if how.get("recompute") is not None:
            how["recompute"] = set(_names("recompute", how["recompute"]))
        if how.get("record") is not None:
            how["record"] = _arguments.path("record", how["record"])
        if how.get("input") is not None:
            how["input"] = state_of(how["input"])
        how["policy"] = self._graph.policy if policy is None else dict(policy)
        return how


def _names(argument: str, given: Any) -> list[str]:
    """One name or several."""
    names = [given] if isinstance(given, str) else _arguments.values(argument, given)
    return [_arguments.text(argument, each) for each in names]


def _step(dimension: Any) -> list[tuple[str, list[Any]]]:
    """Settings that move together, each with its values."""
    if not isinstance(dimension, Mapping):
        raise InvalidArgumentError(f"axes have {dimension!r}; give dicts of values by 'stage.setting'")
    return [
        (
            _arguments.text("the setting", path),
            [said_of_itself(each, f"{path!r} in axes") for each in _arguments.values(f"{path!r} in axes", values)],
        )
        for path, values in dimension.items()
    ]
