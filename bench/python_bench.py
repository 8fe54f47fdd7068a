"""neve from Python beside its peers, in one run: times, and the claims made for them.

usage: python bench/python_bench.py [--quick]     (with the neve that is installed; scripts/bench.sh runs it)

Each case is timed in turn, round after round, so that the ratios survive a machine that drifts; the median counts.
"""

from __future__ import annotations

import gc
import itertools
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

import neve
import neve.phys

META = {
    "stage": "fiber",
    "metrics": {"energy_j": 5.67e-10, "fwhm_s": 5.0e-14, "photon_number": 2.4e9},
    "state": {"center_frequency_hz": 3.59e14, "time_step_s": 1.5e-15, "type": "optics.pulse"},
    "note": "x" * 180,
}


def small_call(a, b=2):
    return a + b


OFFSET, SCALE = 1000, 2.5


def shifted(x):
    return x + OFFSET


def scaled(x):
    return SCALE * shifted(x)


def reading_call(a, b=2):
    return scaled(a) + shifted(b)


def large_call(n):
    return np.random.default_rng(0).standard_normal(n)


class Cases:
    """Named things to time, `count` at a time, and what is claimed of them."""

    def __init__(self, title, rounds):
        self.title, self.rounds, self.cases, self.claims = title, rounds, {}, []

    def add(self, name, operation, count, prepare=None, clean=None):
        """`prepare` and `clean` are called before and after, untimed."""
        self.cases[name] = (operation, count, prepare, clean)

    def claim(self, text, ours, peer, at_least):
        self.claims.append((text, ours, peer, at_least))

    def run(self):
        samples = {name: [] for name in self.cases}
        gc.disable()
        for round_number in range(self.rounds + 1):
            for name, (operation, count, prepare, clean) in self.cases.items():
                if prepare:
                    prepare()
                started = time.perf_counter()
                for _ in range(count):
                    operation()
                total = time.perf_counter() - started
                if clean:
                    clean()
                if round_number:  # the first one warms up
                    samples[name].append(total * 1e6 / count)
            gc.collect()
        gc.enable()
        medians = {name: statistics.median(each) for name, each in samples.items()}
        print(f"\n{self.title}")
        for name, median in medians.items():
            print(f"  {name:44} {median:12,.1f} us")
        short = 0
        for text, ours, peer, at_least in self.claims:
            if peer not in medians:
                continue
            ratio = medians[peer] / medians[ours]
            short += ratio < at_least
            print(f"  {'+' if ratio >= at_least else '-'} {text}: {ratio:.2f}x (claimed {at_least:g}x)")
        return short


def small_gets(folder, peers, rounds):
    field = np.random.default_rng(0).standard_normal(1024)
    cache, chain = neve.open(folder / "neve"), neve.open(f"memory:,disk:{folder}/chain")
    reading = neve.open(f"disk:{folder}/neve?recent=0")
    cases = Cases("get, 8 KB", rounds)
    for each in (cache, chain):
        each.put("key", META, {"field": field})
    time.sleep(0.1)  # younger files are read anew each time
    cases.add("neve get, files unchanged since the last", lambda: cache.get("key"), 500)
    cases.add("neve get, files read anew", lambda: reading.get("key"), 500)
    cases.add("neve get, memory before disk", lambda: chain.get("key"), 500)
    if "diskcache" in peers:
        other = peers["diskcache"].Cache(str(folder / "diskcache"), size_limit=8 << 30)
        other.set("key", field)
        cases.add("diskcache get", lambda: other.get("key"), 500)
        cases.claim("again, against diskcache", "neve get, files unchanged since the last", "diskcache get", 3)
        cases.claim("read anew, against diskcache", "neve get, files read anew", "diskcache get", 0.8)
    if "phys_pipeline" in peers:
        theirs = peers["phys_pipeline"].DiskCache(folder / "phys")
        theirs.put("key", META, {"field": field})
        cases.add("phys-pipeline get", lambda: theirs.get("key"), 50)
        cases.claim("again, against phys-pipeline", "neve get, files unchanged since the last", "phys-pipeline get", 30)
        cases.claim("read anew, against phys-pipeline", "neve get, files read anew", "phys-pipeline get", 10)
    return cases.run()


def large_entries(folder, peers, rounds):
    field = np.random.default_rng(0).standard_normal(8 << 20)
    cache, reading = neve.open(folder / "neve"), neve.open(f"disk:{folder}/neve?recent=0")
    cache.put("large", {}, {"field": field})
    time.sleep(0.1)
    cases = Cases("64 MB", max(5, rounds // 2))
    names = itertools.count()
    cases.add("neve get, mapped (verified the first time)", lambda: cache.get("large", mapped=True), 20)
    cases.add("neve get, mapped and verified anew", lambda: reading.get("large", mapped=True), 2)
    cases.add("neve get", lambda: cache.get("large"), 1)

    def put():
        cache.put(f"new-{next(names)}", {}, {"field": field})

    def save():
        np.save(folder / f"new-{next(names)}.npy", field)

    def remove():
        for path in [*folder.glob("new-*"), *(folder / "neve").glob("new-*")]:
            path.unlink()

    def warm_page_cache():
        """Makes both begin alike: see put_cases.cpp."""
        field.tofile(folder / "new-warm")
        remove()

    cases.add("neve put", put, 1, warm_page_cache, remove)
    cases.add("np.save", save, 1, warm_page_cache, remove)
    cases.claim("put against np.save", "neve put", "np.save", 1)
    if "joblib" in peers:
        kept = peers["joblib"].Memory(folder / "joblib", mmap_mode="r", verbose=0).cache(large_call)
        kept(8 << 20)
        cases.add("joblib.Memory hit, mmap", lambda: kept(8 << 20), 20)
        cases.claim("mapped against joblib.Memory with mmap", "neve get, mapped (verified the first time)",
                    "joblib.Memory hit, mmap", 8)  # fmt: skip
    return cases.run()


def memo_hits(folder, peers, rounds):
    ours = neve.memo(folder / "neve", version="1")(small_call)
    ours(1, b=3)
    time.sleep(0.1)
    cases = Cases("a stored call of a small function", rounds)
    cases.add("neve.memo hit", lambda: ours(1, b=3), 500)
    reads = neve.memo(folder / "neve", version="1")(reading_call)
    reads(1, b=3)
    cases.add("neve.memo hit, reads four variables", lambda: reads(1, b=3), 500)
    if "joblib" in peers:
        theirs = peers["joblib"].Memory(folder / "joblib", verbose=0).cache(small_call)
        theirs(1, b=3)
        cases.add("joblib.Memory hit", lambda: theirs(1, b=3), 100)
        cases.claim("against joblib.Memory", "neve.memo hit", "joblib.Memory hit", 1 / 0.15)
    return cases.run()


def import_time(rounds):
    """Milliseconds from `python` to after `import neve`, less those of `python` alone."""
    times = {"pass": [], "import neve": []}
    for _ in range(max(5, rounds)):
        for script, samples in times.items():
            started = time.perf_counter()
            subprocess.run([sys.executable, "-c", script], check=True)
            samples.append((time.perf_counter() - started) * 1e3)
    taken = statistics.median(times["import neve"]) - statistics.median(times["pass"])
    print(f"\nimport neve\n  {'+' if taken <= 60 else '-'} {taken:.1f} ms (claimed at most 60 ms)")
    return taken > 60


def main():
    rounds = 5 if "--quick" in sys.argv else 15
    peers = {}
    for name in ("diskcache", "joblib", "phys_pipeline"):
        try:
            peers[name] = __import__(name)
        except ImportError:
            print(f"{name} is not installed")
    versions = ", ".join(f"{name} {getattr(peer, '__version__', '')}" for name, peer in peers.items())
    print(f"Python {sys.version.split()[0]}, numpy {np.__version__}, neve {neve.__version__}; {versions}")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="neve-bench-"))
    try:
        short = small_gets(folder, peers, rounds) + large_entries(folder, peers, rounds)
        short += memo_hits(folder, peers, rounds) + import_time(rounds)
    finally:
        shutil.rmtree(folder)
    print(f"\n{'every claim holds' if not short else f'{short} claims fell short'}")


if __name__ == "__main__":
    main()
