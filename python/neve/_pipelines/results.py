"""What runs and sweeps of a pipeline gave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from neve import _arguments
from neve._public import public
from neve._stages.state import State
from neve.errors import BY_CODE, InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas

    from neve import _neve

_Raised = tuple[str, str, str, BaseException]  # node, label of the sweep's point that ran it, text, exception


@public
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
        """What a stage saved, by name: kind, document, arrays, preview, and the file if the run was recorded. Raises
        InvalidArgumentError for a stage that is none or has no result."""
        return self._run.artifacts(_arguments.text("node", node))

    def frame(self) -> pandas.DataFrame:
        """A pandas frame with a row per stage: outcome, reason, key, seconds, bytes. Raises ImportError without pandas."""
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


@public
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
        """The rows as a pandas frame. Raises ImportError without pandas."""
        import pandas

        frame: pandas.DataFrame = pandas.DataFrame(self.rows)
        return frame

    def csv(self) -> str:
        """The rows as CSV."""
        return self._sweep.csv()

    def raise_if_failed(self) -> None:
        """Raises what `raise_if_failed` of the first point that failed raises."""
        for run in self.runs:
            run.raise_if_failed()

    def __repr__(self) -> str:
        failed = sum(not run.ok for run in self.runs)
        points = "1 point" if len(self) == 1 else f"{len(self)} points"
        return f"<neve sweep of {self.report['pipeline']}: {points}{f', {failed} failed' if failed else ''}>"

    def __iter__(self) -> Iterator[Result]:
        return iter(self.runs)

    def __len__(self) -> int:
        return len(self.runs)
