"""Threads, forks, processes, and the end of the interpreter."""

import contextlib
import gc
import os
import resource
import threading

import numpy as np

import neve
from conftest import PATIENT, run_python


def test_many_threads_share_a_cache(tmp_path):
    with neve.open(f"memory:8MiB,disk:{tmp_path}?budget=2MiB") as cache:
        failures = []

        def work(seed):
            random = np.random.default_rng(seed)
            for _ in range(150):
                n = int(random.integers(0, 20))
                entry = cache.get(f"k{n}")
                if entry is not None and not (entry["arrays"]["a"] == n).all():
                    failures.append(n)
                cache.put(f"k{n}", {"n": n}, {"a": np.full(1000 * (n + 1), float(n))})
                if random.random() < 0.1:
                    cache.delete(f"k{n}")

        threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []


def test_a_cache_is_closed_under_the_feet_of_its_users(tmp_path):
    cache = neve.open(tmp_path)
    cache.put("key", {}, {"a": np.arange(100_000.0)})
    ends = []

    def work():
        try:
            while True:
                assert cache.get("key")["arrays"]["a"][5] == 5
        except neve.InvalidArgumentError as error:
            ends.append("closed" in str(error))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    cache.close()
    for thread in threads:
        thread.join()
    assert ends == [True] * 4


def test_a_forked_child_uses_the_cache_on_its_own(tmp_path, redis_url):
    caches = [neve.open(tmp_path), neve.open(f"{redis_url}?{PATIENT}"), neve.open("memory:")]
    for cache in caches:
        cache.put("parent", {"by": "parent"})
    child = os.fork()
    if child == 0:
        try:
            for cache in caches[:2]:
                assert cache.get("parent")["meta"] == {"by": "parent"}
                cache.put("child", {"by": "child"})
            caches[2].put("child", {})
            os._exit(0)
        except BaseException:  # the parent is told by the exit code
            os._exit(1)
    for _ in range(50):
        assert caches[1].get("parent")["meta"] == {"by": "parent"}
    assert os.waitpid(child, 0)[1] == 0
    assert caches[0].get("child") and caches[1].get("child")


def test_the_interpreter_ends_with_arrays_and_caches_alive(tmp_path):
    out = run_python(
        """
import sys, threading
import numpy as np
import neve
cache = neve.open("memory:,disk:" + sys.argv[1])
cache.put("key", {}, {"a": np.arange(2_000_000.0)})
kept = cache.get("key", mapped=True)["arrays"]["a"]
lookup = cache.lookup("key")
sys.modules["kept"] = [kept, lookup, cache]
threading.Thread(target=lambda: cache.get("key")).start()
print(kept[3])
""",
        tmp_path,
    )
    assert out == "3.0\n"


def test_importing_neve_does_not_import_numpy():
    assert run_python("import sys, neve; print('numpy' in sys.modules)") == "False\n"


def test_getting_and_putting_does_not_leak(cache):
    array = np.arange(200_000.0)

    def rounds(count):
        for _ in range(count):
            cache.put("key", {"i": list(range(50))}, {"a": array, "b": np.array(["text"] * 100)})
            cache.get("key")
            assert cache.lookup("key").arrays
            with contextlib.suppress(neve.Error):
                cache.put("key", {"i": [object()]}, {"a": array})
        gc.collect()
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    rounds(50)
    before = rounds(10)
    assert rounds(300) - before < 20_000  # KB; a leaked array each round would be 470,000
