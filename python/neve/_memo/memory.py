"""`neve.Memory`: the words of joblib.Memory for those who come from there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, overload

from neve._memo.decorator import memo, shared_cache
from neve._memo.memo import Memo
from neve._public import public
from neve.cache import Cache
from neve.errors import InvalidArgumentError

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable

P = ParamSpec("P")
R = TypeVar("R")


@public
class Memory:
    """Makes functions whose results are kept in one place.

    `location` is a folder, as for joblib.Memory, a URL, a `neve.Cache`, or None for not keeping anything. Options given
    here are those of `neve.memo` and hold for every function.

    The others are joblib's words. `mmap_mode`: "r" gives read-only arrays mapped from the files, "c" writable arrays of
    one's own; "r+" and "w+", which would change what is stored, are refused with InvalidArgumentError, as is any
    `backend` but "local". `compress` and `verbose` change nothing: arrays that shrink are compressed anyhow, and
    `stats()` of a function says what it has done. What is wrong with the location or the options is raised by `cache`.
    """

    def __init__(
        self,
        location: Cache | str | os.PathLike[str] | None = None,
        *,
        backend: str = "local",
        mmap_mode: str | None = None,
        compress: bool | int = False,
        verbose: int = 0,
        **options: Any,
    ) -> None:
        import pathlib

        if backend != "local":
            raise InvalidArgumentError(f"backend={backend!r}: a place that is no folder is a URL, as in 'redis://host'")
        self.location = location
        self._options = {**options, **_mapping(mmap_mode or False)}
        if location is None:
            self.store: Cache | str | os.PathLike[str] = "none:"
        elif isinstance(location, str) and ":" not in location:
            self.store = pathlib.Path(location)
        else:
            self.store = location

    def __repr__(self) -> str:
        from neve import _neve

        return f"<neve.Memory in {_neve.redacted_urls(str(self.location))}>"

    @overload
    def cache(self, func: Callable[P, R], **options: Any) -> Memo[P, R]: ...
    @overload
    def cache(self, func: None = None, **options: Any) -> Callable[[Callable[P, R]], Memo[P, R]]: ...
    def cache(
        self,
        func: Any = None,
        ignore: Iterable[str] | None = None,
        verbose: int | None = None,
        mmap_mode: str | bool | None = False,
        **options: Any,
    ) -> Any:
        """`func` with its results kept; as a decorator with or without arguments. `mmap_mode` and `verbose` as above;
        False, as in joblib, is the mode of the Memory, and None is none. Of a function whose results are kept already, it
        is the function itself that counts.

        Raises as `neve.memo`.
        """
        if "cache_validation_callback" in options:
            raise InvalidArgumentError("cache_validation_callback is a word of joblib's; give a lifetime as ttl_s=seconds")
        options = {**self._options, **options, **_mapping(mmap_mode)}
        decorate = memo(self.store, **{**options, "ignore": ignore or ()})

        def bare(function: Any) -> Any:
            return decorate(function.func if isinstance(function, Memo) else function)

        return bare if func is None else bare(func)

    def eval(self, func: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """`func(*args, **kwargs)`, kept. Raises as `neve.memo`, and what `func` raises."""
        return self.cache(func)(*args, **kwargs)

    def clear(self, warn: bool = True) -> None:
        """Removes everything that is kept there, if anything is. Raises UnsupportedError unless it is a folder."""
        cache = shared_cache(self.store)
        if cache.name != "none":
            cache.clear()


def _mapping(mmap_mode: str | bool | None) -> dict[str, bool]:
    """joblib's word in those of `neve.memo`."""
    if mmap_mode is False:
        return {}
    if mmap_mode is None:
        return {"mapped": False, "writable": False}
    if mmap_mode not in ("r", "c"):
        raise InvalidArgumentError(
            f"mmap_mode={mmap_mode!r}: what is stored is shared and never written to; 'r' maps it read-only, 'c' copies"
        )
    return {"mapped": mmap_mode == "r", "writable": mmap_mode == "c"}
