#!/usr/bin/python3
"""Writes NPZ files in every way NumPy and zipfile know, and index.json saying what is in them.

Usage: write_with_numpy.py FOLDER
index.json: {"read": {file: {name: {descr, shape, fortran, sha256}}}, "refused": {file: words of the error}}
"""

import hashlib
import io
import json
import pathlib
import struct
import sys
import zipfile

import numpy as np

folder = pathlib.Path(sys.argv[1])
readable, refused = {}, {}
random = np.random.default_rng(7)


def describe(array):
    array = np.asarray(array)
    return {
        "descr": array.dtype.str,
        "shape": list(array.shape),
        "fortran": bool(array.flags.f_contiguous and not array.flags.c_contiguous),
        "sha256": hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest(),
    }


def expect(file, arrays):
    readable[file] = {name: describe(array) for name, array in arrays.items()}


class Unseekable(io.RawIOBase):
    """A pipe: zipfile has to write sizes after the data."""

    def __init__(self):
        self.bytes = bytearray()

    def writable(self):
        return True

    def write(self, data):
        self.bytes += data
        return len(data)


def npy(array, version=None):
    out = io.BytesIO()
    np.lib.format.write_array(out, np.asanyarray(array), version=version, allow_pickle=True)
    return out.getvalue()


def every_dtype():
    arrays = {}
    for code in "?bhilqBHILQefdFD":
        for order in "<>":
            dtype = np.dtype(code).newbyteorder(order)
            for shape in ((), (0,), (3,), (2, 3), (0, 4), (2, 1, 3)):
                raw = random.integers(0, 2 if code == "?" else 256, int(np.prod(shape)) * dtype.itemsize, dtype=np.uint8)
                arrays[f"{code}{order}{len(arrays)}"] = np.frombuffer(raw.tobytes(), dtype).reshape(shape)
    for dtype in ("S1", "S7", "U1", "<U5", ">U5"):
        arrays["t" + dtype] = np.array(["", "ab", "λ" if "U" in dtype else "z"], dtype)
    for dtype in ("M8[ns]", ">M8[D]", "m8[25s]", "M8[us]", "m8"):
        arrays["d" + dtype] = np.arange(4).astype(np.dtype(dtype).newbyteorder("=")).astype(dtype)
    arrays["nan"] = np.array([np.nan, -0.0, np.inf, 5e-324])
    arrays["fortran"] = np.asfortranarray(random.standard_normal((5, 6)))
    arrays["fortran3"] = np.asfortranarray(random.standard_normal((4, 3, 2)).astype(">f4"))
    return arrays


smooth = np.round(np.exp(-(np.linspace(-8, 8, 60_000) ** 2)), 6)
noise = random.standard_normal(60_000)
few = {"x": np.array([1.0, 2.0]), "café": np.arange(6).reshape(2, 3), "a/b": np.array(7), "λ": smooth, "n": noise}

for name, save in {"savez": np.savez, "compressed": np.savez_compressed}.items():
    for content, arrays in {"dtypes": every_dtype(), "few": few, "none": {}, "one": {"field": noise}}.items():
        save(folder / f"{name}-{content}.npz", **arrays)
        expect(f"{name}-{content}.npz", arrays)
        stream = Unseekable()
        save(stream, **arrays)
        (folder / f"{name}-{content}-streamed.npz").write_bytes(stream.bytes)
        expect(f"{name}-{content}-streamed.npz", arrays)
np.savez(folder / "positional.npz", np.arange(3), np.arange(4))
expect("positional.npz", {"arr_0": np.arange(3), "arr_1": np.arange(4)})


def write_zip(file, members, comment=b"", target=None, **options):
    with zipfile.ZipFile(target or folder / file, "w", **options) as archive:
        archive.comment = comment
        for name, data, method in members:
            archive.writestr(zipfile.ZipInfo(name), data, compress_type=method)


STORED, DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
mixed = [("a.npy", npy(smooth), DEFLATED), ("b.npy", npy(noise), STORED), ("plain", npy(np.arange(5)), DEFLATED)]
mixed_arrays = {"a": smooth, "b": noise, "plain": np.arange(5)}
write_zip("mixed.npz", mixed)
expect("mixed.npz", mixed_arrays)
write_zip("comment.npz", mixed, comment=b"a comment, PK\1\2 and all")
expect("comment.npz", mixed_arrays)
write_zip("long-comment.npz", mixed, comment=b"c" * 65535)
expect("long-comment.npz", mixed_arrays)

with zipfile.ZipFile(folder / "zip64.npz", "w") as archive:
    for name, data, method in mixed:
        info = zipfile.ZipInfo(name)
        info.compress_type = method
        with archive.open(info, "w", force_zip64=True) as member:
            member.write(data)
expect("zip64.npz", mixed_arrays)

stream = Unseekable()
with zipfile.ZipFile(stream, "w") as archive:
    for name, data, method in mixed:
        info = zipfile.ZipInfo(name)
        info.compress_type = method
        with archive.open(info, "w", force_zip64=True) as member:
            member.write(data)
(folder / "zip64-streamed.npz").write_bytes(stream.bytes)
expect("zip64-streamed.npz", mixed_arrays)

# More members than a plain end record can count, which makes zipfile write the zip64 one.
count = 65_600
data = npy(np.array(1, "u1"))
write_zip("many.npz", [(f"{i}.npy", data, STORED) for i in range(count)])
readable["many.npz"] = {str(i): describe(np.array(1, "u1")) for i in range(count)}

for version in ((1, 0), (2, 0), (3, 0)):
    file = f"npy-{version[0]}.npz"
    write_zip(file, [("v.npy", npy(noise, version), STORED), ("w.npy", npy(smooth, version), DEFLATED)])
    expect(file, {"v": noise, "w": smooth})


def by_hand(header, data):
    header = header.encode("latin-1")
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + data


# Headers of other writers: long integers of Python 2, names in another order, no padding at all.
odd = np.arange(6.0).reshape(2, 3)
headers = {
    "python2": "{'descr': '<f8', 'fortran_order': False, 'shape': (2L, 3L), }        \n",
    "reordered": '{"shape":(2,3),"fortran_order":False,"descr":"<f8"}',
    "tight": "{'descr':'<f8','fortran_order':False,'shape':(2,3,)}",
}
for name, header in headers.items():
    for method in (STORED, DEFLATED):
        file = f"header-{name}-{method}.npz"
        write_zip(file, [("v.npy", by_hand(header, odd.tobytes()), method)])
        expect(file, {"v": odd})

# A name in code page 437, which zipfile reads but would write as UTF-8.
data = bytearray((folder / "positional.npz").read_bytes()).replace(b"arr_0.npy", b"\x81ber0.npy")
(folder / "cp437.npz").write_bytes(data)
expect("cp437.npz", {"über0": np.arange(3), "arr_1": np.arange(4)})
for file, names in readable.items():
    if file != "many.npz":
        with np.load(folder / file, allow_pickle=False) as archive:
            assert sorted(names) == sorted(archive.files), file

np.savez(folder / "objects.npz", o=np.array([{}, None], object))
refused["objects.npz"] = "|O"
np.savez(folder / "structured.npz", s=np.zeros(2, [("time", "<f8"), ("value", "<i4")]))
refused["structured.npz"] = "'time'"
np.savez(folder / "raw.npz", v=np.zeros(2, "V8"))
refused["raw.npz"] = "|V8"
np.savez(folder / "long-double.npz", g=np.zeros(2, np.longdouble))
refused["long-double.npz"] = np.dtype(np.longdouble).str
np.savez(folder / "c32.npz", g=np.zeros(2, np.clongdouble))
refused["c32.npz"] = np.dtype(np.clongdouble).str
write_zip("bzip2.npz", [("b.npy", npy(smooth), zipfile.ZIP_BZIP2)])
refused["bzip2.npz"] = "method 12"
write_zip("lzma.npz", [("l.npy", npy(smooth), zipfile.ZIP_LZMA)])
refused["lzma.npz"] = "method 14"
write_zip("folder.npz", [("f/", b"", STORED), ("f/x.npy", npy(odd), STORED)])
refused["folder.npz"] = "folder"
write_zip("text.npz", [("readme.txt", b"not an array", STORED)])
refused["text.npz"] = "readme.txt"
write_zip("twice.npz", [("x.npy", npy(odd), STORED), ("x", npy(odd), STORED)])
refused["twice.npz"] = "two arrays"
write_zip("dots.npz", [("../x.npy", npy(odd), STORED)])
refused["dots.npz"] = ".."
whole = (folder / "mixed.npz").read_bytes()
(folder / "prefix.npz").write_bytes(b"#!/bin/sh\n" + whole)
refused["prefix.npz"] = "zip archive"
(folder / "trailing.npz").write_bytes(whole + b"\n")
refused["trailing.npz"] = "zip archive"

(folder / "index.json").write_text(json.dumps({"read": readable, "refused": refused}), encoding="utf-8")
