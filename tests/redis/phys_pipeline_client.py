#!/usr/bin/python3
"""Reads and writes cache entries in Redis as phys-pipeline's backend does, with redis-py and NumPy.

Usage: phys_pipeline_client.py SOCKET put KEY [TTL_SECONDS]   writes the sample entry
       phys_pipeline_client.py SOCKET get KEY                 prints what it reads as JSON, or null for a miss
"""

import io
import json
import sys

import numpy as np
import redis

PREFIX = "phys-pipeline"
SAMPLE_META = {"metrics": {"energy_j": 5.67e-10, "passes": 3}, "name": "fibre \u00e9", "nothing": None, "three": 3.0}


def sample_arrays():
    return {
        "field": np.arange(6, dtype=np.complex128).reshape(2, 3) * (1 - 2j),
        "mask": np.array([True, False, True]),
        "time": np.linspace(-1, 1, 5),
        "whole": np.asfortranarray(np.arange(6, dtype="<i4").reshape(3, 2)),
    }


def names(key):
    return f"{PREFIX}:{key}:meta", f"{PREFIX}:{key}:arrays"


def put(client, key, ttl):
    payload = io.BytesIO()
    np.savez_compressed(payload, **sample_arrays())
    meta_name, arrays_name = names(key)
    with client.pipeline(transaction=True) as pipe:
        pipe.set(meta_name, json.dumps(SAMPLE_META, sort_keys=True, default=str).encode())
        pipe.set(arrays_name, payload.getvalue())
        if ttl is not None:
            pipe.expire(meta_name, ttl)
            pipe.expire(arrays_name, ttl)
        pipe.execute()


def get(client, key):
    meta, payload = client.mget(names(key))
    if meta is None or payload is None:
        return None
    with np.load(io.BytesIO(payload), allow_pickle=False) as npz:
        arrays = {name: npz[name] for name in npz.files}
    return {
        "meta": json.loads(meta.decode()),
        "arrays": {
            name: {"dtype": array.dtype.name, "shape": list(array.shape), "sum": float(np.abs(array).sum())}
            for name, array in arrays.items()
        },
    }


def main(socket, verb, key, ttl=None):
    client = redis.Redis(unix_socket_path=socket)
    if verb == "put":
        put(client, key, None if ttl is None else int(ttl))
    else:
        print(json.dumps(get(client, key)))


main(*sys.argv[1:])
