"""What stages in Python are given and give, and how the extension calls them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from neve._stages.state import State
from neve.cache import as_dict
from neve.errors import InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable

    from neve._neve import StageContext


def state_of(given: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """From a State, or a mapping whose arrays become arrays and whose other members metadata."""
    if isinstance(given, State):
        return as_dict(given.meta), given.arrays
    if not hasattr(given, "items"):
        raise InvalidArgumentError(
            f"a stage gave a {type(given).__qualname__}; it gives a neve.State, or a dict of arrays and JSON values"
        )
    meta: dict[str, Any] = {}
    arrays: dict[str, Any] = {}
    for name, value in given.items():
        (arrays if _is_array(value) else meta)[name] = value
    return meta, arrays


def _is_array(value: Any) -> bool:
    """One of no dimensions, too, but no scalar of NumPy's: that is a number."""
    if not hasattr(value, "dtype") or not hasattr(value, "shape"):
        return False
    return value.shape != () or hasattr(value, "ctypes")


def number_of(value: Any) -> Any:
    """A setting: NumPy's numbers as Python's, exactly."""
    dtype = getattr(value, "dtype", None)
    return value.item() if getattr(dtype, "kind", "O") in "biuf" and value.shape == () else value


class StageAdapter:
    """A stage as the extension calls it: see python/src/pipelines/python_stage.hpp."""

    def __init__(
        self,
        call: Callable[..., Any],
        config: dict[str, Any],
        with_config: Callable[[dict[str, Any]], StageAdapter],
    ) -> None:
        self.config, self._call, self.with_config = config, call, with_config

    def run(self, inputs: list[tuple[Any, Any]], context: StageContext) -> tuple[Any, Any]:
        return state_of(self._call([State(*each) for each in inputs], context))
