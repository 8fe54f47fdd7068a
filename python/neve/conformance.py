"""Conformance vectors: what another implementation must reproduce, byte for byte, to share entries with neve.

    python -m neve.conformance check docs/conformance       # this neve against the vectors
    python -m neve.conformance check --foreign their/files   # what another implementation wrote
    python -m neve.conformance write docs/conformance       # makes them anew

The files are described in docs/conformance/README.md.
"""

from __future__ import annotations

import hashlib
import json
import pathlib
import sys
from typing import Any

from neve import _neve
from neve.errors import Error

_KEY = "neve-conformance-{:02}"


def _json_cases() -> list[str]:
    """JSON texts as somebody might write them; the vectors hold what they must become."""
    numbers = "0 -0 1 -1 1.0 -0.0 0.1 1e-5 0.0001 1e15 1e16 123456789012345680.0 5e-324 1.7976931348623157e308 2.5E-3"
    numbers += " 9223372036854775807 -9223372036854775808 18446744073709551615 3.14159265358979 NaN Infinity -Infinity"
    texts = ['""', '"é"', '"\\u0000\\u001f\\u007f\\u0080"', '"\\ud83d\\ude00"', '"\\ud800"']
    texts += ['"a\\"b\\\\c/d\\b\\f\\n\\r\\t"']
    trees = ["{}", "[]", "null", "true", "false", '{"b":1,"a":{"d":[1,2.0,null],"c":"x"}}', '{"é":1,"z":2,"Z":3,"":4}']
    return numbers.split() + texts + trees + ['{"a":1,"a":2}', " [ 1 , 2 ] "]


def _arrays() -> dict[str, Any]:
    import numpy

    steps = numpy.arange(6)
    made: dict[str, Any] = {
        f"{kind}{order}": steps.astype(order + kind) for kind in ("f2", "f4", "f8", "i2", "u8", "c16") for order in "<>"
    }
    made |= {
        "bool": numpy.array([True, False]),
        "bytes": numpy.array([b"a", b"bcd", b""]),
        "c_order": numpy.arange(6.0).reshape(2, 3),
        "datetime": numpy.array(["2020-02-29", "NaT"], "M8[us]"),
        "empty": numpy.zeros((0, 3)),
        "fortran_order": numpy.asfortranarray(numpy.arange(6.0).reshape(2, 3)),
        "special": numpy.array([numpy.nan, numpy.inf, -numpy.inf, -0.0, 5e-324]),
        "text": numpy.array(["a", "é", "\U0001f600"]),
        "text>": numpy.array(["a", "é"], ">U3"),
        "timedelta": numpy.array([1, -1], "m8[s]"),
        "zero_dimensional": numpy.array(2.5),
    }
    return dict(sorted(made.items()))


def _records() -> list[dict[str, Any]]:
    base: dict[str, Any] = {
        "cache_version": "v2", "cfg_hash": None, "dep_hashes": {}, "input_hash": "00" * 32, "node_id": "source",
        "op_name": "pulse", "policy_hash": None, "version": "1",
    }  # fmt: skip
    config = _neve.config_digest({"length_m": 0.15, "betas": [1e-26, -3], "shape": "sech", "é": True, "none": None})
    return [
        base,
        {**base, "cfg_hash": config},
        {**base, "cfg_hash": config, "dep_hashes": {"b": "11" * 32, "a": "22" * 32}, "policy_hash": "33" * 32},
        {**base, "node_id": "höhe/1", "version": ""},
    ]


def _entries() -> list[tuple[dict[str, Any], dict[str, Any]]]:
    import numpy

    arrays = _arrays()
    smooth = numpy.round(numpy.exp(-(numpy.linspace(-4, 4, 4096) ** 2)), 6)
    return [
        ({}, {}),
        ({"stage": "fiber", "metrics": {"energy_j": 5.67e-10}, "é": [None, True, -0.0]}, {"field": arrays["c16<"]}),
        ({"all": 1}, arrays),
        ({"deflated": True}, {"smooth": smooth}),
    ]


def _files() -> dict[str, bytes]:
    """Every file of the vectors by its name."""
    entries = []
    files: dict[str, bytes] = {}
    for number, (meta, arrays) in enumerate(_entries()):
        key = _KEY.format(number)
        files[f"entries/{key}.json"], files[f"entries/{key}.npz"] = _neve.encode_entry(key, meta, arrays)
        entries.append({"arrays": _described(arrays), "key": key, "meta": meta})
    cases = []
    for text in _json_cases():
        value = _neve.parse_json(text.encode())
        compact, spaced = _neve.compact_json(value).decode(), _neve.spaced_json(value).decode()
        cases.append({"compact": compact, "spaced": spaced, "text": text})
    digests = [
        {
            "dtype": array.dtype.str,
            "fortran": _is_fortran(array),
            "hex": array.tobytes().hex(),
            "name": name,
            "phys_digest": _neve.array_digest(array),
            "shape": list(array.shape),
            "state_digest": _neve.state_digest({"n": 1}, {"a": array}),
        }
        for name, array in _arrays().items()
    ]
    documents: dict[str, Any] = {
        "arrays.json": digests,
        "entries.json": entries,
        "json.json": cases,
        "keys.json": [{"key": _neve.record_key(record), "record": record} for record in _records()],
    }
    for name, document in documents.items():
        files[name] = (json.dumps(document, indent=1, sort_keys=True) + "\n").encode()
    return dict(sorted(files.items()))


def _is_fortran(array: Any) -> bool:
    return bool(array.flags.f_contiguous and not array.flags.c_contiguous)


def _described(arrays: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        name: {"dtype": array.dtype.str, "sha256": _plain_digest(array), "shape": list(array.shape)}
        for name, array in arrays.items()
    }


def _plain_digest(array: Any) -> str:
    """SHA-256 of the elements in C order, as anybody can compute it."""
    return hashlib.sha256(array.tobytes("C")).hexdigest()


def write(folder: pathlib.Path) -> list[str]:
    """Writes the vectors; the names of the files. Raises OSError."""
    files = _files()
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return list(files)


def check(folder: pathlib.Path, *, foreign: bool = False) -> list[str]:
    """What the files are otherwise than they must be, a line each; empty: they conform.

    `foreign`: another implementation wrote them. Then NPZ files need only hold the same arrays, and the layout of the
    lists of cases is its own; keys, digests and the JSON texts of entries are the same byte for byte.

    Raises OSError for a file that cannot be read.
    """
    wrong = []
    for name, content in _files().items():
        path = folder / name
        if not path.is_file():
            wrong.append(f"{name}: missing")
        elif not (_says_the_same(name, path.read_bytes(), content) if foreign else path.read_bytes() == content):
            wrong.append(f"{name}: {'says something else' if foreign else 'this neve makes other bytes'}")
    for number, (meta, arrays) in enumerate(_entries()):
        key = _KEY.format(number)
        text, npz = folder / "entries" / f"{key}.json", folder / "entries" / f"{key}.npz"
        if not (text.is_file() and npz.is_file()):
            continue
        try:
            found_meta, found = _neve.decode_entry(key, text.read_bytes(), npz.read_bytes())
        except Error as error:
            wrong.append(f"entries/{key}: cannot be read: {error}")
            continue
        if found_meta != meta or _described(found) != _described(arrays):
            wrong.append(f"entries/{key}: read otherwise than written")
    return wrong


def _says_the_same(name: str, found: bytes, content: bytes) -> bool:
    if name.endswith(".npz"):
        return True  # what it holds is compared once it is read
    if name.startswith("entries/"):
        return found == content
    try:
        return _spelled(json.loads(found)) == _spelled(json.loads(content))
    except ValueError:
        return False


def _spelled(document: Any) -> str:
    """In one way, whatever its layout: to Python, 1, 1.0 and true are equal."""
    return json.dumps(document, sort_keys=True)


def main(arguments: list[str]) -> int:
    """The command above: 0 if everything is as it must be, 1 if not, 2 for arguments that it does not know."""
    foreign = "--foreign" in arguments
    words = [word for word in arguments if word != "--foreign"]
    if len(words) != 2 or words[0] not in ("check", "write") or (foreign and words[0] == "write"):
        print("usage: python -m neve.conformance check [--foreign] FOLDER | write FOLDER", file=sys.stderr)
        return 2
    folder = pathlib.Path(words[1])
    if words[0] == "write":
        print(f"wrote {len(write(folder))} files to {folder}")
        return 0
    wrong = check(folder, foreign=foreign)
    print("\n".join(wrong) or f"{folder}: everything as it must be")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
