"""The latest stored calls of a function, kept beside its results, so that `why` can say what changed."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from neve import _neve

if TYPE_CHECKING:
    from neve.cache import Cache

_KEPT = 32
_LONGEST_RECIPE = 8192  # characters: this is advice, not a second cache


@dataclass(frozen=True)
class Why:
    """Whether a call is stored, and what differs from the nearest one that is."""

    hit: bool
    key: str
    changes: list[str] = field(default_factory=list)  # `config.arguments.length_m: 0.15 → 0.2`
    nearest: str | None = None  # key of the call the changes are from

    def __str__(self) -> str:
        if self.hit:
            return f"stored under {self.key}"
        if self.nearest is None:
            return f"no stored call of this function is known (this one would be {self.key})"
        if not self.changes:
            return f"was stored under {self.key} and is gone: expired, evicted or deleted"
        return f"not stored; from the nearest stored call {self.nearest[:12]}:\n  " + "\n  ".join(self.changes)


class RecentCalls:
    """Advice, like the ledger: two processes may overwrite each other's lines, and nothing depends on it."""

    def __init__(self, cache: Cache, function: str) -> None:
        self._cache = cache
        self._key = "recent-" + hashlib.sha256(function.encode("utf-8", "surrogatepass")).hexdigest()[:40]
        self._lock = threading.Lock()
        self._calls: dict[str, str] | None = None

    def add(self, key: str, recipe: str) -> None:
        if len(recipe) > _LONGEST_RECIPE:
            return
        with self._lock:
            calls = self._stored() if self._calls is None else self._calls
            calls.pop(key, None)
            calls[key] = recipe
            while len(calls) > _KEPT:
                del calls[next(iter(calls))]
            self._calls = calls
            self._cache.put(self._key, {"calls": [list(call) for call in calls.items()], "format": "neve.recent"})

    def forget(self) -> None:
        with self._lock:
            self._calls = {}
            self._cache.delete(self._key)

    def why(self, key: str, recipe: str) -> Why:
        if self._cache.exists(key):
            return Why(True, key)
        calls = {**self._stored(), **(self._calls or {})}
        known = [(each, stored) for each, stored in calls.items() if each == key or self._cache.exists(each)]
        if not known:
            return Why(False, key)
        differences = [(_neve.explain_difference(stored, recipe), each) for each, stored in reversed(known)]
        changes, nearest = min(differences, key=lambda pair: len(pair[0]))
        return Why(False, key, changes, nearest)

    def _stored(self) -> dict[str, str]:
        entry = self._cache.get(self._key)
        calls: Any = entry["meta"].get("calls", []) if entry else []
        return {str(call[0]): str(call[1]) for call in calls if isinstance(call, list) and len(call) == 2}
