"""Values of xarray as arguments and results of `neve.memo`: exact, or refused by name."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import neve
from memo_functions import computed_and_found

FIELD = xr.DataArray(
    [[1.0, -0.0, np.nan], [3, 4, 5]],
    dims=("x", "y"),
    coords={"x": [10, 20], "kind": ("x", ["a", "bb"]), "z": 1.5, "yy": ("y", [1, 2, 3], {"units": "m"})},
    name="T",
    attrs={"units": "K", "range": np.array([1, 2]), "origin": {"run": 7}},
)
INDEXES = {
    "days": pd.date_range("2024-01-01", periods=2, freq="D"),
    "hours": pd.timedelta_range("1h", periods=2, freq="h"),
    "zone": pd.date_range("2024-01-01", periods=2, tz="UTC"),
    "months": pd.period_range("2024-01", periods=2, freq="M"),
    "classes": pd.CategoricalIndex(["b", "a"], categories=["b", "a", "c"], ordered=True),
    "ranges": pd.IntervalIndex.from_breaks([0.0, 1.0, 2.0]),
    "objects": pd.Index(["a", None], dtype=object),
    "texts": ["a", "bcd"],
    "bytes": np.array([b"a", b"bcd"]),
    "single": np.array([1, 2], np.float32),
    "truths": [True, False],
    "twice": [1, 1],
    "counted": pd.RangeIndex(2),
}
VALUES = {
    "field": FIELD,
    "no coordinates": xr.DataArray([1, 2, 3]),
    "a number": xr.DataArray(3.0),
    "no index": FIELD.drop_indexes("x"),
    "columns first": FIELD.T,
    "numbered": xr.DataArray(np.zeros((1, 2)), dims=("1", "of"), name=3),
    "set": xr.Dataset({"T": FIELD, "P": (("y",), [1, 2, 3], {"units": "Pa"})}, attrs={"history": ["made"]}),
    "nothing": xr.Dataset(),
    "no values": xr.Dataset({"a": (("x",), np.empty(0))}),
    "of a frame": xr.Dataset.from_dataframe(pd.DataFrame({"n": [1, 2], "s": ["u", "v"]}, index=pd.Index(["i", "j"], name="k"))),
    "objects": xr.Dataset({"a": (("x", "y"), np.array([["a", None], [1, 2.5]], object))}),
    "variable": xr.Variable(("x", "y"), np.eye(2), {"units": "m"}),
    **{name: xr.DataArray([0.5, 1.5], coords={"k": index}, dims="k") for name, index in INDEXES.items()},
}


def types_of(table):
    """Names in their order, and types."""
    values = table.data_vars if isinstance(table, xr.Dataset) else {None: table}
    return [[(name, each.dtype) for name, each in variables.items()] for variables in (values, table.coords)]


def same(a, b):
    if type(a) is not type(b) or not a.identical(b):
        return False
    if isinstance(a, xr.Variable):
        return a.dtype == b.dtype
    if types_of(a) != types_of(b):
        return False
    pairs = [(a.indexes[name], b.indexes[name]) for name in a.indexes]
    return set(a.indexes) == set(b.indexes) and all(
        type(one) is type(other) and one.dtype == other.dtype and getattr(one, "freq", None) == getattr(other, "freq", None)
        for one, other in pairs
    )


@pytest.mark.parametrize("name", VALUES)
def test_a_hit_gives_exactly_what_was_computed(cache, name):
    value = VALUES[name]
    first, second = computed_and_found(cache, value)
    assert same(value, first) and same(value, second)


def test_values_that_differ_have_different_keys(cache):
    f = neve.memo(cache)(lambda value: 0)
    others = [
        FIELD.rename("U"),
        FIELD.assign_attrs(units="°C"),
        FIELD.assign_coords(x=[10, 30]),
        FIELD.assign_coords(z=2.5),
        FIELD.assign_coords(x=np.array([10, 20], np.int32)),
        FIELD.rename(x="w"),
        FIELD.astype("f4"),
        FIELD + 1,
        FIELD.drop_vars("kind"),
        FIELD.reset_coords("kind"),
        FIELD.variable,
        xr.Dataset({"T": FIELD}),
        xr.Dataset({"T": FIELD}, attrs={"a": 1}),
        xr.Dataset({"T": FIELD}).set_coords("T"),
    ]
    values = [FIELD, *others, *(each for name, each in VALUES.items() if name != "field")]
    assert len({f.key(each) for each in values}) == len(values)
    assert f.key(FIELD) == f.key(FIELD.copy(deep=True)) == f.key(FIELD.T.copy(deep=True).T)


def test_how_a_file_has_or_is_to_have_the_values_does_not_count(cache):
    f = neve.memo(cache)(lambda value: 0)
    coded = FIELD.copy()
    coded.encoding = {"source": "/tmp/a.nc", "zlib": True}
    assert f.key(coded) == f.key(FIELD)


def test_arrays_are_hits_as_arguments_and_told_when_they_are_changed(cache):
    @neve.memo(cache)
    def mean(field, axis="x"):
        return field.mean(axis)

    assert same(mean(FIELD.copy(deep=True)), mean(FIELD.copy(deep=True)))
    assert mean.stats()["hits"] == 1

    @neve.memo(cache)
    def write(field):
        field[0, 0] = 9.0
        return 0

    with pytest.warns(neve.NotStoredWarning, match="changed its argument 'field'"):
        write(FIELD.copy(deep=True))


def test_values_of_results_are_read_only_as_arrays_are_unless_they_are_wanted_otherwise(cache):
    f = neve.memo(cache)(lambda number: FIELD.copy(deep=True))
    for _ in range(2):
        with pytest.raises(ValueError, match="is a view"):
            f(1)[0, 0] = 9.0
    g = neve.memo(cache, writable=True)(lambda number: FIELD.copy(deep=True))
    for _ in range(2):
        table = g(1)
        assert same(table, FIELD)
        table[0, 0] = 9.0
        table.attrs["units"] = "?"


class Derived(xr.DataArray):
    __slots__ = ()


PAIRS = pd.MultiIndex.from_product([[1, 2], ["a", "b"]], names=["n", "m"])
LABELLED = xr.DataArray(np.arange(4.0), coords=xr.Coordinates.from_pandas_multiindex(PAIRS, "k"), dims="k")


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (LABELLED, r"'x': the coordinate 'k' has a PandasMultiIndex, which is not kept; reset_index\('k'\)"),
        (xr.Dataset({"c": ("x", pd.Categorical(["a"]))}), "'x': the variable 'c' holds a "),
        (Derived([1]), "'x' is a Derived, which has no exact form"),
        (FIELD.assign_attrs(model=object()), r"'x\.remarks\.model' is a object"),
    ],
)
def test_what_has_no_exact_form_is_refused_with_its_place(cache, value, told):
    with pytest.raises(neve.UnsupportedError, match=told):
        neve.memo(cache)(lambda x: 0)(value)


def test_indexes_of_several_levels_are_kept_as_what_they_are_made_of(cache):
    first, second = computed_and_found(cache, LABELLED.reset_index("k"))
    assert same(first, second) and first.set_index(k=["n", "m"]).identical(LABELLED)
