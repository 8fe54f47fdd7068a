"""A SimpleState as the state of a C++ stage, where it is one: named arrays and JSON values.

Such an entry means the same to stages in C++, to `neve.Pipeline` and to phys-pipeline's executor. Other states, and
SimpleStates with more in them, are kept as Python values (docs/formats/python-values.md), which only Python reads.
"""

from __future__ import annotations

from typing import Any

from neve import _neve
from neve._values.describe import describe
from neve.errors import CorruptError, UnsupportedError

# Arrays of the entry that belong to the state under another name, or not to it: docs/formats/stage-result.md.
_ARTIFACT, _STATE = "artifact.", "state."


def simple_state() -> Any:
    """phys-pipeline's class, or None where it is not installed."""
    try:
        from phys_pipeline.types import SimpleState
    except ModuleNotFoundError:
        return None
    return SimpleState


def split(state: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Metadata and arrays; None if they would not give back exactly this state."""
    kind = simple_state()
    if kind is None or type(state) is not kind or vars(state).keys() != {"payload", "meta"}:
        return None
    payload = state.payload
    if type(payload) is not dict or type(state.meta) is not dict or state.meta:
        return None
    if not all(type(name) is str and name for name in payload):
        return None
    import numpy as np

    arrays = {name: value for name, value in payload.items() if type(value) is np.ndarray}
    rest = {name: payload[name] for name in sorted(payload) if name not in arrays}
    encoded, inner = _neve.encode_value(rest, describe)
    if inner or _is_tagged(encoded) or rest.keys() == {"python"}:  # the last is how Python values are told
        return None
    return rest, arrays


def _is_tagged(value: Any) -> bool:
    """Whether the encoded value is anything but JSON that stands for itself."""
    if isinstance(value, dict):
        return "$" in value or any(_is_tagged(each) for each in value.values())
    return isinstance(value, list) and any(_is_tagged(each) for each in value)


def member_of(name: str) -> str:
    """What the entry calls the state's array `name`."""
    return _STATE + name if name.startswith((_ARTIFACT, _STATE)) else name


def joined(meta: dict[str, Any], members: dict[str, Any], order: Any) -> Any:
    """The SimpleState of an entry's state metadata and arrays. `order` is that of the payload's names, if it is known.

    Raises UnsupportedError where phys-pipeline is not installed, CorruptError.
    """
    kind = simple_state()
    if kind is None:
        raise UnsupportedError("the entry holds a plain state, which needs phys-pipeline's SimpleState")
    arrays = {name.removeprefix(_STATE): array for name, array in members.items() if not name.startswith(_ARTIFACT)}
    if meta.keys() & arrays.keys():
        raise UnsupportedError("the entry's state has metadata and an array of one name, which a payload cannot")
    payload = {**meta, **arrays}
    if order is not None:
        if not isinstance(order, list) or len(order) != len(payload) or payload.keys() != set(order):
            raise CorruptError("the entry lists other names than its state has")
        payload = {name: payload[name] for name in order}
    return kind(payload)
