"""`Cache.put`: what NumPy would make something else of is refused with the array's name."""

import array

import numpy as np
import pytest

import neve


class Labelled:
    """As the tables of pandas and xarray are: numbers, and names that `numpy.asarray` drops."""

    def __array__(self, dtype=None, copy=None):
        return np.array([1.0, 2.0])


@pytest.mark.parametrize(
    ("given", "error", "text"),
    [
        (Labelled(), neve.UnsupportedError, "is or holds a Labelled, of which only the bare numbers"),
        ([Labelled(), Labelled()], neve.UnsupportedError, "is or holds a Labelled"),
        ([1, "a"], neve.UnsupportedError, "not of one type"),
        ([True, 2], neve.UnsupportedError, "not of one type"),
        ([b"a", "a"], neve.UnsupportedError, "not of one type"),
        ([2**63, -1], neve.UnsupportedError, "not of one type"),
        ([2**53 + 1, 0.5], neve.UnsupportedError, "not of one type"),
        ([np.datetime64("2020"), 1], neve.UnsupportedError, "not of one type|bare numbers"),
        ([np.zeros(2), np.zeros(2, "i4")], neve.UnsupportedError, "not of one type"),
        ([[1], [1, 2]], neve.InvalidArgumentError, "is no array: .*inhomogeneous"),
        (["a\0"], neve.UnsupportedError, "ends in NUL"),
        (None, neve.UnsupportedError, "is or holds a NoneType"),
        ({1: 2}, neve.UnsupportedError, "is or holds a dict"),
        ({1, 2}, neve.UnsupportedError, "is or holds a set"),
        ([2**70], neve.UnsupportedError, "array 'x'"),
    ],
)
def test_what_is_no_array_is_refused(cache, given, error, text):
    with pytest.raises(error, match=f"array 'x'.*{text}" if "array 'x'" not in text else text):
        cache.put("key", {}, {"x": given})
    assert cache.get("key") is None


def test_a_list_that_contains_itself_is_refused(cache):
    endless = []
    endless.append(endless)
    with pytest.raises(neve.InvalidArgumentError, match="array 'x' is nested too deep"):
        cache.put("key", {}, {"x": endless})


@pytest.mark.parametrize("kind", ["DataFrame", "Series"])
def test_tables_of_pandas_are_refused_and_their_numbers_are_not(cache, kind):
    pandas = pytest.importorskip("pandas")
    table = getattr(pandas, kind)({"a": [1.0], "b": [2.0]} if kind == "DataFrame" else [1.0, 2.0])
    with pytest.raises(neve.UnsupportedError, match=f"array 'x' is or holds a {kind}"):
        cache.put("key", {}, {"x": table})
    cache.put("key", {}, {"x": np.asarray(table)})
    assert cache.get("key")["arrays"]["x"].ravel().tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    "given",
    [
        [1, 2],
        [0, 0.5],
        [1, 2j],
        [[True], [False]],
        ["a", "bc"],
        (1.5, np.float64(2)),
        [np.int64(3), 4],
        [np.zeros(2), np.ones(2)],
        [np.datetime64("2020-01-01"), np.datetime64("2020-01-02")],
        [],
        3.5,
        "text",
        np.float32(1.5),
        memoryview(b"abc"),
    ],
)
def test_numbers_texts_and_even_lists_of_them_are_arrays(cache, given):
    cache.put("key", {}, {"x": given})
    found = cache.get("key")["arrays"]["x"]
    assert found.dtype == np.asarray(given).dtype and (found == np.asarray(given)).all()


def test_a_stage_that_gives_a_table_is_told_so(tmp_path):
    pandas = pytest.importorskip("pandas")

    @neve.stage("tests.table", version="1")
    def table():
        return {"a": pandas.Series([1.0])}

    with pytest.raises(neve.UnsupportedError, match="array 'a' is or holds a Series"):
        neve.Pipeline("line").add("table", table).run(tmp_path / "cache")


def test_numbers_of_the_standard_library_are_given_as_memory(cache):
    cache.put("key", {}, {"x": memoryview(array.array("d", [1.5, 2.5]))})
    assert cache.get("key")["arrays"]["x"].tolist() == [1.5, 2.5]
