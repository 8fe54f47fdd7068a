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
    from neve._decorator import memo
    from neve._describe import register
    from neve._memo import Memo, NotDeterministicWarning, NotStoredWarning
    from neve._memory import Memory
    from neve._neve import StageContext, stage_fields, stage_names
    from neve._pipeline import Pipeline, Result, SweepResult, load, run
    from neve._recent import Why
    from neve._stage import State, stage, uses

__all__ = [
    "Cache",
    "CancelledError",
    "CorruptError",
    "Error",
    "InternalError",
    "InvalidArgumentError",
    "IoError",
    "Lookup",
    "Memo",
    "Memory",
    "NotDeterministicWarning",
    "NotStoredWarning",
    "Pipeline",
    "Result",
    "StageContext",
    "StageFailedError",
    "StageStopped",
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
    "Memo": "neve._memo",
    "Memory": "neve._memory",
    "NotDeterministicWarning": "neve._memo",
    "NotStoredWarning": "neve._memo",
    "Pipeline": "neve._pipeline",
    "Result": "neve._pipeline",
    "StageContext": "neve._neve",
    "State": "neve._stage",
    "SweepResult": "neve._pipeline",
    "Why": "neve._recent",
    "load": "neve._pipeline",
    "memo": "neve._decorator",
    "register": "neve._describe",
    "run": "neve._pipeline",
    "stage": "neve._stage",
    "stage_fields": "neve._neve",
    "stage_names": "neve._neve",
    "uses": "neve._stage",
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
