"""The vectors in docs/conformance against neve, and against Python's own json, hashlib and numpy."""

import hashlib
import json
import pathlib

import numpy as np
import pytest

from neve import conformance

FOLDER = pathlib.Path(__file__).parents[2] / "docs" / "conformance"


def read(name):
    return json.loads((FOLDER / name).read_text())


def test_this_neve_conforms():
    assert conformance.check(FOLDER) == []


def test_a_change_is_noticed(tmp_path):
    conformance.write(tmp_path)
    assert conformance.check(tmp_path) == []
    path = tmp_path / "keys.json"
    path.write_text(path.read_text().replace("pulse", "pulze"))
    assert conformance.check(tmp_path) == ["keys.json: this neve makes other bytes"]


def test_another_implementation_proves_itself_by_what_its_files_say(tmp_path):
    conformance.write(tmp_path)
    arrays = tmp_path / "arrays.json"
    arrays.write_text(json.dumps(json.loads(arrays.read_text())))  # laid out in its own way
    for npz in sorted((tmp_path / "entries").glob("*.npz")):
        with np.load(npz) as file:
            held = dict(file)
        np.savez_compressed(npz, **held)
    assert conformance.check(tmp_path, foreign=True) == []
    assert conformance.main(["check", "--foreign", str(tmp_path)]) == 0
    assert len(conformance.check(tmp_path)) > 3

    last = sorted((tmp_path / "entries").glob("*.npz"))[-1]
    np.savez(last, smooth=np.zeros(4096))
    assert conformance.check(tmp_path, foreign=True) == [f"entries/{last.stem}: read otherwise than written"]
    last.write_bytes(b"PK no archive")
    assert "cannot be read" in conformance.check(tmp_path, foreign=True)[0]
    (tmp_path / "keys.json").write_text("[]")
    assert "keys.json: says something else" in conformance.check(tmp_path, foreign=True)


@pytest.mark.parametrize(("name", "own", "other"), [("entries.json", "-0.0", "0"), ("arrays.json", "true", "1")])
def test_another_implementation_tells_numbers_and_truths_apart(tmp_path, name, own, other):
    conformance.write(tmp_path)
    path = tmp_path / name
    text = path.read_text()
    assert own in text
    path.write_text(text.replace(own, other, 1))
    assert conformance.check(tmp_path, foreign=True) == [f"{name}: says something else"]


def test_what_is_missing_is_said(tmp_path):
    assert "entries.json: missing" in conformance.check(tmp_path)
    assert conformance.main(["check", str(tmp_path)]) == 1
    assert conformance.main(["write", "--foreign", str(tmp_path)]) == 2


def test_json_is_pythons():
    for case in read("json.json"):
        value = json.loads(case["text"])
        assert json.dumps(value, sort_keys=True) == case["spaced"]
        assert json.dumps(value, sort_keys=True, separators=(",", ":")) == case["compact"]


def test_keys_are_sha256_of_the_compact_record():
    for case in read("keys.json"):
        text = json.dumps(case["record"], sort_keys=True, separators=(",", ":"))
        assert hashlib.sha256(text.encode()).hexdigest() == case["key"]


def test_array_digests_are_those_of_phys_pipeline():
    from phys_pipeline.hashing import hash_ndarray

    compared = 0
    for case in read("arrays.json"):
        flat = np.frombuffer(bytes.fromhex(case["hex"]), case["dtype"])
        array = flat.reshape(case["shape"])
        try:
            theirs = hash_ndarray(array).hex()
        except (ValueError, BufferError):  # theirs cannot hash dates
            continue
        assert theirs == case["phys_digest"], case["name"]
        compared += 1
    assert compared > 15


def test_state_digests_follow_their_page():
    def frame(data):
        return len(data).to_bytes(8, "little") + data

    for case in read("arrays.json"):
        array = np.frombuffer(bytes.fromhex(case["hex"]), case["dtype"]).reshape(case["shape"])
        order = b"F" if case["fortran"] else b"C"
        shape = b"".join(extent.to_bytes(8, "little") for extent in [len(case["shape"]), *case["shape"]])
        data = b"neve.state.v1\n" + frame(b'{"n":1}') + (1).to_bytes(8, "little")
        data += frame(b"a") + frame(case["dtype"].encode()) + order + shape
        data += frame(array.tobytes("F" if case["fortran"] else "C"))
        assert hashlib.sha256(data).hexdigest() == case["state_digest"], case["name"]


@pytest.mark.parametrize("case", read("entries.json") if FOLDER.exists() else [], ids=lambda case: case["key"])
def test_numpy_reads_the_entries(case):
    stem = FOLDER / "entries" / case["key"]
    assert json.loads(stem.with_suffix(".json").read_text()) == case["meta"]
    with np.load(stem.with_suffix(".npz"), allow_pickle=False) as npz:
        assert sorted(npz.files) == sorted(case["arrays"])
        for name, wanted in case["arrays"].items():
            assert npz[name].dtype.str == wanted["dtype"] and list(npz[name].shape) == wanted["shape"]
            assert hashlib.sha256(npz[name].tobytes()).hexdigest() == wanted["sha256"]
