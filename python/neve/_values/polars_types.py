"""Values of polars, exactly: frames and series. Imported when one is met."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars

from neve._values.text_arrays import texts_from
from neve.errors import UnsupportedError

pl: Any = polars

_FEW = 256  # so many texts are readable where the entry is; more are an array of bytes
_PIECE = 1 << 16  # texts
_PLAIN = {
    "b1": "Boolean",
    **{f"i{size}": f"Int{8 * size}" for size in (1, 2, 4, 8)},
    **{f"u{size}": f"UInt{8 * size}" for size in (1, 2, 4, 8)},
    **{f"f{size}": f"Float{8 * size}" for size in (2, 4, 8)},
}
_TIMES = ("Date", "Time", "Duration", "Datetime")


def _refuse_plan(frame: Any) -> None:
    raise UnsupportedError("the LazyFrame of polars is a plan, no value; give what its collect() makes")


def _frame_content(frame: Any) -> dict[str, Any]:
    columns = [[each.name, _content_of(each, f"column {each.name!r}")] for each in frame.get_columns()]
    return {"columns": columns, **({} if columns else {"height": frame.height})}


def _frame_from(content: dict[str, Any]) -> Any:
    made = [_values_from(values).alias(name) for name, values in content["columns"]]
    height = content.get("height", 0)
    return pl.DataFrame(height=height) if height else pl.DataFrame(made)


def _series_content(series: Any) -> dict[str, Any]:
    return {"name": series.name, "values": _content_of(series, "the Series")}


def _series_from(content: dict[str, Any]) -> Any:
    return _values_from(content["values"]).alias(content["name"])


def _content_of(series: Any, what: str) -> Any:
    """What the values of a series consist of: an array, or a dict. Raises UnsupportedError, calling them `what`, for a type
    of elements that is not known here."""
    dtype = series.dtype
    name: str = dtype.base_type().__name__
    if name in _PLAIN.values():
        if series.null_count() == 0:
            return series.to_numpy()
        return {"dtype": name, **_masked(series, name == "Boolean")}
    if name in _TIMES:
        more = {"unit": dtype.time_unit} if name in ("Duration", "Datetime") else {}
        more |= {"zone": dtype.time_zone} if name == "Datetime" else {}
        return {"dtype": name, **more, **_masked(series.to_physical())}
    if name == "String":
        few = len(series) <= _FEW
        return {"dtype": name, **({"items": series.to_list()} if few else {"texts": _texts_content(series)})}
    if name == "Enum":
        return {"dtype": name, "categories": dtype.categories.to_list(), **_masked(series.to_physical())}
    if name == "Null":
        return {"dtype": name, "length": len(series)}
    raise UnsupportedError(f"{what} is of the type {dtype}, which is not kept; give it another by cast")


def _values_from(content: Any) -> Any:
    """The series that `_content_of` took apart, in memory of its own."""
    if isinstance(content, np.ndarray):
        return _plain_from(content)
    name = content["dtype"]
    if name == "String":
        texts = content["items"] if "items" in content else texts_from(content["texts"], None)
        return pl.Series(texts, dtype=pl.String)
    if name == "Null":
        return pl.Series([None] * content["length"], dtype=pl.Null)
    values = content["values"]
    if name == "Enum":
        kind = pl.Enum(content["categories"])
        if not content["categories"]:  # so all are null, and their numbers lead nowhere
            return pl.Series([None] * len(values), dtype=kind)
        made = pl.Series(content["categories"], dtype=kind).gather(_plain_from(values))
    elif name in _TIMES:
        made = _plain_from(values).cast(_time_of(content))
    else:
        made = _plain_from(values)
    if "mask" not in content:
        return made
    return made.zip_with(_plain_from(~content["mask"]), pl.Series([None], dtype=made.dtype))


def _time_of(content: dict[str, Any]) -> Any:
    if content["dtype"] == "Datetime":
        return pl.Datetime(content["unit"], content["zone"])
    return pl.Duration(content["unit"]) if content["dtype"] == "Duration" else getattr(pl, content["dtype"])


def _masked(series: Any, truth: bool = False) -> dict[str, Any]:
    """What is null has no value of its own."""
    if series.null_count() == 0:
        return {"values": series.to_numpy()}
    return {"mask": series.is_null().to_numpy(), "values": series.fill_null(False if truth else 0).to_numpy()}


def _plain_from(array: Any) -> Any:
    made = pl.Series(array.copy())  # polars would share the memory
    wanted = _PLAIN[array.dtype.str[1:]]
    if made.dtype.base_type().__name__ != wanted:
        raise UnsupportedError(f"this version of polars has no values of the type {wanted}")
    return made


def _texts_content(series: Any) -> dict[str, Any]:
    """As `texts_content` of its list. A piece at a time, since polars keeps no text of more than 4 GiB."""
    pieces = [series.slice(start, _PIECE).str.join("").item().encode() for start in range(0, len(series), _PIECE)]
    ends = np.cumsum(series.str.len_bytes().fill_null(0).to_numpy(), dtype=np.int64)
    mask = {"missing": series.is_null().to_numpy()} if series.null_count() else {}
    return {"bytes": np.frombuffer(b"".join(pieces) or b"\0", np.uint8)[: ends[-1]], "ends": ends, **mask}


CODECS: list[tuple[Any, Any, Any]] = [
    (pl.DataFrame, _frame_content, _frame_from),
    (pl.Series, _series_content, _series_from),
    (pl.LazyFrame, _refuse_plan, None),
]
