"""Leases on keys that somebody is computing, given up when that somebody is no longer at it."""

from __future__ import annotations

import os
import sys
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

    from neve._neve import Lease

_LOOK_S = 0.5


@dataclass(frozen=True)
class _Held:
    lease: Lease
    thread: int
    frame: FrameType


class HeldLeases:
    """phys-pipeline's executor tells a cache when a node has been computed, and not when it failed: then the function
    that asked for the key has ended without storing it, which a thread of this object's own notices.

    Safe from threads. A forked child starts without leases: they are its parent's.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[str, _Held] = {}
        self._owner = os.getpid()
        self._watching = False

    def add(self, key: str, lease: Lease, frame: FrameType) -> None:
        """Holds `lease` until `release(key)` or until the function of `frame` has ended."""
        self._let_go_of_parents()
        with self._lock:
            self._held[key] = _Held(lease, threading.get_ident(), frame)
            if not self._watching:
                self._watching = True
                threading.Thread(target=self._watch, name="neve-leases", daemon=True).start()

    def of(self, key: str) -> Lease | None:
        self._let_go_of_parents()
        with self._lock:
            held = self._held.get(key)
        return None if held is None else held.lease

    def release(self, key: str) -> None:
        self._let_go_of_parents()
        with self._lock:
            held = self._held.pop(key, None)
        if held is not None:
            held.lease.release()

    def __contains__(self, key: str) -> bool:
        self._let_go_of_parents()
        return key in self._held

    def __bool__(self) -> bool:
        self._let_go_of_parents()
        return bool(self._held)

    def _let_go_of_parents(self) -> None:
        if self._owner != os.getpid():
            self._lock, self._held, self._owner, self._watching = threading.Lock(), {}, os.getpid(), False

    def _watch(self) -> None:
        while True:
            time.sleep(_LOOK_S)
            with self._lock:
                stacks = sys._current_frames()
                ended = [key for key, held in self._held.items() if not _is_running(held.frame, stacks.get(held.thread))]
                given_up = [self._held.pop(key) for key in ended]
                self._watching = bool(self._held)
                goes_on = self._watching
            for held in given_up:
                held.lease.release()
            del stacks, given_up
            if not goes_on:
                return


def _is_running(frame: FrameType, top: FrameType | None) -> bool:
    while top is not None and top is not frame:
        top = top.f_back
    return top is frame
