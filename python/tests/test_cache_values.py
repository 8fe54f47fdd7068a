"""What metadata and arrays a cache takes, and that they come back exactly."""

import collections
import enum
import types

import numpy as np
import pytest

import neve


@pytest.mark.parametrize(
    ("meta", "arrays", "error", "text"),
    [
        ({"a": (1, 2)}, {}, neve.InvalidArgumentError, "'a' is of type tuple"),
        ({"a": {"b": [1, {2: 3}]}}, {}, neve.InvalidArgumentError, r"'a.b\[1\]' has a key of type int"),
        ({"a": 2**70}, {}, neve.UnsupportedError, "'a' is an integer outside 64 bits"),
        ({"a": np.float32(1)}, {}, neve.InvalidArgumentError, "'a' is of type float32"),
        ([], {}, neve.InvalidArgumentError, "meta is a list"),
        ({}, [], neve.InvalidArgumentError, "arrays is a list"),
        ({}, {1: 2}, neve.InvalidArgumentError, "array name 1"),
        ({}, {"x": np.array([object()])}, neve.UnsupportedError, "array 'x'.*pickle"),
        ({}, {"x": np.zeros(2, [("a", "f8")])}, neve.UnsupportedError, "array 'x'.*fields"),
        ({}, {"x": np.ma.array([1])}, neve.UnsupportedError, "array 'x' is a MaskedArray"),
        ({}, {"x": np.array([1], "longdouble")}, neve.UnsupportedError, "array 'x'"),
    ],
)
def test_what_would_not_come_back_the_same_is_refused(cache, meta, arrays, error, text):
    with pytest.raises(error, match=text):
        cache.put("key", meta, arrays)
    assert cache.get("key") is None


def test_a_lone_surrogate_survives(cache):
    meta = {"odd": "a\ud800b", "\ud801": 1}
    cache.put("key", meta)
    assert cache.get("key")["meta"] == meta


@pytest.mark.parametrize("dtype", ["<U0", "S0"])
def test_arrays_of_empty_texts_come_back_as_they_are(tmp_path, dtype):
    empty = np.ndarray((10**12,), np.dtype([("text", dtype)]), b"")["text"]
    cache = neve.open(tmp_path)
    cache.put("key", {}, {"a": empty})
    for writable in (False, True):
        found = cache.get("key", writable=writable)["arrays"]["a"]
        assert found.dtype == empty.dtype and found.shape == empty.shape
    assert neve._neve.array_digest(found) == neve._neve.array_digest(empty)


def test_metadata_and_arrays_may_be_any_mapping(tmp_path):
    cache = neve.open(tmp_path / "cache")
    np.savez(tmp_path / "file.npz", a=np.arange(3))
    with np.load(tmp_path / "file.npz") as file:
        for arrays in (file, types.MappingProxyType({"a": np.arange(3)}), collections.ChainMap({"a": np.arange(3)})):
            cache.put("a", types.MappingProxyType({"x": 1}), arrays)
            assert cache.get("a")["meta"] == {"x": 1}
            assert cache.get("a")["arrays"]["a"].tolist() == [0, 1, 2]
            cache.delete("a")


class Mode(str, enum.Enum):
    FAST = "fast"


@pytest.mark.parametrize(
    ("value", "base"),
    [
        (Mode.FAST, "str"),
        (enum.IntEnum("Count", "ONE").ONE, "int"),
        (collections.OrderedDict(a=1), "dict"),
        (type("Row", (list,), {})(), "list"),
        (type("Metre", (float,), {})(1), "float"),
    ],
)
def test_metadata_of_a_derived_class_would_come_back_as_another_and_is_refused(cache, value, base):
    with pytest.raises(neve.InvalidArgumentError, match=f"'m' is of type .*come back as a {base}"):
        cache.put("key", {"m": value})


def test_metadata_is_any_mapping_and_numpy_s_own_numbers_count_as_numbers(cache):
    cache.put("key", collections.OrderedDict(f=np.float64(1.5), s=np.str_("a")))
    assert cache.get("key")["meta"] == {"f": 1.5, "s": "a"}
    with pytest.raises(neve.InvalidArgumentError, match="key of type Mode"):
        cache.put("key", {Mode.FAST: 1})
