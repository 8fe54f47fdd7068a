"""The states of phys-pipeline as values neve keeps exactly. A type of one's own: `neve.register`, or a dataclass."""

from __future__ import annotations

from typing import Any

from neve._values.describe import register
from neve.errors import UnsupportedError


def register_states() -> None:
    """Does nothing where phys-pipeline is not installed: then there are no such states."""
    try:
        from phys_pipeline.types import DagState, SimpleState
    except ModuleNotFoundError:
        return
    register(SimpleState, _members_of("payload", "meta"), _simple_state(SimpleState), name="phys_pipeline.SimpleState")
    register(DagState, _members_of("inputs"), _dag_state(DagState), name="phys_pipeline.DagState")


def _members_of(*names: str) -> Any:
    def encode(state: Any) -> dict[str, Any]:
        extra = sorted(set(vars(state)) - set(names))
        if extra:
            raise UnsupportedError(f"a {type(state).__name__} with the additional attribute {extra[0]!r} is not kept")
        return {name: getattr(state, name) for name in sorted(names)}

    return encode


def _simple_state(kind: Any) -> Any:
    def decode(content: dict[str, Any]) -> Any:
        made = kind(content["payload"])
        made.meta = content["meta"]
        return made

    return decode


def _dag_state(kind: Any) -> Any:
    return lambda content: kind(content["inputs"])
