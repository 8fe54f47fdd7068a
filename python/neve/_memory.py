"""`neve.Memory`: the words of joblib.Memory for those who come from there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, overload

from neve.cache import Cache
from neve._decorator import memo, shared_cache
from neve._memo import Memo

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable

P = ParamSpec("P")
R = TypeVar("R")


class Memory:
    """Makes functions whose results are kept in one place.

    `location` is a folder, as for joblib.Memory, a URL, a `neve.Cache`, or None for not keeping anything. Options given
    here are those of `neve.memo` and hold for every function.
    """

    def __init__(self, location: Cache | str | os.PathLike[str] | None = None, **options: Any) -> None:
        import pathlib

        self.location = location
        self._options = options
        if location is None:
            self.store: Cache | str | os.PathLike[str] = "none:"
        elif isinstance(location, str) and ":" not in location:
            self.store = pathlib.Path(location)
        else:
            self.store = location

    @overload
    def cache(self, func: Callable[P, R], **options: Any) -> Memo[P, R]: ...
    @overload
    def cache(self, func: None = None, **options: Any) -> Callable[[Callable[P, R]], Memo[P, R]]: ...
    def cache(self, func: Any = None, *, ignore: Iterable[str] | None = None, **options: Any) -> Any:
        """`func` with its results kept; as a decorator with or without arguments."""
        decorate = memo(self.store, **{**self._options, **options, "ignore": ignore or ()})
        return decorate if func is None else decorate(func)

    def eval(self, func: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """`func(*args, **kwargs)`, kept."""
        return self.cache(func)(*args, **kwargs)

    def clear(self, warn: bool = True) -> None:
        """Removes everything that is kept there. Raises UnsupportedError unless it is a folder."""
        shared_cache(self.store).clear()
