#!/usr/bin/python3
"""Reads NPZ files with NumPy and zipfile and compares them with index.json.

Usage: read_with_numpy.py FOLDER
index.json: {file: {name: {descr, shape, fortran, sha256}}}; sha256 is of the elements in C order.
"""

import hashlib
import json
import pathlib
import sys
import zipfile

import numpy as np

folder = pathlib.Path(sys.argv[1])
faults = 0


def check(what, actual, expected):
    global faults
    if actual != expected:
        faults += 1
        print(f"{what}: {actual!r} instead of {expected!r}")


for file, expected in json.loads((folder / "index.json").read_text(encoding="utf-8")).items():
    if file.endswith(".npy"):
        members = {"": np.load(folder / file, allow_pickle=False)}
    else:
        with zipfile.ZipFile(folder / file) as archive:
            check(f"{file}: testzip", archive.testzip(), None)
            names = [info.filename for info in archive.infolist()]
            check(f"{file}: order", names, sorted(names, key=lambda name: name[:-4].encode()))
            check(f"{file}: stamps", {info.date_time for info in archive.infolist()} - {(1980, 1, 1, 0, 0, 0)}, set())
        with np.load(folder / file, allow_pickle=False) as archive:
            members = {name: archive[name] for name in archive.files}
    check(f"{file}: names", sorted(members), sorted(expected))
    for name, array in members.items():
        what = expected[name]
        check(f"{file}: {name}: dtype", array.dtype.str, what["descr"])
        check(f"{file}: {name}: shape", list(array.shape), what["shape"])
        if array.ndim > 1 and array.size > 1 and max(array.shape) < array.size:
            check(f"{file}: {name}: order", bool(array.flags.f_contiguous), what["fortran"])
        digest = hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()
        check(f"{file}: {name}: elements", digest, what["sha256"])

sys.exit(1 if faults else 0)
