#!/usr/bin/env python3
"""What neve is compared with, each as a process of its own so that its CPU time and memory can be counted.

usage: peers.py normalise CSV PARQUET | concentration PARQUET | workbook XLSX
pandas is used as somebody does who knows it: Arrow reads and keeps the texts, each different date is converted once, amounts are
converted a column at a time, months are integers while grouping.
"""

import sys


def normalise(source, target):
    import pandas as pd
    import pyarrow as pa
    import pyarrow.csv

    texts = {name: pa.string() for name in ("Order Date", "Shipped", "Customer", "Region", "Revenue")}
    table = pyarrow.csv.read_csv(
        source,
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=texts | {"Order ID": pa.int64()}, strings_can_be_null=True, quoted_strings_can_be_null=False
        ),
    )
    frame = table.to_pandas(types_mapper=pd.ArrowDtype, self_destruct=True)
    del table
    frame.columns = ["order_id", "order_date", "shipped", "customer", "region", "revenue"]

    def once_each(column, convert):
        codes, different = pd.factorize(column)
        values = convert(pd.Series(different, dtype="string[pyarrow]"))
        return values.reindex(codes).reset_index(drop=True) if (codes < 0).any() else values.take(codes).reset_index(drop=True)

    def money(text):
        negative = text.str.startswith("(").fillna(False).astype(bool)
        text = text.str.replace(r"[$,()]", "", regex=True)
        scale = text.str[-1:].map({"k": 1e3, "m": 1e6, "b": 1e9}).fillna(1.0).astype(float)
        value = pd.to_numeric(text.str.rstrip("kmb"), errors="coerce").astype("float64") * scale
        return value.where(~negative, -value)

    frame["order_date"] = once_each(frame["order_date"], lambda text: pd.to_datetime(text, format="%Y-%m-%d"))
    frame["shipped"] = once_each(frame["shipped"], lambda text: pd.to_datetime(text, format="%d.%m.%Y"))
    frame["revenue"] = money(frame["revenue"].astype("string[pyarrow]"))
    frame.to_parquet(target, index=False)


def concentration(source):
    import numpy as np
    import pandas as pd

    frame = pd.read_parquet(source, columns=["order_date", "customer", "revenue"])
    frame["customer"] = frame["customer"].fillna("(blank)").astype("category")
    date = frame["order_date"].to_numpy("datetime64[M]")
    frame["month"] = date.astype("int32")
    frame = frame.dropna(subset=["revenue"])
    by_month = frame.groupby(["month", "customer"], observed=True, sort=False)["revenue"].sum()
    for sums in [part for _, part in by_month.groupby(level="month")] + [
        frame.groupby("customer", observed=True)["revenue"].sum()
    ]:
        ranked = np.sort(sums.to_numpy())[::-1]
        total, n = ranked.sum(), len(ranked)
        together = ranked.cumsum()
        reach = [int(np.searchsorted(together, total * share)) + 1 for share in (0.1, 0.2, 0.5)]
        gini = 2 * (np.arange(1, n + 1) * ranked[::-1]).sum() / (n * total) - (n + 1) / n
    print(f"total {total:.2f}, {n} entities, reach {reach}, HHI {((ranked / total) ** 2).sum():.6f}, Gini {gini:.6f}")


def workbook(source):
    import openpyxl

    cells = 0
    for row in openpyxl.load_workbook(source, read_only=True).active.iter_rows(values_only=True):
        cells += len(row)
    print(f"{cells} cells")


if __name__ == "__main__":
    {"normalise": normalise, "concentration": concentration, "workbook": workbook}[sys.argv[1]](*sys.argv[2:])
