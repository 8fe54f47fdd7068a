"""A process whose daemon threads are inside of neve when it ends, ends as others do."""

import pytest

from conftest import run_python

STORING = """
def work(i):
    while True:
        cache.put(f"{i:064x}", {"i": i}, {"x": array})
        cache.get(f"{i:064x}")
        inside.set()
"""
WAITING = """
@neve.memo(cache, version="1", source=False)
def slow(x):
    inside.set()
    time.sleep(60)
def work(i):
    slow(1)
"""
COMPUTING = """
@neve.memo(cache, version="1", source=False)
def loop(i):
    inside.set()
    while True:
        pass
work = loop
"""
DESCRIBING = """
class Slow:
    pass
def described(value):
    inside.set()
    while True:
        pass
neve.register(Slow, described, None)
@neve.memo(cache, version="1", source=False)
def take(i, slow):
    pass
def work(i):
    take(i, Slow())
"""
STAGE = """
@neve.stage("tests.endless", version="1")
def endless():
    inside.set()
    while True:
        pass
def work(i):
    neve.Pipeline("line").add("endless", endless).run(cache)
"""
LEASES = """
import neve.phys
def work(i):
    while True:
        lease = cache._try_lease(f"{i:064x}")
        if lease is not None:
            lease.release()
        inside.set()
"""
SCRIPT = """
import pathlib, sys, threading, time
import numpy as np
import neve
cache = neve.open(pathlib.Path(sys.argv[1]))
array = np.zeros(200000)
inside = threading.Event()
{work}
for i in range(3):
    threading.Thread(target=work, args=(i,), daemon=True).start()
inside.wait()
print("done")
"""


@pytest.mark.parametrize("work", [STORING, WAITING, COMPUTING, DESCRIBING, STAGE, LEASES])
def test_daemon_threads_inside_of_neve_do_not_abort_the_exit(tmp_path, work):
    for _ in range(4):
        assert run_python(SCRIPT.replace("{work}", work), tmp_path) == "done\n"
