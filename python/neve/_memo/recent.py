"""The latest stored calls of a function, kept beside its results, so that `why` can say what changed."""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import os
import threading
import weakref
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any

from neve import _neve
from neve._public import public

if TYPE_CHECKING:
    from neve.cache import Cache

_KEPT = 32
_EVERY_S = 0.25  # written at each call, the list would be most of what a small call costs
_LONGEST_RECIPE = 8192  # characters: this is advice, not a second cache; longer ones are read from the call's entry


@public
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


_all: weakref.WeakSet[RecentCalls] = weakref.WeakSet()


def _unlock_in_child() -> None:
    """A thread of the parent's may have held a lock, and is not there to let it go."""
    for each in _all:
        each._lock = threading.Lock()
        each._new = {}  # the parent writes them


def _write_at_exit() -> None:
    for each in list(_all):
        with contextlib.suppress(Exception):  # the cache is closed, or cannot be reached
            each.write_if_stored()


os.register_at_fork(after_in_child=_unlock_in_child)
atexit.register(_write_at_exit)


class RecentCalls:
    """Advice, like the ledger: of two processes that add at the same moment one may be forgotten, and what was added
    within moments is written together, or never if the process is killed. Nothing depends on it."""

    def __init__(self, cache: Cache, function: str) -> None:
        self._cache = cache
        self._key = "recent-" + hashlib.sha256(function.encode("utf-8", "surrogatepass")).hexdigest()[:40]
        self._lock = threading.Lock()
        self._calls: dict[str, str] = {}
        self._new: dict[str, str] = {}  # not yet written
        self._next_write = 0.0
        _all.add(self)

    def add(self, key: str, recipe: str) -> None:
        with self._lock:
            self._new.pop(key, None)
            self._new[key] = recipe if len(recipe) <= _LONGEST_RECIPE else ""
            if len(self._new) > _KEPT:
                del self._new[next(iter(self._new))]
            if monotonic() >= self._next_write:
                self._write()

    def write_if_stored(self) -> None:
        """At the end of the process. Not if the calls are gone: whoever removed the folder wants none of it back."""
        with self._lock:
            if any(self._cache.exists(key) for key in self._new):
                self._write()

    def _write(self) -> None:
        calls = {**self._stored(), **self._calls}
        for key in self._new:
            calls.pop(key, None)
        calls.update(self._new)
        while len(calls) > _KEPT:
            del calls[next(iter(calls))]
        self._calls, self._new = calls, {}
        self._next_write = monotonic() + _EVERY_S
        self._cache.put(self._key, {"calls": [list(call) for call in calls.items()], "format": "neve.recent"})

    def forget(self) -> None:
        with self._lock:
            self._calls, self._new = {}, {}
            self._cache.delete(self._key)

    def why(self, key: str, recipe: str) -> Why:
        if self._cache.exists(key):
            return Why(True, key)
        for each in list(_all):  # of this process, other objects of the same function too
            if each._key == self._key and not each._cache.closed:
                with each._lock:
                    if each._new:
                        each._write()
        calls = {**self._stored(), **self._calls}
        there = [(call, calls[call]) for call in calls if call == key or self._cache.exists(call)]
        known = [(call, stored) for call, text in there if (stored := text or self._recipe_of(call))]
        if not known:
            return Why(False, key)
        differences = [(_neve.explain_difference(stored, recipe), call) for call, stored in reversed(known)]
        changes, nearest = min(differences, key=lambda pair: len(pair[0]))
        return Why(False, key, changes, nearest)

    def _recipe_of(self, key: str) -> str:
        return self._cache.lookup(key, mapped=True).recipe

    def _stored(self) -> dict[str, str]:
        entry = self._cache.get(self._key)
        calls: Any = entry["meta"].get("calls", []) if entry else []
        return {str(call[0]): str(call[1]) for call in calls if isinstance(call, list) and len(call) == 2}
