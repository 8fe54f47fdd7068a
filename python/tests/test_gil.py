"""Other threads go on while neve works: Python takes its lock from nobody here, so each operation must let go of it."""

import pathlib
import sys
import threading

import numpy as np
import pytest

import neve
import neve.datasets

FIELD = np.random.default_rng(1).standard_normal(8 << 20)  # 64 MB


@pytest.fixture
def lets_others_run(monkeypatch):
    """Whether another thread that waits for Python's lock gets it during a call, in one of many attempts."""
    waits, got_it = threading.Semaphore(0), []

    def other():
        while waits.acquire() and got_it is not None:
            got_it.append(True)

    def tried(operation):
        for _ in range(100):
            waits.release()
            operation()
            if got_it:
                return True
        return False

    thread = threading.Thread(target=other, daemon=True)
    thread.start()
    before = sys.getswitchinterval()
    sys.setswitchinterval(1000)
    yield tried
    sys.setswitchinterval(before)


def changed():
    FIELD[0] += 1
    return FIELD


def cache_operation(name, tmp_path):
    cache = neve.open(f"disk:{tmp_path}/cache")
    cache.put("key", {}, {"a": FIELD})
    return {
        "put": lambda: cache.put("other", {}, {"a": FIELD}),
        "lookup": lambda: cache.lookup("key"),
        "writable": lambda: cache.get("key", writable=True),
    }[name]


def memo_operation(name, tmp_path):
    keyed = neve.memo(tmp_path, version="1", source=False)(lambda x: 1)
    copied = neve.memo(tmp_path, version="1", source=False, writable=True)(lambda x: FIELD)
    copied(1)
    return {
        "array": lambda: keyed.key(changed()),
        "bytes": lambda: keyed.key(bytes(8 << 20)),
        "text": lambda: keyed.key("x" * (16 << 20)),
        "recipe": lambda: keyed.why(bytes(8 << 20)).key,
        "result": lambda: copied(1),
    }[name]


@pytest.mark.parametrize("name", ["put", "lookup", "writable"])
def test_others_run_while_a_large_entry_is_stored_or_read(lets_others_run, tmp_path, name):
    assert lets_others_run(cache_operation(name, tmp_path))


@pytest.mark.parametrize("name", ["array", "bytes", "text", "recipe", "result"])
def test_others_run_while_large_arguments_are_hashed_and_results_copied(lets_others_run, tmp_path, name):
    assert lets_others_run(memo_operation(name, tmp_path))


def test_others_run_while_a_compiled_pipeline_does(lets_others_run):
    line = neve.Pipeline("p").add("pulse", neve.uses("optics.pulse", points=1 << 16, peak_power_w=1.0))
    assert lets_others_run(lambda: line.run("none:"))


def test_others_run_while_a_dataset_is_added_and_analysed(lets_others_run, tmp_path):
    try:
        store = neve.datasets.Store(tmp_path / "store")
    except neve.UnsupportedError:
        pytest.skip("this neve was built without datasets")
    tables = [pathlib.Path(tmp_path, f"t{i}.csv") for i in range(2)]
    for i, table in enumerate(tables):
        table.write_text("customer,revenue\n" + f"c{i},1.25\n" * 20_000)
    given = iter(tables * 100)
    assert lets_others_run(lambda: store.add(next(given), id="table"))
    again = iter(range(1, 200))
    assert lets_others_run(lambda: store.analyze("table", group_by="customer", value="revenue", thresholds=[next(again) / 4]))
