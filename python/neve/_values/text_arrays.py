"""Many texts as two arrays: their bytes in UTF-8, and where each ends; a third says which are missing, and have no bytes."""

from __future__ import annotations

from typing import Any

import numpy as np


def texts_content(texts: list[Any]) -> dict[str, Any]:
    """Of texts, and of what is none, for which it does not matter what it is."""
    pieces = [each.encode("utf-8", "surrogatepass") if type(each) is str else b"" for each in texts]
    ends = np.cumsum(np.fromiter(map(len, pieces), np.int64, len(pieces)))
    missing = np.fromiter((type(each) is not str for each in texts), bool, len(texts))
    return _content(np.frombuffer(b"".join(pieces) or b"\0", np.uint8)[: ends[-1] if len(ends) else 0], ends, missing)


def texts_from(content: dict[str, Any], missing: Any) -> list[Any]:
    """The texts, with `missing` where one is."""
    whole, ends = content["bytes"].tobytes(), content["ends"].tolist()
    starts = [0, *ends[:-1]]
    texts: list[Any] = [whole[a:b].decode("utf-8", "surrogatepass") for a, b in zip(starts, ends, strict=True)]
    for place in np.flatnonzero(content["missing"]) if "missing" in content else ():
        texts[place] = missing
    return texts


def content_of_arrow(array: Any) -> dict[str, Any] | None:
    """The same of pyarrow's texts, without making Python's of them. None for another type."""
    import pyarrow

    if array.type != pyarrow.large_string():
        return None
    whole = array.combine_chunks() if isinstance(array, pyarrow.ChunkedArray) else array
    _, offsets, data = whole.buffers()
    count = len(whole)
    if count == 0 or offsets is None:
        return texts_content(whole.to_pylist())
    bounds = np.frombuffer(offsets, np.int64)[whole.offset : whole.offset + count + 1]
    missing = np.asarray(whole.is_null(), bool)
    if missing.any() and np.diff(bounds)[missing].any():  # bytes that nobody sees
        return texts_content(whole.to_pylist())
    bytes_of_all = np.frombuffer(data, np.uint8) if data is not None and data.size else np.empty(0, np.uint8)
    return _content(bytes_of_all[bounds[0] : bounds[-1]], bounds[1:] - bounds[0], missing)


def arrow_from(content: dict[str, Any]) -> Any:
    """pyarrow's texts, in memory of their own."""
    import pyarrow

    count = len(content["ends"])
    offsets = np.concatenate([np.zeros(1, np.int64), content["ends"]])
    validity = np.packbits(~content["missing"], bitorder="little").tobytes() if "missing" in content else None
    buffers = [validity, offsets.tobytes(), content["bytes"].tobytes()]
    arrays = [None if each is None else pyarrow.py_buffer(each) for each in buffers]
    made = pyarrow.Array.from_buffers(pyarrow.large_string(), count, arrays)
    made.validate(full=True)  # an entry may be anybody's
    return made


def _content(bytes_of_all: Any, ends: Any, missing: Any) -> dict[str, Any]:
    return {"bytes": bytes_of_all, "ends": ends, **({"missing": missing} if missing.any() else {})}
