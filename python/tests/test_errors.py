"""Every kind of failure is an exception of its own, met where a user would meet it."""

import threading
import time

import numpy as np
import pytest

import neve
from neve.datasets import Store

MET = []


@neve.stage("lab.forever", version="1")
def forever(*, context):
    while True:
        context.checkpoint()
        time.sleep(0.005)


@neve.stage("lab.fault", version="1")
def fault():
    raise ArithmeticError("no result")


def run(folder, stage, **settings):
    neve.Pipeline("p").add("only", stage, **settings).run(neve.open(folder / "cache"))


def add_table(folder, text):
    path = folder / "table.csv"
    path.write_text(text)
    store = Store(folder / "storage")
    store.add(path)
    return store


def read_damaged_schema(folder):
    store = add_table(folder, "name,value\na,1\n")
    (folder / "storage/datasets/table/schema.json").write_text('{"columns": [')
    store.schema("table")


FAILURES = {
    "invalid_argument": (lambda folder: neve.open("dsk:somewhere"), ValueError, "did you mean 'disk'"),
    "corrupt": (read_damaged_schema, neve.Error, "schema.json"),
    "unsupported": (
        lambda folder: neve.open(folder).put("key", {}, {"x": np.array([object()])}),
        TypeError,
        "array 'x'.*pickle",
    ),
    "too_large": (
        lambda folder: add_table(folder, ",".join(f"c{i}" for i in range(2001)) + "\n"),
        neve.Error,
        "table.csv.*2001 columns; at most 2000",
    ),
    "unavailable": (
        lambda folder: neve.open("redis://127.0.0.1:1", on_failure="raise").get("key"),
        ConnectionError,
        "127.0.0.1:1",
    ),
    "timeout": (lambda folder: run(folder, forever, timeout_s=0.05), TimeoutError, "'only'.*50 ms"),
    "io": (lambda folder: neve.open("disk:/proc/neve", on_failure="raise").put("key", {}), OSError, "/proc/neve"),
    "stage_failed": (lambda folder: run(folder, fault), RuntimeError, "'only'.*no result"),
}


@pytest.mark.parametrize("code", FAILURES)
def test_a_failure_is_an_exception_of_its_own_and_of_pythons(code, tmp_path):
    provoke, also, message = FAILURES[code]
    with pytest.raises(neve.Error, match=message) as caught:
        provoke(tmp_path)
    assert caught.value.code == code
    assert isinstance(caught.value, also)
    assert type(caught.value).__name__ == "".join(word.title() for word in code.split("_")) + "Error"


BEGUN = threading.Event()


@neve.stage("lab.patient", version="1")
def patient(*, context):
    try:
        while True:
            context.checkpoint()
            BEGUN.set()
            time.sleep(0.005)
    except neve.Error as error:
        MET.append(error)
        raise


@neve.stage("lab.late_fault", version="1")
def late_fault():
    BEGUN.wait()
    raise ArithmeticError("no result")


def test_a_stage_asked_to_stop_meets_the_cancellation(tmp_path):
    MET.clear()
    BEGUN.clear()
    both = neve.Pipeline("p").add("patient", patient).add("fault", late_fault)
    with pytest.raises(neve.StageFailedError):
        both.run(neve.open(tmp_path), jobs=2, fail_fast=True)
    assert [(type(error), error.code) for error in MET] == [(neve.CancelledError, "cancelled")]
