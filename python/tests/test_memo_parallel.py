"""`neve.memo`: calls whose result nobody can find afterwards do not wait for each other."""

import sys
import threading
import time

import pytest

import neve
from memo_functions import counted


def at_once(call, threads=6):
    """Calls it in all of them at the same moment; what they gave or raised."""
    start = threading.Barrier(threads)
    given = [None] * threads

    def work(i):
        start.wait()
        try:
            given[i] = call()
        except Exception as error:
            given[i] = error

    all_threads = [threading.Thread(target=work, args=(i,)) for i in range(threads)]
    for thread in all_threads:
        thread.start()
    for thread in all_threads:
        thread.join()
    return given


def threads_that_compute_or_wait():
    """How many other threads are in the extension, for a memoised function."""
    frames = [frame for thread, frame in sys._current_frames().items() if thread != threading.get_ident()]
    return sum(each.f_code.co_name == "_kept" and each.f_lineno > each.f_code.co_firstlineno for each in frames)


class SideBySide:
    """Where a computation waits until so many others are in it at the same time: if they came one by one, in vain. The first
    one may be alone there until the others wait for its result."""

    def __init__(self, first_alone, wanted):
        self.first_alone, self.wanted = first_alone, wanted
        self.changed = threading.Condition()
        self.inside = self.begun = 0

    def __enter__(self):
        with self.changed:
            self.begun += 1
            if self.first_alone and self.begun == 1:
                deadline = time.monotonic() + 30
                while threads_that_compute_or_wait() < self.wanted:
                    assert time.monotonic() < deadline
                    self.changed.wait(0.01)
                return
            self.inside += 1
            self.changed.notify_all()
            assert self.changed.wait_for(lambda: self.inside >= self.wanted, timeout=30), "they came one by one"

    def __exit__(self, *_):
        pass


@pytest.mark.parametrize("how", ["no exact form", "raises", "too large", "none"])
def test_what_cannot_be_kept_is_computed_side_by_side(cache, how):
    place = {"too large": "memory:1KiB", "none": "none:"}.get(how, cache)
    meeting = SideBySide(first_alone=how != "none", wanted=6 if how == "none" else 5)
    neve.register(SideBySide, lambda meeting: None, None, name="tests.SideBySide")

    @neve.memo(place)
    def f(x):
        with meeting:
            if how == "raises":
                raise ValueError("no")
            return object() if how == "no exact form" else bytes(4096)

    with pytest.warns(neve.NotStoredWarning) if how in ("no exact form", "too large") else _nothing():
        given = at_once(lambda: f(1))
    assert meeting.begun == 6
    if how == "raises":
        assert [str(error) for error in given] == ["no"] * 6
    else:
        assert not any(isinstance(each, Exception) for each in given)


def test_what_is_kept_is_computed_once_even_after_a_failure(cache):
    counted.calls.clear()

    @neve.memo(cache, ignore=["counted.calls"])
    def f(x):
        counted()
        if len(counted.calls) == 1:
            raise ValueError("no")
        return x

    with pytest.raises(ValueError):
        f(1)
    assert at_once(lambda: f(1)) == [1] * 6
    assert len(counted.calls) == 2


def _nothing():
    import contextlib

    return contextlib.nullcontext()
