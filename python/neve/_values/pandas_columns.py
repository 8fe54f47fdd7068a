"""Columns of pandas as arrays, lists and texts: docs/formats/python-values.md. Imported when a value of pandas is met."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas

from neve._values.text_arrays import arrow_from, content_of_arrow, texts_content, texts_from
from neve.errors import UnsupportedError

pd: Any = pandas  # its types change from one version to the next

_FEW = 256  # so many texts are readable where the entry is; more are an array of bytes
KINDS_OF_NUMPY = "biufcmM"


def content_of(given: Any, what: str) -> Any:
    """What the values of a series or an index, or a Categorical, consist of: an array, or a dict. Raises UnsupportedError,
    calling them `what`, for a type of elements that is not known here."""
    dtype = given.dtype
    if isinstance(dtype, np.dtype):
        if dtype.kind in KINDS_OF_NUMPY:
            return given.to_numpy()
        if dtype.kind == "O":
            return {"dtype": "object", **_objects_content(list(given.to_numpy()))}
    values = getattr(given, "array", given)
    if isinstance(dtype, pd.StringDtype):
        return _strings_content(values, dtype)
    if isinstance(dtype, pd.CategoricalDtype):
        codes, categories = values.codes, dtype.categories
        return {"categories": categories, "codes": np.asarray(codes), "dtype": "category", "ordered": dtype.ordered}
    if type(values) in _MASKED:
        mask = np.asarray(values.isna())
        plain = values.to_numpy(dtype.numpy_dtype, na_value=False if dtype.kind == "b" else 0)
        return {"dtype": "masked", "mask": mask, "values": plain}
    if isinstance(dtype, pd.DatetimeTZDtype):
        zone = zone_text(dtype.tz)
        return {"dtype": "datetime", "values": np.asarray(values.tz_convert(None)), "zone": zone}
    if isinstance(dtype, pd.PeriodDtype):
        return {"dtype": "period", "freq": period_text(dtype), "values": np.asarray(values.asi8)}
    if isinstance(dtype, pd.IntervalDtype):
        return {"closed": values.closed, "dtype": "interval", "left": values.left, "right": values.right}
    raise UnsupportedError(f"{what} is of the type {dtype}, which is not kept; give it another by astype")


def values_from(content: Any) -> Any:
    """The values that `content_of` took apart: an array of NumPy's as it came, perhaps read-only; others are the caller's
    own."""
    if isinstance(content, np.ndarray):
        return content
    dtype = content["dtype"]
    if dtype == "object":
        return _objects_from(content)
    if dtype == "string":
        return _strings_from(content)
    if dtype == "category":
        kind = pd.CategoricalDtype(content["categories"], content["ordered"])
        return pd.Categorical.from_codes(content["codes"].copy(), dtype=kind, validate=False)
    if dtype == "masked":
        kinds = {"b": pd.arrays.BooleanArray, "f": pd.arrays.FloatingArray}
        kind = kinds.get(content["values"].dtype.kind, pd.arrays.IntegerArray)
        return kind(content["values"].copy(), content["mask"].copy())
    if dtype == "datetime":
        return pd.DatetimeIndex(content["values"].copy()).tz_localize("UTC").tz_convert(content["zone"]).array
    if dtype == "period":
        return pd.PeriodIndex.from_ordinals(content["values"].copy(), freq=content["freq"]).array
    if dtype == "interval":
        left, right = content["left"], content["right"]
        return pd.arrays.IntervalArray.from_arrays(left, right, closed=content["closed"], copy=True)
    raise ValueError(f"columns of the type {dtype}")


def zone_text(zone: Any) -> str:
    """What pandas makes the zone of again. Raises UnsupportedError if it would make another."""
    text = str(zone)
    try:
        again = pd.DatetimeTZDtype("ns", text)
    except Exception:  # of whatever reads zones for this pandas
        again = None
    if again is None or type(again.tz) is not type(zone) or again != pd.DatetimeTZDtype("ns", zone):
        raise UnsupportedError(f"a time in the zone {zone!r} is not kept; give it in one that pandas makes of a text")
    return text


def freq_text(freq: Any) -> str:
    """What pandas makes the frequency of an index of again. Raises UnsupportedError if it would make another."""
    text: str = freq.freqstr
    if pd.tseries.frequencies.to_offset(text) != freq:
        raise UnsupportedError(f"the frequency {freq!r} is not what its text {text!r} says; give an index without one")
    return text


def period_text(dtype: Any) -> str:
    """The same of the frequency of periods."""
    text: str = dtype.name.removeprefix("period[").removesuffix("]")
    if pd.PeriodDtype(text) != dtype:
        raise UnsupportedError(f"the periods {dtype} are not what their text says; give times")
    return text


_MASKED = (pd.arrays.BooleanArray, pd.arrays.IntegerArray, pd.arrays.FloatingArray)


def _strings_content(values: Any, dtype: Any) -> dict[str, Any]:
    """Few as a list, many as arrays, whatever keeps them."""
    kind = [dtype.storage, "NA" if getattr(dtype, "na_value", pd.NA) is pd.NA else "nan"]
    content: dict[str, Any] = {"dtype": "string", "kind": kind}
    many = content_of_arrow(values.__arrow_array__()) if len(values) > _FEW and dtype.storage == "pyarrow" else None
    if many is not None:
        return {**content, "texts": many}
    texts = values.to_numpy(object, copy=True, na_value=None).tolist()
    return {**content, **({"texts": texts_content(texts)} if len(texts) > _FEW else {"items": texts})}


def _strings_from(content: dict[str, Any]) -> Any:
    storage, missing = content["kind"]
    dtype = pd.StringDtype(storage) if missing == "NA" else pd.StringDtype(storage, na_value=np.nan)
    if "items" in content:
        return pd.array(_objects_from(content), dtype=dtype)
    if storage == "pyarrow":
        return dtype.__from_arrow__(arrow_from(content["texts"]))
    return pd.array(_objects_from({"missing": None, **content}), dtype=dtype)


def _objects_content(values: list[Any]) -> dict[str, Any]:
    """Many texts as arrays, if those that are missing are all of one kind. Else a list."""
    missing = [each for each in values if type(each) is not str]
    if len(values) <= _FEW or not (_all_none(missing) or _all_nan(missing)):
        return {"items": values}
    return {"missing": missing[0] if missing else None, "texts": texts_content(values)}


def _all_none(values: list[Any]) -> bool:
    return all(each is None for each in values)


def _all_nan(values: list[Any]) -> bool:
    return all(type(each) is float and each != each for each in values)


def _objects_from(content: dict[str, Any]) -> Any:
    items = content["items"] if "items" in content else texts_from(content["texts"], content["missing"])
    made = np.empty(len(items), object)
    for place, each in enumerate(items):  # at once, lists among them would be taken apart
        made[place] = each
    return made
