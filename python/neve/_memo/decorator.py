"""`@neve.memo`: keeps what a function returns."""

from __future__ import annotations

import numbers
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, overload

from neve import _arguments
from neve._memo.memo import Memo
from neve.cache import Cache, url_of
from neve.cache import open as open_cache
from neve.errors import InvalidArgumentError

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Mapping

P = ParamSpec("P")
R = TypeVar("R")

_opened: dict[str, Cache] = {}


def shared_cache(place: Cache | str | os.PathLike[str] | None) -> Cache:
    """One cache object per URL, so that functions share its memory and connections."""
    if isinstance(place, Cache):
        return place
    url = url_of(place)
    found = _opened.get(url)
    if found is None or found.closed:
        found = _opened[url] = open_cache(url)
    return found


@overload
def memo(function: Callable[P, R], /) -> Memo[P, R]: ...
@overload
def memo(
    cache: Cache | str | os.PathLike[str] | None = None,
    *,
    version: str = "",
    depends: Iterable[Any] | Mapping[str, Any] = (),
    ignore: Iterable[str] = (),
    ttl_s: float | None = None,
    verify: float = 0.0,
    source: bool = True,
    writable: bool = False,
    mapped: bool = False,
) -> Callable[[Callable[P, R]], Memo[P, R]]: ...
def memo(
    cache: Any = None,
    *,
    version: str = "",
    depends: Iterable[Any] | Mapping[str, Any] = (),
    ignore: Iterable[str] = (),
    ttl_s: float | None = None,
    verify: float = 0.0,
    source: bool = True,
    writable: bool = False,
    mapped: bool = False,
) -> Any:
    """Keeps what a function returns in `cache`: a `neve.Cache`, a URL, a folder as a `pathlib.Path`, or the default.

        @neve.memo("disk:.neve", version="1", depends=[numpy])
        def propagate(field, length_m): ...

    A call's key is made from the function's name, `version` and source, the global variables that it reads (neither with
    `source=False`), the values it closes over, its attributes that it reads, `depends` (functions, modules by their version,
    texts, or a dict of names and values, which are looked at in each call), the object of a bound method, and its arguments,
    defaults filled in, without those in `ignore`.

    Of global variables data count by value, functions and classes by what they are and by what they read in their turn,
    through modules of the user's own; what belongs to Python or to an installed package does not count. Of what has no exact
    form a NotCountedWarning tells. `ignore` takes their names, too. Of the classes of arguments, `self` among them, and
    of what these hold, the members count that the code names.

    Arguments and results are None, bool, int, float, complex, str, bytes, list, tuple, dict, set, range, slice, enum,
    datetime, Decimal, Path, NumPy arrays, scalars and dtypes, frames and series of pandas and polars, dataclasses, objects
    of attrs, named tuples, pydantic models, types given to `neve.register`, and what is made of these. Functions and classes
    can be arguments: functions count with their source, classes with all that can be got at through them. A path is its text;
    of a `neve.File` what the file holds counts, too. A hit gives the result and does nothing else that a call would do: the
    result of a call that changes an argument, or what a global variable holds, is not kept, with a NotStoredWarning.

    `ttl_s`: lifetime of stored results in seconds. `verify`: the share of hits, 0 to 1, that are computed anew and
    compared; a difference is a NotDeterministicWarning. Arrays in results are read-only, hit or miss, unless
    `writable`, which copies those of a hit; `mapped` leaves large ones in their files.

    Raises InvalidArgumentError for what is wrong with these; UnsupportedError for dependencies without an exact form.
    """

    def decorate(function: Callable[P, R]) -> Memo[P, R]:
        return Memo(
            function,
            shared_cache(None if cache is function else cache),
            version=version,
            depends=depends,
            ignore=ignore,
            ttl_s=ttl_s,
            verify=verify,
            source=source,
            writable=writable,
            mapped=mapped,
        )

    _require_options(version, ttl_s, verify)
    for name, given in (("source", source), ("writable", writable), ("mapped", mapped)):
        _arguments.flag(name, given)
    return decorate(cache) if callable(cache) else decorate


def _require_options(version: Any, ttl_s: Any, verify: Any) -> None:
    """Now, and not in the first call that misses."""
    if not isinstance(version, str):
        raise InvalidArgumentError(f'version is {version!r}; it is a text, as in version="1"')
    if not _is_number(verify) or not 0 <= verify <= 1:
        raise InvalidArgumentError(f"verify is {verify!r}; it is a share of calls, from 0 to 1")
    if ttl_s is not None and (not _is_number(ttl_s) or not 0 < ttl_s <= _arguments.LONGEST_TTL_S):
        raise InvalidArgumentError(f"ttl_s is {ttl_s!r}; give seconds above 0, or None for ever")


def _is_number(value: Any) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, bool)
