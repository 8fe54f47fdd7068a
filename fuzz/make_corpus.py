#!/usr/bin/env python3
"""Writes the seeds of the fuzzers whose inputs are binary: NPY and NPZ files as NumPy and zipfile write them, and entries.

The files it makes are kept in the repository; run it again only to change them. Needs NumPy.
usage: fuzz/make_corpus.py
"""

import io
import json
import zipfile
from pathlib import Path

import numpy as np

CORPUS = Path(__file__).resolve().parent / "corpus"

ARRAYS = {
    "float64": np.linspace(0, 1, 8),
    "fortran": np.asfortranarray(np.arange(6, dtype="<f4").reshape(2, 3)),
    "complex_big_endian": np.array([1 + 2j, -3.5j], dtype=">c16"),
    "bool_scalar": np.array(True),
    "empty": np.zeros((0, 3), dtype="<i8"),
    "float16": np.array([1.5, np.nan, -0.0], dtype="<f2"),
    "uint8": np.arange(20, dtype="u1"),
    "text": np.array(["née", "vé"]),
    "bytes": np.array([b"ab", b"c"]),
    "datetime": np.array(["2024-02-29", "NaT"], dtype="datetime64[ns]"),
    "timedelta": np.array([1, -1], dtype="timedelta64[25us]"),
}
REFUSED = {
    "structured": np.zeros(2, dtype=[("a", "<f8"), ("b", "<i4")]),
    "object": np.array([{"a": 1}, None], dtype=object),
}


def npy(array: np.ndarray, version: tuple[int, int] | None = None) -> bytes:
    out = io.BytesIO()
    np.lib.format.write_array(out, array, version=version)
    return out.getvalue()


def zipped(members: dict[str, bytes], method: int, comment: bytes = b"", streamed: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.comment = comment
        for name, data in members.items():
            info = zipfile.ZipInfo(name)  # without a date of today
            info.compress_type = method
            if streamed:
                with archive.open(info, "w", force_zip64=True) as member:
                    member.write(data)
            else:
                archive.writestr(info, data)
    return out.getvalue()


def write(folder: str, name: str, data: bytes) -> None:
    (CORPUS / folder).mkdir(parents=True, exist_ok=True)
    (CORPUS / folder / name).write_bytes(data)


def main() -> None:
    for name, array in (ARRAYS | REFUSED).items():
        write("npy", f"{name}.npy", npy(array))
    write("npy", "version_2.npy", npy(ARRAYS["float64"], (2, 0)))
    write("npy", "version_3.npy", npy(ARRAYS["text"], (3, 0)))

    members = {f"{name}.npy": npy(array) for name, array in ARRAYS.items()}
    few = {name: members[name] for name in ("float64.npy", "bool_scalar.npy")}
    smooth = {"smooth.npy": npy(np.zeros(600))}
    files = {
        "empty": zipped({}, zipfile.ZIP_STORED),
        "stored": zipped(members, zipfile.ZIP_STORED),
        "deflated": zipped(few | smooth, zipfile.ZIP_DEFLATED),
        "zip64": zipped(few, zipfile.ZIP_STORED, streamed=True),
        "comment": zipped(few, zipfile.ZIP_STORED, comment=b"not a seal"),
        "utf8_name": zipped({"champ_réel.npy": few["float64.npy"]}, zipfile.ZIP_DEFLATED),
        "object_member": zipped({"o.npy": npy(REFUSED["object"])}, zipfile.ZIP_STORED),
    }
    for name, data in files.items():
        write("npz", f"{name}.npz", data)

    meta = json.dumps({"provenance": {"wall_time_s": 0.25, "op": "fibre"}, "metrics": {"energy_j": 5e-10}}, sort_keys=True)
    for name in ("empty", "stored", "deflated"):
        write("entry", name, meta.encode() + b"\0" + files[name])
    write("entry", "no_metadata", b"{}\0" + files["comment"])


if __name__ == "__main__":
    main()
