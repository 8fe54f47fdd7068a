"""Times the Python peers of neve, one case per request line, for bench/compare.

Usage: peers.py FOLDER, where FOLDER/data/{kind}.{size}.f64 holds the arrays. Reads "CASE SIZE KIND COUNT" lines and
answers each with microseconds per operation, or "absent" when the package for that case is not installed.
"""

import gc
import io
import itertools
import json
import os
import sys
import time

import numpy as np

try:
    import diskcache
except ImportError:
    diskcache = None
try:
    import joblib
except ImportError:
    joblib = None

META = {
    "stage": "fiber",
    "metrics": {"energy_j": 5.67e-10, "fwhm_s": 5.0e-14, "photon_number": 2.4e9},
    "state": {"center_frequency_hz": 3.59e14, "time_step_s": 1.5e-15, "type": "optics.pulse"},
    "note": "x" * 180,
}


def phys_bytes(values):
    npz = io.BytesIO()
    np.savez_compressed(npz, field=values)
    return json.dumps(META, sort_keys=True, default=str).encode(), npz.getvalue()


def phys_put(path, values):
    meta, npz = phys_bytes(values)
    with open(path + ".json", "wb") as file:
        file.write(meta)
    with open(path + ".npz", "wb") as file:
        file.write(npz)


def phys_get(path):
    if not (os.path.exists(path + ".json") and os.path.exists(path + ".npz")):
        return None
    with open(path + ".json", "rb") as file:
        meta = json.loads(file.read().decode())
    with open(path + ".npz", "rb") as file:
        npz = np.load(io.BytesIO(file.read()))
    return meta, {name: npz[name] for name in npz.files}


def timed(count, operation, clean=None):
    gc.collect()
    gc.disable()
    total = 0.0
    for _ in range(count):
        start = time.perf_counter()
        result = operation()
        total += time.perf_counter() - start
        del result
        if clean:
            clean()
    gc.enable()
    return total * 1e6 / count


def prepared(path, write):
    if not any(os.path.exists(path + ending) for ending in ("", ".json")):
        write()
    return path


def savez_get(path):
    with np.load(path) as npz:
        return {name: npz[name] for name in npz.files}


class Peers:
    """Times cases with the arrays of a folder."""

    def __init__(self, folder):
        self.folder, self.arrays, self.names = folder, {}, itertools.count()

    def array(self, size, kind):
        if (size, kind) not in self.arrays:
            self.arrays[size, kind] = np.fromfile(f"{self.folder}/data/{kind}.{size}.f64")
        return self.arrays[size, kind]

    def fresh(self, ending, write, size, count):
        """A new file each time. Only large ones are removed at once: see put_cases.cpp."""
        path = ""
        os.makedirs(f"{self.folder}/peers-put", exist_ok=True)

        def operation():
            nonlocal path
            path = f"{self.folder}/peers-put/{next(self.names)}"
            write(path + ending)

        def clean():
            for suffix in (ending, ".json", ".npz"):
                if os.path.exists(path + suffix):
                    os.unlink(path + suffix)

        return timed(count, operation, clean if size == "64m" else None)

    def diskcache(self, size, kind, count, verb):
        if diskcache is None:
            return None
        cache = diskcache.Cache(f"{self.folder}/diskcache", size_limit=8 << 30)
        values, key = self.array(size, kind), f"{kind}.{size}"
        try:
            if verb == "put":
                return timed(count, lambda: cache.set(key, values))
            if key not in cache:
                cache.set(key, values)
            cache.get(key)
            return timed(count, lambda: cache.get(key))
        finally:
            cache.close()

    def joblib_get(self, size, kind, count):
        if joblib is None:
            return None
        path = prepared(
            f"{self.folder}/{kind}.{size}.joblib",
            lambda: joblib.dump(self.array(size, kind), f"{self.folder}/{kind}.{size}.joblib"),
        )
        return timed(count, lambda: joblib.load(path))

    def npy(self, size, kind):
        path = f"{self.folder}/{kind}.{size}.npy"
        return prepared(path, lambda: np.save(path, self.array(size, kind)))

    def phys(self, size, kind):
        path = f"{self.folder}/phys.{kind}.{size}"
        return prepared(path, lambda: phys_put(path, self.array(size, kind)))

    def phys_into(self, size, kind, count):
        """Writes one entry as phys-pipeline does where neve will look for it."""
        phys_put(f"{self.folder}/numpy-written/{kind}.{size}", self.array(size, kind))
        return 1.0

    def cases(self):
        """By name what gives microseconds for a size, a kind of array and a count; None where a package is missing."""
        return {
            "diskcache.get": lambda s, k, n: self.diskcache(s, k, n, "get"),
            "diskcache.put": lambda s, k, n: self.diskcache(s, k, n, "put"),
            "joblib.load": self.joblib_get,
            "phys.get": lambda s, k, n: timed(n, lambda path=self.phys(s, k): phys_get(path)),
            "phys.put": lambda s, k, n: self.fresh("", lambda path: phys_put(path, self.array(s, k)), s, n),
            "phys.write_for_neve": self.phys_into,
            "np.load": lambda s, k, n: timed(n, lambda path=self.npy(s, k): np.load(path)),
            "np.load_mmap_sum": lambda s, k, n: timed(n, lambda path=self.npy(s, k): float(np.load(path, mmap_mode="r").sum())),
            "np.load_npz": lambda s, k, n: timed(n, lambda path=self.phys(s, k): savez_get(path + ".npz")),
            "np.save": lambda s, k, n: self.fresh(".npy", lambda path: np.save(path, self.array(s, k)), s, n),
            "np.savez_compressed": lambda s, k, n: self.fresh(
                ".npz", lambda path: np.savez_compressed(path, field=self.array(s, k)), s, n
            ),
        }


def main(folder):
    have = [f"numpy {np.__version__}"]
    have.append(f"diskcache {diskcache.__version__}" if diskcache else "diskcache absent")
    have.append(f"joblib {joblib.__version__}" if joblib else "joblib absent")
    print(", ".join(have), flush=True)
    cases = Peers(folder).cases()
    for line in sys.stdin:
        name, size, kind, count = line.split()
        microseconds = cases[name](size, kind, int(count))
        print("absent" if microseconds is None else f"{microseconds:.4f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
