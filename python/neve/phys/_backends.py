"""phys-pipeline's cache backends by their names and arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from neve import _arguments
from neve.cache import Cache, url_of
from neve.errors import InvalidArgumentError

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping

    from neve.types import ArrayLike


class _Backend(Cache):
    """A cache that takes metadata as phys-pipeline does: what JSON does not have is stored as its `str`."""

    ttl_s: int | None = None  # of what is stored without one

    if TYPE_CHECKING:
        name: str  # as the protocol of phys-pipeline says it

    def get(  # type: ignore[override]
        self, key: str, *, writable: bool | None = None, mapped: bool = False
    ) -> dict[str, Any] | None:
        """The entry under `key` as `{"meta": dict, "arrays": dict}`, or None. Arrays are the caller's own, as those of
        phys-pipeline are; with `writable=False`, or if they are to be mapped, they are read-only views without a copy.
        Raises as `Cache.get`."""
        own = not mapped if writable is None else writable
        return cast("dict[str, Any] | None", super().get(key, writable=own, mapped=mapped))

    def put(
        self,
        key: str,
        meta: Mapping[str, Any],
        arrays: Mapping[str, ArrayLike] | None = None,
        *,
        ttl_s: float | None = None,
        compute_s: float = 0.0,
    ) -> None:
        """Stores an entry: `json.dumps(meta, sort_keys=True, default=str)` and the arrays, as phys-pipeline does.

        `ttl_s` is a lifetime in seconds, on disk as in Redis; None: the backend's own, or for ever; 0: for ever. Raises
        UnsupportedError, naming it, for an array of objects.
        """
        if ttl_s == 0:
            ttl_s = _arguments.LONGEST_TTL_S if self.ttl_s else None
        self._store(key, meta, arrays, ttl_s, compute_s, "", True)


class DiskCache(_Backend):
    """`{key}.json` and `{key}.npz` in the folder `root`, as phys_pipeline.DiskCache keeps them."""

    def __init__(self, root: str | os.PathLike[str]) -> None:
        import pathlib

        self.root = pathlib.Path(_arguments.path("root", root))
        super().__init__(url_of(self.root))

    def __reduce__(self) -> tuple[Callable[..., Cache], tuple[Any, ...]]:
        return type(self), (self.root,)


class SharedDiskCache(DiskCache):
    """The same for a folder that several processes use. No lock files: a reader never sees half an entry."""

    name = "shared-disk"

    def __init__(self, root: str | os.PathLike[str], *, lock_suffix: str = ".lock") -> None:
        super().__init__(root)
        self.lock_suffix = lock_suffix


class RedisCache(_Backend):
    """`{prefix}:{key}:meta` and `{prefix}:{key}:arrays`, as phys_pipeline's RedisCache keeps them; entries up to 512
    MiB lie in the server, as there. Raises InvalidArgumentError for what is wrong with the URL."""

    def __init__(self, url: str, *, prefix: str = "phys-pipeline", ttl_s: int | None = None) -> None:
        self.prefix, self.ttl_s, self._given = prefix, ttl_s, url
        options = [f"prefix={_escaped(prefix)}", "inline=512MiB"]
        if ttl_s:
            options.append(f"ttl={ttl_s}s")
        super().__init__(url + ("&" if "?" in url else "?") + "&".join(options))

    def __reduce__(self) -> tuple[Callable[..., Cache], tuple[Any, ...]]:
        return _redis_cache, (self._given, self.prefix, self.ttl_s)


def _redis_cache(url: str, prefix: str, ttl_s: int | None) -> RedisCache:
    return RedisCache(url, prefix=prefix, ttl_s=ttl_s)


def _escaped(text: str) -> str:
    from urllib.parse import quote

    return quote(text, safe="")


def build_cache_backend(config: Any) -> _Backend:
    """The backend that a phys_pipeline.CacheConfig, or anything with its attributes, asks for. Raises
    InvalidArgumentError for another kind of backend."""
    if config.backend == "disk":
        return DiskCache(config.disk_root)
    if config.backend == "shared-disk":
        return SharedDiskCache(config.disk_root, lock_suffix=config.shared_lock_suffix)
    if config.backend == "redis":
        return RedisCache(config.redis_url or "", prefix=config.redis_prefix, ttl_s=config.redis_ttl_s)
    raise InvalidArgumentError(f"backend is {config.backend!r}; it is 'disk', 'shared-disk' or 'redis'")
