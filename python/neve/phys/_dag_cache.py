"""`DagCache`: keeps the results of DAG nodes for phys-pipeline's executor, without pickle."""

from __future__ import annotations

import sys
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from neve._warnings import NotStoredWarning, warn
from neve.cache import Cache
from neve.cache import open as open_cache
from neve.phys import _stage_entry
from neve.phys._held_leases import HeldLeases
from neve.phys._states import register_states

if TYPE_CHECKING:
    from types import FrameType

    # For type checkers alone, so that their executor takes this cache: nothing of theirs is imported or inherited.
    from phys_pipeline.dag_cache import DagCache as _TheirDagCache
    from phys_pipeline.dag_cache import DagCacheEntry as _TheirEntry
else:
    _TheirDagCache = _TheirEntry = object


class PickledEntryWarning(UserWarning):
    """An entry holds a pickled state, which neve does not load: unpickling runs whatever code the entry names."""


@dataclass
class DagCacheEntry(_TheirEntry):
    """What a hit gives phys-pipeline's executor."""

    state: Any
    metrics: dict[str, float]
    provenance: dict[str, Any]


class DagCache(_TheirDagCache):
    """Takes the place of phys_pipeline.DagCache.

    `backend` is a `neve.Cache`, a URL, a folder as a path, or any backend with phys-pipeline's protocol. States are
    kept as JSON and arrays: SimpleState, DagState, dataclasses, pydantic models, types given to `neve.register`. A
    result that cannot be kept exactly is not kept, with a NotStoredWarning that names the place; a pickled entry of
    phys-pipeline is a miss, with one PickledEntryWarning, and replaced when the node has run.

    While a node is being computed, others on this machine (or on all that share a Redis, with `flight=shared` in the
    URL) wait for its result, at most `wait_s` seconds, as long as this cache is not itself computing something.
    Arrays of states are writable copies, as the original's are; with `writable=False` they are read-only views.
    Safe from threads. Raises InvalidArgumentError for what is wrong with a URL.
    """

    def __init__(self, backend: Any, *, wait_s: float = 60.0, writable: bool = True) -> None:
        register_states()
        self.backend: Any = backend if hasattr(backend, "get") and hasattr(backend, "put") else open_cache(backend)
        self._wait_s = wait_s
        self._writable = writable
        self._leases = HeldLeases()
        self._lookups: dict[str, float] = {}
        self._counts: Counter[str] = Counter()

    def get(self, key: str) -> DagCacheEntry | None:
        """The result under `key`, or None; then this process is the one to compute it, if others can be told so.
        An entry of another kind is None, too; raises as the backend's `get`."""
        started = time.perf_counter()
        found = self._lookup(key) or self._wait(key, sys._getframe(1))
        lookup_s = time.perf_counter() - started
        self._counts["misses" if found is None else "hits"] += 1
        if found is None:
            self._lookups[key] = lookup_s
            return None
        found.provenance["cache"] = {"backend": self.backend.name, "hit": True, "key": key, "lookup_s": lookup_s}
        return found

    def put(self, key: str, result: Any) -> None:
        """Keeps a node's StageResult: its state, metrics and provenance, without what the run cost. Raises nothing:
        what is not kept is a NotStoredWarning."""
        started = time.perf_counter()
        provenance = result.provenance if result.provenance is not None else {}
        lease = self._leases.of(key)
        try:
            meta, arrays = _stage_entry.encode(result.state, result.metrics or {}, provenance)
            if isinstance(self.backend, Cache):
                compute_s = float(provenance.get("wall_time_s", 0.0))
                told = self.backend._store(key, meta, arrays, None, compute_s, "", False, lease)
                stored, declined = told["stored"], told["declined"]
            else:
                self.backend.put(key, *_apart(meta, arrays, writable=False))
                stored, declined = True, ""
        except Exception as error:  # a registered codec is somebody's code; a cache that fails fails no run
            stored, declined = False, str(error)
            if lease is not None:
                lease.say_unkept()
        finally:
            self._leases.release(key)
        self._counts["stored" if stored else "not_stored"] += 1
        provenance["cache"] = {
            "backend": self.backend.name,
            "hit": False,
            "key": key,
            "lookup_s": self._lookups.pop(key, 0.0),
            "store_s": time.perf_counter() - started,
        }
        if not stored and self.backend.name != "none":
            warn(NotStoredWarning(f"the result of a node is not kept: {declined}"))

    def stats(self) -> dict[str, int]:
        """hits, misses, stored, not_stored, pickled (entries refused) and foreign (of another kind)."""
        return {name: self._counts[name] for name in ("hits", "misses", "stored", "not_stored", "pickled", "foreign")}

    def _lookup(self, key: str, *, again: bool = False) -> DagCacheEntry | None:
        """`again`: what is in the way has been counted before."""
        entry = self._entry(key)
        if entry is None:
            return None
        meta = entry["meta"]
        if "state_blob" in meta:
            if not again:
                self._refuse_pickle(key)
            return None
        try:
            return DagCacheEntry(*_stage_entry.decode(meta, entry["arrays"]))
        except Exception:  # among others, whatever the decoder of a registered type raises for an entry of its past
            self._counts["foreign"] += not again
            return None

    def _entry(self, key: str) -> Any:
        if isinstance(self.backend, Cache):
            return self.backend.get(key, writable=self._writable)
        entry = self.backend.get(key)
        if entry is None:
            return None
        meta, arrays = _apart(entry["meta"], entry["arrays"], writable=self._writable)
        return {"meta": meta, "arrays": arrays}

    def _refuse_pickle(self, key: str) -> None:
        self._counts["pickled"] += 1
        if self._counts["pickled"] == 1:
            text = (
                f"the entry {key} holds a pickled state, which is not loaded: unpickling runs whatever code the entry "
                "names. Its node is computed anew and the entry replaced; there may be more of them"
            )
            warn(PickledEntryWarning(text))

    def _wait(self, key: str, asking: FrameType) -> DagCacheEntry | None:
        """After a miss: takes the lease on `key`, for as long as the function that asks runs, or waits for the result of
        whoever has it.

        What whoever has it could not keep is not waited for: all who hear of it compute at once. Never waits while
        holding a lease of its own: two executors that hold what the other wants would wait for ever.
        """
        if not isinstance(self.backend, Cache) or key in self._leases:
            return None
        deadline, pause = time.monotonic() + self._wait_s, 0.001
        holder = None
        while True:
            lease = self.backend._try_lease(key)
            heard = "gone" if holder is None else holder.listen()
            found = self._lookup(key, again=True) if self.backend.exists(key) else None
            if lease is not None:
                if found is not None:
                    lease.release()
                    return found
                self._leases.add(key, lease, asking)
                return None
            if found is not None or heard == "unkept" or self._leases or time.monotonic() > deadline:
                return found
            if heard == "gone":
                holder = self.backend._watch_lease(key)
            time.sleep(pause)
            pause = min(pause * 1.5, 0.05)


def _apart(meta: dict[str, Any], arrays: dict[str, Any], *, writable: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """Copies: a backend that keeps what it is given, and gives what it keeps, would share them with the stages."""
    import copy

    import numpy as np

    copied = {name: np.array(array) for name, array in arrays.items()}
    for array in copied.values():
        array.setflags(write=writable)
    return copy.deepcopy(meta), copied
