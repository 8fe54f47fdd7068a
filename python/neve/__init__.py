"""neve keeps the results that outlast the run.

    cache = neve.open("disk:.neve")
    cache.put(key, {"energy_j": 5.6e-10}, {"field": field})
    entry = cache.get(key)          # {"meta": {...}, "arrays": {...}} or None

    @neve.memo("disk:.neve", version="1")
    def propagate(field, length_m): ...

`neve.phys` is the drop-in for phys-pipeline, `neve.Pipeline` runs stages. See docs/guide/python.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from neve._neve import Lookup
from neve._neve import version as __version__
from neve.cache import Cache, open
from neve.errors import (
    CancelledError,
    CorruptError,
    Error,
    InternalError,
    InvalidArgumentError,
    IoError,
    StageFailedError,
    StageStopped,
    TimeoutError,
    TooLargeError,
    UnavailableError,
    UnsupportedError,
)

if TYPE_CHECKING:
    from neve._memo.decorator import memo
    from neve._memo.memo import Memo
    from neve._memo.memory import Memory
    from neve._memo.recent import Why
    from neve._neve import StageContext, stage_fields, stage_names
    from neve._pipelines.pipeline import Pipeline
    from neve._pipelines.pipeline_file import load, run
    from neve._pipelines.results import Result, SweepResult
    from neve._pipelines.why import PipelineWhy, StageWhy
    from neve._stages.function_stage import stage
    from neve._stages.made_stage import uses
    from neve._stages.state import State
    from neve._values.describe import register
    from neve._values.file import File
    from neve._warnings import NotCountedWarning, NotDeterministicWarning, NotStoredWarning

__all__ = [
    "Cache",
    "CancelledError",
    "CorruptError",
    "Error",
    "File",
    "InternalError",
    "InvalidArgumentError",
    "IoError",
    "Lookup",
    "Memo",
    "Memory",
    "NotCountedWarning",
    "NotDeterministicWarning",
    "NotStoredWarning",
    "Pipeline",
    "PipelineWhy",
    "Result",
    "StageContext",
    "StageFailedError",
    "StageStopped",
    "StageWhy",
    "State",
    "SweepResult",
    "TimeoutError",
    "TooLargeError",
    "UnavailableError",
    "UnsupportedError",
    "Why",
    "__version__",
    "load",
    "memo",
    "open",
    "register",
    "run",
    "stage",
    "stage_fields",
    "stage_names",
    "uses",
]

_ELSEWHERE = {
    "File": "neve._values.file",
    "Memo": "neve._memo.memo",
    "Memory": "neve._memo.memory",
    "NotCountedWarning": "neve._warnings",
    "NotDeterministicWarning": "neve._warnings",
    "NotStoredWarning": "neve._warnings",
    "Pipeline": "neve._pipelines.pipeline",
    "PipelineWhy": "neve._pipelines.why",
    "Result": "neve._pipelines.results",
    "StageContext": "neve._neve",
    "StageWhy": "neve._pipelines.why",
    "State": "neve._stages.state",
    "SweepResult": "neve._pipelines.results",
    "Why": "neve._memo.recent",
    "load": "neve._pipelines.pipeline_file",
    "memo": "neve._memo.decorator",
    "register": "neve._values.describe",
    "run": "neve._pipelines.pipeline_file",
    "stage": "neve._stages.function_stage",
    "stage_fields": "neve._neve",
    "stage_names": "neve._neve",
    "uses": "neve._stages.made_stage",
}


def __getattr__(name: str) -> object:
    """What not every program needs is imported when it is first used."""
    if name not in _ELSEWHERE:
        raise AttributeError(f"module 'neve' has no attribute {name!r}")
    import importlib

    found: object = getattr(importlib.import_module(_ELSEWHERE[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return __all__
