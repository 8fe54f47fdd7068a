"""Caches: entries of metadata and arrays under keys, wherever a URL says they are kept."""

from __future__ import annotations

import os
from types import TracebackType
from typing import TYPE_CHECKING, Any

from neve import _neve
from neve.errors import InvalidArgumentError, IoError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from neve.types import ArrayLike, Entry, Stored


class Cache(_neve.Cache):
    """An open cache. Made by `neve.open`; safe from any number of threads, usable in forked children, picklable.

    It has the protocol of phys-pipeline's backends (`name`, `get`, `put`, `exists`), so it goes wherever one of those
    does.
    """

    def put(
        self,
        key: str,
        meta: Mapping[str, Any],
        arrays: Mapping[str, ArrayLike] | None = None,
        *,
        ttl_s: float | None = None,
        compute_s: float = 0.0,
    ) -> None:
        """Stores an entry under `key`, or replaces the one that is there; readers see the old, the new or a miss.

        `meta` is a mapping of None, bool, int (64 bits), float, str, list and dict, kept exactly: anything that would
        come back as something else is refused. `arrays` is a mapping of NumPy arrays of any shape whose dtype is bool,
        integer, float, complex, bytes, text, datetime64 or timedelta64, in either byte order. `ttl_s` is a lifetime in
        seconds; `compute_s` what the result cost, which decides who is evicted first.

        A store that fails or that the cache decides against (read-only folder, too large) is not an error; `store`
        tells. Of a cache opened with `on_failure="raise"` it is an IoError, or what the failure was. Raises
        InvalidArgumentError and UnsupportedError, naming the place in `meta` or the array.
        """
        told = self._store(key, as_dict(meta), as_dict(arrays), ttl_s, compute_s, "", False)
        if not told["stored"] and self._raise_failures and self.name != "none":
            raise IoError(f"the entry {key} is not stored: {told['declined']}")

    def store(
        self,
        key: str,
        meta: Mapping[str, Any],
        arrays: Mapping[str, ArrayLike] | None = None,
        *,
        ttl_s: float | None = None,
        compute_s: float = 0.0,
        recipe: str = "",
    ) -> Stored:
        """As `put`, errors included, and says what became of it. `recipe` is JSON text that describes the key, which
        `neve show` prints.
        """
        return self._store(key, as_dict(meta), as_dict(arrays), ttl_s, compute_s, recipe, False)

    def get_many(self, keys: Sequence[str], *, mapped: bool = False) -> list[Entry | None]:
        """One answer per key, in order; a Redis cache is asked once for all of them. Raises as `get`."""
        return [
            {"meta": found.meta, "arrays": found.arrays} if found.hit else None
            for found in self.lookup_many(keys, mapped=mapped)
        ]

    @property
    def url(self) -> str:
        """The URL it was opened with, without passwords; folders in it are absolute."""
        return _neve.redacted_urls(self._url)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.exists(key)

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __enter__(self) -> Cache:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def __reduce__(self) -> tuple[Callable[..., Cache], tuple[str, bool]]:
        return _reopen, (self._url, self._raise_failures)

    def __repr__(self) -> str:
        return f"<neve.Cache {self.url}{' (closed)' if self.closed else ''}>"


def as_dict(given: Any) -> Any:
    """Of any mapping a dict; other things as they are, to be refused."""
    from collections.abc import Mapping

    return dict(given) if isinstance(given, Mapping) and type(given) is not dict else given


def _reopen(url: str, raise_failures: bool) -> Cache:
    return Cache(url, raise_failures=raise_failures)


def url_of(place: str | os.PathLike[str] | None) -> str:
    """The URL that `neve.open` would open for `place`. Folders in it are absolute: the program may go elsewhere before the
    URL is asked for again, or sent to another process."""
    if place is None:
        return _with_whole_paths(os.environ.get("NEVE_CACHE") or "disk:.neve")
    if isinstance(place, os.PathLike):
        return _with_whole_paths(f"disk:{_quoted(os.fspath(place))}")
    if not isinstance(place, str):
        kind = type(place).__qualname__  # and not the value, which may hold a password
        raise InvalidArgumentError(f"a cache is of type {kind}; give its URL as a text, or a folder as a pathlib.Path")
    if place and ":" not in place:
        raise InvalidArgumentError(
            f"{place!r} is no URL of a cache, which begins with its kind, as in 'memory:256MiB'; a folder is "
            f"'disk:{place}', or a pathlib.Path"
        )
    return _with_whole_paths(place)


def _with_whole_paths(url: str) -> str:
    if "disk:" not in url:
        return url
    import re

    # What begins with '~' is left to be refused by its name.
    parts = re.split(r"(?:^|(?<=,))disk:(?=[^/?,])(?!~(?:[/?,]|$))", url)
    return f"disk:{_quoted(os.getcwd())}/".join(parts) if len(parts) > 1 else url


def _quoted(path: str) -> str:
    for character in "%?,#":
        path = path.replace(character, f"%{ord(character):02X}")
    return path


def open(  # noqa: A001 - that is what it does
    url: str | os.PathLike[str] | None = None, *, on_failure: str = "tolerate"
) -> Cache:
    """Opens the cache that `url` names.

    `disk:PATH`, `memory:256MiB`, `redis://`, `rediss://`, `unix://`, `redis+sentinel://`, `redis+cluster://`, `none:`,
    or several separated by commas, nearest first: `memory:256MiB,disk:.neve,redis://host`. The options behind `?` are
    those of the command (docs/guide/command-line.md). A `pathlib.Path` is a folder. Without a URL it is the one in the
    environment variable NEVE_CACHE, or `disk:.neve`.

    `on_failure="tolerate"`: a store that cannot be reached costs speed and nothing else; a lookup is a miss then.
    `on_failure="raise"`: UnavailableError, TimeoutError and IoError are raised; of a chain, if none of its tiers can be
    asked. What `put` or a memoised function cannot store is an IoError, too.

    Raises InvalidArgumentError for what is wrong with the URL, UnsupportedError for a kind this build does not have.
    """
    if on_failure not in ("tolerate", "raise"):
        raise InvalidArgumentError(f"on_failure is {on_failure!r}; it is 'tolerate' or 'raise'")
    return Cache(url_of(url), raise_failures=on_failure == "raise")
