"""Values of pandas as arguments and results of `neve.memo`: exact, or refused by name."""

import datetime
import decimal
import pathlib

import numpy as np
import pandas as pd
import pytest

import neve
from memo_functions import computed_and_found, counted


@pytest.fixture(autouse=True)
def nothing_counted():
    counted.calls.clear()


def _attributed(table):
    table.attrs = {"unit": "m", "range": (1, 2)}
    return table


MANY = [f"text {i} é" for i in range(300)]
TIMES = pd.date_range("2024-03-30", periods=3, freq="D", tz="Europe/Zurich", name="day")
MIXED = pd.DataFrame(
    {
        "n": [1, 2, 3],
        "x": [0.5, np.nan, -0.0],
        "m": [3, 4, 5],
        "text": ["a", "b", None],
        "object": pd.Series(["a", 1, None], dtype=object),
        "day": TIMES,
        "naive": np.array(["2024-01-01", "NaT", "2024-01-03"], "M8[ms]"),
        "span": pd.to_timedelta([1, 2, 3], unit="s"),
        "kind": pd.Categorical(["u", "v", None], categories=["v", "u", "w"], ordered=True),
        "bin": pd.cut([1.0, 5.0, 9.0], 3),
        "maybe": pd.array([1, None, 3], dtype="Int16"),
        "perhaps": pd.array([True, None, False], dtype="boolean"),
        "sure": pd.array([0.5, None, 2.0], dtype="Float32"),
        "month": pd.period_range("2024-01", periods=3, freq="M"),
        "reach": pd.arrays.IntervalArray.from_breaks([0.0, 1.0, 2.0, 3.0]),
        "utc": pd.date_range("2024-01-01", periods=3, tz="UTC"),
        "python": pd.array(["a", None, "c"], dtype="string[python]"),
    }
)
WIDE = pd.DataFrame(
    np.arange(12.0).reshape(3, 4), index=["r1", "r2", "r3"], columns=pd.MultiIndex.from_product([["a", "b"], [1, 2]])
)
VALUES = {
    "mixed": MIXED,
    "wide": WIDE,
    "no rows": MIXED[:0],
    "no columns": pd.DataFrame(index=[3, 4]),
    "nothing": pd.DataFrame(),
    "labels twice": pd.DataFrame([[1, 2.0], [3, 4.0]], columns=["a", "a"], index=[1, 1]),
    "labels of every kind": pd.DataFrame([[1, 2, "x"]], columns=[None, 1.5, ("a", 1)]),
    "texts": pd.DataFrame({"many": MANY, "some": MANY[:-1] + [None]}),
    "objects": pd.DataFrame({"texts": MANY, "nan": MANY[:-1] + [np.nan], "none": [None] + MANY[1:]}, dtype=object),
    "nested objects": pd.Series(
        [[1, 2], np.arange(2), {"a": (1,)}, decimal.Decimal("1.10"), pd.NA, pd.NaT, "\ud800"], dtype=object
    ),
    "texts of a slice": pd.Series(["x", *MANY, None, "y"])[2:-1],
    "texts and NA": pd.Series([*MANY, None], dtype="string[pyarrow]"),
    "texts in Python": pd.Series([*MANY, None], dtype="string[python]"),
    "missing texts": pd.Series([None] * 300, dtype="str"),
    "empty texts": pd.Series([""] * 300),
    "joined texts": pd.concat([pd.Series(MANY), pd.Series(MANY[:9] + [None])]),
    "lone surrogates": pd.Series(["\ud800", *MANY], dtype=object),
    "string": pd.Series(["a", None], dtype=pd.StringDtype("python")),
    "remarks": _attributed(pd.DataFrame({"a": [1]})),
    "unique": pd.Series([1, 2]).set_flags(allows_duplicate_labels=False),
    "rows of a view": pd.DataFrame(np.arange(20.0).reshape(4, 5))[::2],
    "complex": pd.Series([1 + 2j]),
    "time zones": pd.Series(pd.to_datetime(["2024-10-27 00:30", "2024-10-27 01:30"], utc=True)),
    "fixed zone": pd.Series(pd.date_range("2024", periods=2, tz=datetime.timezone(datetime.timedelta(hours=1)))),
    "name": pd.Series([1.0], name=("a", 1), index=pd.Index(["x"], name="label")),
    "range": pd.RangeIndex(3, 9, 2, name="r"),
    "objects in an index": pd.Index(["a", 1, None], dtype=object),
    "texts in an index": pd.Index(MANY),
    "times": TIMES,
    "business days": pd.bdate_range("2024-01-01", periods=3),
    "spans": pd.timedelta_range("1s", periods=3),
    "months": pd.period_range("2024-01", periods=3, freq="M"),
    "bins": pd.interval_range(0, 3, closed="left"),
    "kinds": pd.CategoricalIndex(["a", "b"], categories=["b", "a"], ordered=True),
    "levels": pd.MultiIndex.from_arrays([["a", "b", None], [1, 2, 3]], names=["x", None])[:2],
    "categorical": pd.Categorical([1, 2, 1]),
    "one time": pd.Timestamp("2024-10-27 00:30:00.123456789", tz="UTC").tz_convert("Europe/Zurich"),
    "a second time": pd.Timestamp("2024-10-27 01:30", tz="UTC").tz_convert("Europe/Zurich"),
    "naive time": pd.Timestamp("2024-01-01").as_unit("s"),
    "one span": pd.Timedelta(days=1, nanoseconds=3),
    "one month": pd.Period("2024-01", "M"),
    "one interval": pd.Interval(0.5, 1.5, closed="both"),
    "no time": pd.NaT,
    "not available": pd.NA,
}


def same(a, b):
    if type(a) is not type(b):
        return False
    if isinstance(a, pd.DataFrame):
        pd.testing.assert_frame_equal(a, b, check_exact=True, check_freq=True, check_flags=True)
        assert same(a.columns, b.columns) and same(a.index, b.index) and list(a.dtypes) == list(b.dtypes)
        return a.attrs == b.attrs and all(same(a.iloc[:, i], b.iloc[:, i]) for i in range(a.shape[1]))
    if isinstance(a, pd.Series):
        pd.testing.assert_series_equal(a, b, check_exact=True, check_freq=True, check_flags=True)
        return a.attrs == b.attrs and _parts(a.array) == _parts(b.array) and repr(a.name) == repr(b.name)
    if isinstance(a, pd.MultiIndex):
        pd.testing.assert_index_equal(a, b, exact=True)
        return a.names == b.names and all(map(same, a.levels, b.levels))
    if isinstance(a, pd.Index):
        pd.testing.assert_index_equal(a, b, exact=True)
        return repr(a) == repr(b) and getattr(a, "freq", None) == getattr(b, "freq", None)
    if isinstance(a, pd.Timestamp):
        return a == b and (a.unit, a.fold, repr(a.tz)) == (b.unit, b.fold, repr(b.tz))
    return repr(a) == repr(b)


def _parts(array):
    return [(type(each), repr(each)) for each in array]


@pytest.mark.parametrize("name", VALUES)
def test_a_hit_gives_exactly_what_was_computed(cache, name):
    value = VALUES[name]
    first, second = computed_and_found(cache, value)
    assert same(value, first) and same(value, second)


def test_values_that_differ_have_different_keys(cache):
    f = neve.memo(cache)(lambda value: 0)
    frame = pd.DataFrame({"a": [1, 2], "b": [0.5, 1.5]})
    others = [
        frame.astype({"a": "int32"}),
        frame.astype({"a": "Int64"}),
        frame.astype(object),
        frame.rename(columns={"a": "c"}),
        frame[["b", "a"]],
        frame.set_index("a"),
        frame.set_axis([1, 0]),
        frame.set_axis(pd.Index([0, 1])),
        frame.rename_axis("n"),
        frame["a"],
        frame["a"].rename("b"),
        frame["a"].index,
        _attributed(frame.copy()),
        frame.assign(a=[1, 3]),
        frame[:1],
        pd.Series(["a", None], dtype=object),
        pd.Series(["a", np.nan], dtype=object),
        pd.Series(["a", pd.NA], dtype=object),
    ]
    keys = [f.key(each) for each in [frame, *others, *VALUES.values()]]
    assert len(set(keys)) == len(keys)
    assert f.key(frame) == f.key(frame.copy()) == f.key(pd.concat([frame[["a"]], frame[["b"]]], axis=1))


def test_tables_are_hits_as_arguments_and_told_when_they_are_changed(cache):
    @neve.memo(cache)
    def total(table, scale=1.0):
        counted()
        return table.groupby("k")["v"].sum() * scale

    def made():
        return pd.DataFrame({"k": ["a", "b", "a"], "v": [1.0, 2.0, 3.0]})

    assert total(made())["a"] == total(made())["a"] == 4.0
    assert total.stats()["hits"] == 1

    @neve.memo(cache)
    def add_column(table):
        table["w"] = 1
        return len(table)

    with pytest.warns(neve.NotStoredWarning, match="changed its argument 'table'"):
        add_column(made())


def test_a_table_of_a_result_is_the_callers_to_write_into(cache):
    own = MIXED.copy()
    f = neve.memo(cache)(lambda number: own)
    for _ in range(3):
        table = f(1)
        assert same(MIXED, table)
        for place, name in enumerate(table.columns):
            table.iloc[0, place] = table.iloc[1, place]
            table[name].array[2:] = table[name].array[1:2]
        del table["n"]
        series = f(1)["x"]
        series[0] = 9.0
    assert f.stats()["hits"] == 5 and same(MIXED, own)


class Own(pd.DataFrame):
    pass


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (pd.DataFrame({"a": [1], "b": pd.arrays.SparseArray([0])}), "'x': column 1 is of the type Sparse"),
        (pd.Series([1], dtype="int64[pyarrow]"), "'x': the Series is of the type int64"),
        (pd.Series([pathlib.Path, object()]), r"'x.values.items\[1\]' is a object|'x' is a object"),
        (Own({"a": [1]}), "'x' is a Own"),
        (pd.Timestamp("2024", tz=datetime.timezone(datetime.timedelta(hours=1), "MEZ")), "'x': a time in the zone"),
        (pd.date_range("2024", periods=2, freq=pd.offsets.CustomBusinessDay(holidays=["2024-01-01"])), "the frequency"),
    ],
)
def test_what_has_no_exact_form_is_refused_with_its_place(cache, value, told):
    with pytest.raises(neve.UnsupportedError, match=told):
        neve.memo(cache)(lambda x: 0)(value)


def test_a_codec_that_somebody_has_registered_stays():
    from conftest import run_python

    script = """
import pandas as pd, neve
neve.register(pd.Series, lambda given: given.tolist(), lambda content: pd.Series(content), name="own.Series")
f = neve.memo("memory:1MiB", version="1", source=False)(lambda x: x)
for _ in range(2):
    print(f(pd.Series([1], name="lost")).name, f(pd.Index([1], name="kept")).name)
print(f.cache.get(f.key(pd.Series([1])))["meta"]["value"]["$"])
"""
    assert run_python(script) == "None kept\nNone kept\ntype:own.Series\n"
