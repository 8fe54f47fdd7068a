"""Values of polars as arguments and results of `neve.memo`: exact, or refused by name."""

import datetime
import pathlib

import numpy as np
import polars as pl
import pytest

import neve
from memo_functions import computed_and_found

MANY = [f"text {i} é" for i in range(300)]
TIMES = [datetime.datetime(2024, 10, 27, 0, 30), None, datetime.datetime(2024, 10, 27, 1, 30)]
NUMBERS = [pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64, pl.Float32, pl.Float64]
MIXED = pl.DataFrame(
    {
        "n": [1, 2, 3],
        "x": [0.5, float("nan"), -0.0],
        "maybe": [1, None, 3],
        "perhaps": [True, None, False],
        "sure": [True, False, True],
        "text": ["a", None, ""],
        "day": [datetime.date(2024, 1, 1), None, datetime.date(1, 1, 1)],
        "clock": [datetime.time(1, 2, 3, 4), None, datetime.time(0)],
        "span": [datetime.timedelta(days=1, microseconds=1), None, datetime.timedelta(-1)],
        "when": TIMES,
        "local": pl.Series(TIMES, dtype=pl.Datetime("ns")).dt.replace_time_zone("UTC").dt.convert_time_zone("Europe/Zurich"),
        "kind": pl.Series(["b", None, "a"], dtype=pl.Enum(["a", "b", "c"])),
        "nothing": [None, None, None],
    }
)
NO_COLUMNS = MIXED.drop(MIXED.columns)
VALUES = {
    **({"rows of no columns": NO_COLUMNS} if NO_COLUMNS.height else {}),  # of polars 2
    "mixed": MIXED,
    "no rows": MIXED[:0],
    "no columns": pl.DataFrame(),
    "texts": pl.DataFrame({"many": MANY, "some": [*MANY[:-1], None], "empty": [""] * 300}),
    "joined": pl.concat([MIXED, MIXED[1:]], rechunk=False),
    "joined texts": pl.concat([pl.Series("t", MANY), pl.Series("t", [None, *MANY])], rechunk=False),
    "a slice": pl.concat([MIXED] * 200, rechunk=False)[3:-1:2],
    "missing texts": pl.Series([None] * 300, dtype=pl.String),
    "units": pl.DataFrame({unit: pl.Series([1, None], dtype=pl.Duration(unit)) for unit in ("ms", "us", "ns")}),
    "empty kinds": pl.Series("k", [None], dtype=pl.Enum([])),
    "no kinds": pl.Series("k", [], dtype=pl.Enum(["a"])),
    "unnamed": pl.Series([1]),
    "infinite": pl.Series([float("inf"), None, -float("inf")]),
    **{f"{dtype}": pl.Series("s", [0, 1, None], dtype=dtype) for dtype in NUMBERS},
    **{f"{dtype} without nulls": pl.Series("s", [0, 1], dtype=dtype) for dtype in NUMBERS},
}


def same(a, b):
    if type(a) is not type(b):
        return False
    if isinstance(a, pl.DataFrame):
        return a.schema == b.schema and a.shape == b.shape and all(map(same, a.get_columns(), b.get_columns()))
    signs = [str(each) for each in a.to_list()] == [str(each) for each in b.to_list()]  # of zeros
    return (a.name, a.dtype) == (b.name, b.dtype) and a.equals(b, null_equal=True) and signs


@pytest.mark.parametrize("name", VALUES)
def test_a_hit_gives_exactly_what_was_computed(cache, name):
    value = VALUES[name]
    first, second = computed_and_found(cache, value)
    assert same(value, first) and same(value, second)


def test_values_that_differ_have_different_keys(cache):
    f = neve.memo(cache)(lambda value: 0)
    frame = pl.DataFrame({"a": [1, 2], "b": [0.5, 1.5]})
    others = [
        frame.cast({"a": pl.Int32}),
        frame.rename({"a": "c"}),
        frame.select("b", "a"),
        frame["a"],
        frame["a"].alias("b"),
        frame.with_columns(a=pl.Series([1, 3])),
        frame.with_columns(a=pl.Series([1, None])),
        frame.with_columns(a=pl.Series([1, 0])),
        frame[:1],
        pl.Series(["b"], dtype=pl.Enum(["a", "b"])),
        pl.Series(["b"], dtype=pl.Enum(["b", "a"])),
        pl.Series(["b"]),
        pl.Series([True, None]),
        pl.Series([True, False]),
        pl.Series([None], dtype=pl.Datetime("us")),
        pl.Series([None], dtype=pl.Datetime("us", "UTC")),
        pl.Series([None], dtype=pl.String),
    ]
    values = [frame, *others, *VALUES.values()]
    assert len({f.key(each) for each in values}) == len(values)
    assert f.key(frame) == f.key(frame.clone()) == f.key(pl.concat([frame[:1], frame[1:]], rechunk=False))


def test_tables_are_hits_as_arguments_and_told_when_they_are_changed(cache):
    @neve.memo(cache)
    def total(table, scale=1.0):
        return table.group_by("k").agg(pl.col("v").sum() * scale).sort("k")

    def made():
        return pl.DataFrame({"k": ["a", "b", "a"], "v": [1.0, 2.0, 3.0]})

    assert total(made())["v"].to_list() == total(made())["v"].to_list() == [4.0, 2.0]
    assert total.stats()["hits"] == 1

    @neve.memo(cache)
    def write(table):
        table[0, "v"] = 9.0
        return len(table)

    with pytest.warns(neve.NotStoredWarning, match="changed its argument 'table'"):
        write(made())


def test_a_table_of_a_result_is_the_callers_to_write_into(cache):
    own = MIXED.clone()
    f = neve.memo(cache)(lambda number: own)
    for _ in range(3):
        table = f(1)
        assert same(MIXED, table)
        table[0, "n"] = 9
        table[1, "x"] = 9.0
        table.insert_column(0, pl.Series("new", [1, 2, 3]))
        view = f(1)["n"].to_numpy()
        assert not np.shares_memory(view, f(1)["n"].to_numpy())
    assert f.stats()["hits"] == 8 and same(MIXED, own)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (pl.DataFrame({"a": [1], "b": [[1]]}), r"'x': column 'b' is of the type List\(Int64\), which is not kept; .*cast"),
        (pl.DataFrame({"b": [{"c": 1}]}), "'x': column 'b' is of the type Struct"),
        (pl.Series([object()], dtype=pl.Object), "'x': the Series is of the type Object"),
        (pl.Series(["a"], dtype=pl.Categorical), "'x': the Series is of the type Categorical"),
        (pl.Series(["1.5"]).cast(pl.Decimal(10, 2)), "'x': the Series is of the type Decimal"),
        (pl.Series([b"a"]), "'x': the Series is of the type Binary"),
        (pl.Series([1], dtype=pl.Int128), "'x': the Series is of the type Int128"),
        (MIXED.lazy(), r"'x': the LazyFrame of polars is a plan, no value; give what its collect\(\) makes"),
        (pl.col("a"), "'x' is a Expr"),
    ],
)
def test_what_has_no_exact_form_is_refused_with_its_place(cache, value, told):
    with pytest.raises(neve.UnsupportedError, match=told):
        neve.memo(cache)(lambda x: 0)(value)


def test_a_table_in_a_stored_result_may_be_anywhere(cache, tmp_path):
    f = neve.memo(cache)(lambda n: {"tables": [pl.DataFrame({"n": range(n)})], "where": pathlib.Path("a")})
    for _ in range(2):
        assert f(3)["tables"][0]["n"].to_list() == [0, 1, 2]
    assert f.stats()["hits"] == 1
