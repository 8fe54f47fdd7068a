"""Values of pandas, exactly: frames, series, indexes and scalars. Imported when one is met."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas

from neve._values.pandas_columns import KINDS_OF_NUMPY, content_of, freq_text, period_text, values_from, zone_text

pd: Any = pandas


def _frame_content(frame: Any) -> dict[str, Any]:
    """Columns of one type of NumPy's are the rows of one array: a frame may have thousands."""
    together: dict[str, list[int]] = {}
    alone: list[int] = []
    for place, dtype in enumerate(frame.dtypes):
        if isinstance(dtype, np.dtype) and dtype.kind in KINDS_OF_NUMPY:
            together.setdefault(dtype.str, []).append(place)
        else:
            alone.append(place)
    blocks = [_block(frame, np.dtype(name), places) for name, places in together.items()]
    columns = [{"at": place, "values": content_of(frame.iloc[:, place], f"column {place}")} for place in alone]
    return {"blocks": blocks, "columns": frame.columns, "index": frame.index, "others": columns, **_remarks(frame)}


def _block(frame: Any, dtype: Any, places: list[int]) -> dict[str, Any]:
    whole = len(places) == frame.shape[1]
    values = (frame if whole else frame.iloc[:, places]).to_numpy(dtype)
    return {"at": None if whole else np.array(places), "values": np.ascontiguousarray(values.T)}


def _frame_from(content: dict[str, Any]) -> Any:
    index = content["index"]
    if len(content["blocks"]) == 1 and content["blocks"][0]["at"] is None:
        made = pd.DataFrame(content["blocks"][0]["values"].T, index=index, columns=content["columns"], copy=True)
        return _with_remarks(made, content)
    columns: dict[int, Any] = {}
    for block in content["blocks"]:
        columns.update(zip(block["at"].tolist(), block["values"], strict=True))
    for each in content["others"]:
        columns[each["at"]] = values_from(each["values"])
    series = {place: _series(columns[place], index) for place in sorted(columns)}
    made = pd.DataFrame(series, index=index, columns=range(len(series)), copy=True)
    made.columns = content["columns"]
    return _with_remarks(made, content)


def _series_content(series: Any) -> dict[str, Any]:
    values = content_of(series, "the Series")
    return {"index": series.index, "name": series.name, "values": values, **_remarks(series)}


def _series_from(content: dict[str, Any]) -> Any:
    made = _series(values_from(content["values"]), content["index"], copy=True)
    made.name = content["name"]
    return _with_remarks(made, content)


def _series(values: Any, index: Any, *, copy: bool = False) -> Any:
    """With the type said: pandas would look into objects for a better one."""
    return pd.Series(values, index=index, dtype=values.dtype, copy=copy)


def _remarks(table: Any) -> dict[str, Any]:
    """What a frame or series may have besides. Names in the order of the alphabet, as everything else here."""
    attributes = {"remarks": table.attrs} if table.attrs else {}
    return attributes if table.flags.allows_duplicate_labels else {**attributes, "unique": True}


def _with_remarks(table: Any, content: dict[str, Any]) -> Any:
    table.attrs.update(content.get("remarks", {}))
    return table.set_flags(allows_duplicate_labels=False) if content.get("unique", False) else table


def _index_content(index: Any) -> dict[str, Any]:
    if isinstance(index, pd.RangeIndex):
        return {"name": index.name, "range": [index.start, index.stop, index.step]}
    if isinstance(index, pd.MultiIndex):
        codes = [np.asarray(each) for each in index.codes]
        return {"codes": codes, "levels": list(index.levels), "names": list(index.names)}
    content = {"name": index.name, "values": content_of(index, "the index")}
    freq = index.freq if isinstance(index, (pd.DatetimeIndex, pd.TimedeltaIndex)) else None
    return content if freq is None else {"freq": freq_text(freq), **content}


def _index_from(content: dict[str, Any]) -> Any:
    if "range" in content:
        return pd.RangeIndex(*content["range"], name=content["name"])
    if "levels" in content:
        return pd.MultiIndex(content["levels"], content["codes"], names=content["names"], verify_integrity=False)
    values = values_from(content["values"])
    made = pd.Index(values, dtype=values.dtype, name=content["name"], copy=False)
    if "freq" in content:
        made.freq = content["freq"]
    return made


def _timestamp_content(time: Any) -> list[Any]:
    zone = None if time.tz is None else zone_text(time.tz)
    return [np.datetime64(time.asm8), zone, time.fold]


def _timestamp_from(content: list[Any]) -> Any:
    time, zone, fold = content
    made = pd.Timestamp(time)
    return made.replace(fold=fold) if zone is None else made.tz_localize("UTC").tz_convert(zone)


def _period_content(period: Any) -> list[Any]:
    return [period.ordinal, period_text(pd.PeriodDtype(period.freq))]


def _period_from(content: list[Any]) -> Any:
    return pd.Period(ordinal=content[0], freq=content[1])


def _only(value: Any) -> tuple[Any, Any]:
    """Of a value of which there is one."""
    return (lambda given: None), (lambda content: value)


_INDEXES = (
    pd.Index,
    pd.RangeIndex,
    pd.MultiIndex,
    pd.DatetimeIndex,
    pd.TimedeltaIndex,
    pd.PeriodIndex,
    pd.IntervalIndex,
    pd.CategoricalIndex,
)
CODECS: list[tuple[Any, Any, Any]] = [
    (pd.DataFrame, _frame_content, _frame_from),
    (pd.Series, _series_content, _series_from),
    *((kind, _index_content, _index_from) for kind in _INDEXES),
    (pd.Categorical, lambda value: content_of(value, "the Categorical"), values_from),
    (pd.Timestamp, _timestamp_content, _timestamp_from),
    (pd.Timedelta, lambda value: value.asm8, pd.Timedelta),
    (pd.Period, _period_content, _period_from),
    (pd.Interval, lambda value: [value.left, value.right, value.closed], lambda content: pd.Interval(*content)),
    (type(pd.NaT), *_only(pd.NaT)),
    (type(pd.NA), *_only(pd.NA)),
]
