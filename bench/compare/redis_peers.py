"""Times redis-py with NumPy on the entries that neve_compare has stored, one case per request line.

Usage: redis_peers.py FOLDER, where FOLDER/redis.port holds the server's port. Reads "CASE SIZE KIND COUNT" lines and
answers each with microseconds per operation, or "absent" when redis-py is not installed.
"""

import gc
import io
import json
import sys
import time

import numpy as np

try:
    import redis
except ImportError:
    redis = None


def main(folder):
    client = None

    def get(size, kind):
        meta, payload = client.mget(f"phys-pipeline:{kind}.{size}:meta", f"phys-pipeline:{kind}.{size}:arrays")
        with np.load(io.BytesIO(payload), allow_pickle=False) as npz:
            return json.loads(meta), {name: npz[name] for name in npz.files}

    def timed(count, operation):
        gc.collect()
        gc.disable()
        start = time.perf_counter()
        for _ in range(count):
            operation()
        total = time.perf_counter() - start
        gc.enable()
        return total * 1e6 / count

    print(f"redis-py {redis.__version__}" if redis else "redis-py absent", flush=True)
    for line in sys.stdin:
        _, size, kind, count = line.split()
        if redis is None:
            print("absent", flush=True)
            continue
        if client is None:
            with open(f"{folder}/redis.port", encoding="ascii") as file:
                client = redis.Redis(host="127.0.0.1", port=int(file.read()))
        get(size, kind)
        print(f"{timed(int(count), lambda s=size, k=kind: get(s, k)):.4f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
