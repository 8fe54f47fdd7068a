"""Pipelines: stages one after another, or as a graph; run, swept, reported."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from neve import _arguments, _neve
from neve._stage import State, made_stage, state_of
from neve.cache import Cache
from neve.cache import open as open_cache
from neve.errors import BY_CODE, Error, InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pandas

_Raised = tuple[str, str, str, BaseException]  # node, label of the sweep's point that ran it, text, exception

_RUN_OPTIONS = ("policy", "input", "jobs", "gpus", "memory", "record", "fail_fast", "keep", "mapped")


class Result:
    """What a run gave: states, metrics, provenance and report as plain dicts. Arrays are read-only."""

    def __init__(self, run: _neve.RunResult, raised: Sequence[_Raised], keep: str = "all", label: str = "") -> None:
        self._run, self._raised, self._keep, self._label = run, raised, keep, label
        self.ok: bool = run.ok

    @property
    def metrics(self) -> dict[str, float]:
        """All metrics as `pipeline.stage.metric`."""
        return self._run.metrics

    @property
    def provenance(self) -> dict[str, dict[str, Any]]:
        """By stage: name, version, hashes, seconds, and under `cache` whether it was a hit, of whom and how fast."""
        return self._run.provenance

    @property
    def report(self) -> dict[str, Any]:
        """What every stage did (`stages`, in order), and `totals`: outcomes, seconds computed, looked up and saved."""
        return self._run.report

    @property
    def outcomes(self) -> dict[str, str]:
        """By stage: `hit`, `shared`, `miss`, `uncached`, `failed`, `cancelled` or `skipped`."""
        return {stage["node"]: stage["outcome"] for stage in self.report["stages"]}

    @property
    def failures(self) -> list[dict[str, str]]:
        """Stages that failed: node, code and message."""
        return self._run.failures

    def state(self, node: str | None = None) -> State:
        """The state of a stage, of the last one by default. Raises InvalidArgumentError with the nearest name, and for
        what the run did not keep.
        """
        wanted = self._run.output_node if node is None else _arguments.text("node", node)
        state = State(*self._run._state(wanted))
        if self._keep == "none" or (self._keep == "output" and wanted != self._run.output_node):
            raise InvalidArgumentError(f"the state of {wanted!r} was not kept (keep={self._keep!r}); run with keep='all'")
        return state

    def artifacts(self, node: str) -> dict[str, dict[str, Any]]:
        """What a stage saved, by name: kind, document, arrays, preview, and the file if the run was recorded."""
        return self._run.artifacts(_arguments.text("node", node))

    def frame(self) -> pandas.DataFrame:
        """A pandas frame with a row per stage: outcome, reason, key, seconds, bytes."""
        import pandas

        frame: pandas.DataFrame = pandas.DataFrame(self.report["stages"])
        return frame

    def table(self) -> str:
        """The report as text, for a terminal."""
        return self._run.table()

    def raise_if_failed(self) -> None:
        """Raises the first failure as the `neve.Error` of its code; what a Python stage raised is its cause."""
        if self.ok:
            return
        failure = self.failures[0]
        raise BY_CODE[failure["code"]](failure["message"]) from self._cause(failure)

    def _cause(self, failure: dict[str, str]) -> BaseException | None:
        """What the stage raised: at this point of a sweep, or at the point that ran it for this one, too. Of several
        attempts the last."""
        told = [each for each in self._raised if each[0] == failure["node"]]
        own = [each for each in told if each[1] == self._label]
        shared = [each for each in told if failure["message"].endswith(f": {each[2]}")]
        return next((each[3] for each in reversed(own or shared)), None)

    def __repr__(self) -> str:
        return f"<neve run of {self._run.pipeline}: {self.outcomes}>"


class SweepResult:
    """What a sweep gave, one run per point."""

    def __init__(self, sweep: _neve.SweepResult, raised: Sequence[_Raised], keep: str = "all") -> None:
        self._sweep = sweep
        self.ok: bool = sweep.ok
        self.runs = [Result(run, raised, keep, label) for run, label in zip(sweep._runs, sweep._labels, strict=True)]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """A dict per point: its number, the settings and the metrics; None where a stage failed."""
        return self._sweep.rows

    @property
    def report(self) -> dict[str, Any]:
        """Every stage that ran, once; stages that points have in common ran once."""
        return self._sweep.report

    def frame(self) -> pandas.DataFrame:
        """The rows as a pandas frame."""
        import pandas

        frame: pandas.DataFrame = pandas.DataFrame(self.rows)
        return frame

    def csv(self) -> str:
        """The rows as CSV."""
        return self._sweep.csv()

    def __iter__(self) -> Iterator[Result]:
        return iter(self.runs)

    def __len__(self) -> int:
        return len(self.runs)


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
        """Makes a stage the output; without this it is the only one nobody needs."""
        self._graph.set_output(_arguments.text("id", id))
        return self

    def run(self, cache: Cache | str | os.PathLike[str] | None = None, *, check: bool = True, **options: Any) -> Result:
        """Runs every stage whose result is not stored. Ctrl-C stops it, raising StageStopped in stages of Python; what is
        finished is kept.

        `cache`: a `neve.Cache`, a URL or a folder; None: the default of `neve.open`; "none:" for none. Options:
        `policy` (a dict that enters every key), `input` (a State for the stages that need nothing and take an input),
        `jobs` (threads), `gpus`, `memory` ("8GiB"; else as much as the machine has or the container may use), `record`
        (a folder for artifacts), `fail_fast`, `keep` (which states the result holds: "all", "output", "none"), `mapped`
        (large arrays stay in the cache's files).

        Raises the first failure when all is settled; with `check=False` the result has the failures. Raises
        InvalidArgumentError before anything runs for a pipeline that is not complete.
        """
        how = self._how(cache, options)
        result = Result(self._graph.run(how), how["raised"], options.get("keep") or "all")
        if check:
            result.raise_if_failed()
        return result

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
        given = [needs] if isinstance(needs, str) else _arguments.values("needs", needs)
        return [_arguments.text("needs", each) for each in given]

    def _how(self, cache: Cache | str | os.PathLike[str] | None, options: dict[str, Any]) -> dict[str, Any]:
        for name in options:
            if name not in _RUN_OPTIONS:
                raise InvalidArgumentError(f"a run has no option {name!r}; it has {', '.join(_RUN_OPTIONS)}")
        policy = options.get("policy")
        if policy is not None and not isinstance(policy, Mapping):
            raise InvalidArgumentError(f"policy is {policy!r}; it is a dict")
        how = {**options, "cache": cache if isinstance(cache, Cache) else open_cache(cache)}
        how["raised"] = []  # of this run alone: results keep what is theirs
        if how.get("record") is not None:
            how["record"] = os.fspath(how["record"])
        if how.get("input") is not None:
            how["input"] = state_of(how["input"])
        how["policy"] = self._graph.policy if policy is None else dict(policy)
        return how


def _step(dimension: Any) -> list[tuple[str, list[Any]]]:
    """Settings that move together, each with its values."""
    if not isinstance(dimension, Mapping):
        raise InvalidArgumentError(f"axes have {dimension!r}; give dicts of values by 'stage.setting'")
    return [
        (_arguments.text("the setting", path), [_number(each) for each in _arguments.values(f"{path!r} in axes", values)])
        for path, values in dimension.items()
    ]


def _number(value: Any) -> Any:
    """NumPy's as Python's, exactly."""
    dtype = getattr(value, "dtype", None)
    return value.item() if getattr(dtype, "kind", "O") in "biuf" and value.shape == () else value


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


def load(
    file: str | os.PathLike[str],
    *,
    set: Mapping[str, Any] | None = None,  # noqa: A002 - the command's words
    sweep: Mapping[str, Any] | None = None,
    until: str = "",
) -> Pipeline:
    """The pipeline that a file describes (docs/formats/pipeline-file.md), with the policy and sweep it asks for.

    `set`: settings by `stage.key`, as `--set`. `sweep`: by `stage.key` a list or array of values, or the text of
    `--sweep`: `a,b,c` or `start:stop:count`. `until` leaves only that stage and what it needs.

    Raises InvalidArgumentError as "file:line:column: what is wrong (what would be right)".
    """
    import tempfile

    settings = [f"{path}={_yaml(path, value)}" for path, value in (set or {}).items()]
    sweeps = [f"{path}={_axis(path, values)}" for path, values in (sweep or {}).items()]
    made = Pipeline.__new__(Pipeline)
    made._graph = _neve.load_pipeline_file(os.fspath(file), settings, sweeps, until, dict(os.environ), tempfile.gettempdir())
    made._last = None
    return made


def run(
    file: str | os.PathLike[str],
    cache: Cache | str | os.PathLike[str] | None = None,
    *,
    set: Mapping[str, Any] | None = None,  # noqa: A002
    sweep: Mapping[str, Any] | None = None,
    until: str = "",
    **options: Any,
) -> Result | SweepResult:
    """Runs a pipeline file, as `neve run` does: a SweepResult if the file or `sweep` sweeps, else a Result.

    Arguments and errors as `neve.load` and `Pipeline.run`.
    """
    pipeline = load(file, set=set, sweep=sweep, until=until)
    if pipeline._graph.swept:
        options.pop("check", None)
        return pipeline.sweep(None, cache, **options)
    return pipeline.run(cache, **options)
