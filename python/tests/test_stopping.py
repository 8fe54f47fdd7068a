"""Runs of Python stages that are stopped: by Ctrl-C, or because their time is up."""

import contextlib
import os
import signal
import threading
import time

import numpy as np
import pytest

import neve
from conftest import run_python

raised_inside = []  # what left a stage


@neve.stage("lab.source", version="1")
def source():
    return neve.State({"x": 1})


@contextlib.contextmanager
def interrupted_when(begun):
    """Somebody presses Ctrl-C once a stage has begun."""

    def interrupt():
        begun.wait()
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt, daemon=True)
    thread.start()
    yield
    thread.join()


def test_an_interrupt_stops_the_run_and_keeps_what_is_finished(cache):
    begun = threading.Event()

    @neve.stage("lab.slow", version="1")
    def slow(state, *, context):
        begun.set()
        while True:
            context.checkpoint()
            time.sleep(0.001)

    with interrupted_when(begun), pytest.raises(KeyboardInterrupt):
        neve.Pipeline("p").add("source", source).add("slow", slow).run(cache)
    assert neve.Pipeline("p").add("source", source).run(cache).outcomes == {"source": "hit"}


def test_an_interrupt_reaches_a_stage_that_asks_nobody_and_goes_on_after_errors(cache):
    begun = threading.Event()

    @neve.stage("lab.deaf", version="1")
    def deaf(state):
        begun.set()
        try:
            while True:
                with contextlib.suppress(Exception):
                    time.sleep(0.001)
        except BaseException as raised:
            raised_inside.append(type(raised))
            raise

    with interrupted_when(begun), pytest.raises(KeyboardInterrupt):
        neve.Pipeline("p").add("source", source).add("deaf", deaf).run(cache)
    assert raised_inside == [neve.StageStopped]


def test_a_timeout_reaches_a_stage_that_asks_nobody(cache):
    @neve.stage("lab.deaf", version="1")
    def deaf():
        while True:
            time.sleep(0.001)

    with pytest.raises(neve.TimeoutError, match="timeout of 20 ms"):
        neve.Pipeline("p").add("deaf", deaf, timeout_s=0.02).run(cache)


def test_a_stop_never_reaches_the_stage_after(cache):
    """Stages that end about when their time is up share threads with others that nobody stops."""
    pipeline = neve.Pipeline("p")
    for number in range(60):

        @neve.stage(f"lab.brief{number}", version="1")
        def brief():
            time.sleep(0.002)
            return neve.State({"x": 1})

        @neve.stage(f"lab.free{number}", version="1")
        def free():
            return neve.State({"x": sum(each for each in range(5_000))})

        pipeline.add(f"brief{number}", brief, timeout_s=0.002).add(f"free{number}", free)
    result = pipeline.run(cache, check=False, fail_fast=False, jobs=2)
    assert {name for name in result.outcomes if name.startswith("free")} == {f"free{n}" for n in range(60)}
    assert all(outcome == "miss" for name, outcome in result.outcomes.items() if name.startswith("free"))


@pytest.mark.parametrize(
    "watch", ["cProfile.Profile().enable()", "sys.settrace(lambda *_: None)", "sys.setprofile(lambda *_: None)"]
)
def test_a_program_goes_on_after_a_run_while_it_is_watched(watch):
    script = f"""
import cProfile, sys, neve

@neve.stage("lab.one", version="1")
def one():
    return {{"x": 1}}

def go():
    return neve.Pipeline("p").add("one", one).run("none:").state().meta

{watch}
print(go(), go())
"""
    assert run_python(script) == "{'x': 1} {'x': 1}\n"


def test_a_stage_that_ends_as_it_is_stopped_leaves_nothing_to_the_next(cache):
    """The request comes while the stage is in C, and ends with it."""

    @neve.stage("lab.late", version="1")
    def late():
        np.linalg.svd(np.ones((80, 80)))
        return {"x": 1}

    @neve.stage("lab.after", version="1")
    def after():
        return {"x": sum(range(1000))}

    line = neve.Pipeline("p").add("late", late, timeout_s=0.001)
    for _ in range(20):
        line.run("none:", check=False)
        assert neve.Pipeline("p").add("after", after).run("none:").ok
