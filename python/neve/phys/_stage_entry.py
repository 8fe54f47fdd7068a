"""The entry of a stage's result, as C++ pipelines store it: docs/formats/stage-result.md."""

from __future__ import annotations

import json
from typing import Any

from neve import _neve
from neve._values.describe import describe, restore
from neve.errors import CorruptError, UnsupportedError
from neve.phys import _plain_state

FORMAT = "neve.stage_result"
_TIMES = frozenset({"wall_time_s", "cache"})  # what a run cost is no part of its result


def encode(state: Any, metrics: dict[str, Any], provenance: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Metadata and arrays of an entry. Raises UnsupportedError, naming the place, for what is not kept exactly."""
    plain = _plain_state.split(state)
    if plain is None:
        value, arrays = _neve.encode_value(state, describe)
        meta = {"python": value}
    else:
        meta, arrays = plain
    members = arrays if plain is None else {_plain_state.member_of(name): each for name, each in arrays.items()}
    order = {} if plain is None else {"payload_order": list(state.payload)}
    remarks = {name: _as_json(each) for name, each in provenance.items() if name not in _TIMES}
    kept = {name: remark for name, remark in remarks.items() if remark is not _NO_REMARK}
    return {
        "artifacts": {},
        "format": FORMAT,
        "format_version": 1,
        "metrics": {name: _number(name, metric) for name, metric in metrics.items()},
        "output_hash": _neve.state_digest(meta, arrays),
        "provenance": kept,
        "state": meta,
        **order,
    }, members


def decode(meta: dict[str, Any], arrays: dict[str, Any]) -> tuple[Any, dict[str, float], dict[str, Any]]:
    """State, metrics and provenance. Raises UnsupportedError for entries of another kind, CorruptError."""
    if meta.get("format") != FORMAT or meta.get("format_version") != 1:
        raise UnsupportedError("the entry was not written by a neve stage")
    state = meta.get("state")
    if not isinstance(state, dict):
        raise CorruptError("the stage result's state is no object")
    metrics, provenance = meta.get("metrics"), meta.get("provenance", {})
    if not isinstance(metrics, dict) or not isinstance(provenance, dict):
        raise CorruptError("the stage result's metrics or provenance is no object")
    if state.keys() == {"python"}:
        return _neve.decode_value(state["python"], arrays, restore), metrics, provenance
    return _plain_state.joined(state, arrays, meta.get("payload_order")), metrics, provenance


def _number(name: str, metric: Any) -> float:
    if hasattr(metric, "item") and getattr(metric, "ndim", 0) == 0:
        metric = metric.item()
    if isinstance(metric, (int, float)):
        return metric
    raise UnsupportedError(f"the metric {name!r} is a {type(metric).__qualname__}, no number")


_NO_REMARK = object()


def _as_json(value: Any) -> Any:
    """A remark about the run. What JSON does not have is what phys-pipeline makes of it, unless that is an address: the
    same inputs give the same bytes."""
    try:
        _neve.compact_json({"": value})
    except (ValueError, TypeError):
        try:
            text = json.dumps(value, default=str)
            return _NO_REMARK if " at 0x" in text else json.loads(text)
        except (ValueError, TypeError):
            return _NO_REMARK
    return value
