"""A reference to a stored result, as joblib's `call_and_shelve` gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from neve.cache import Cache

R = TypeVar("R")


class Shelved(Generic[R]):
    """A stored result that has not been loaded."""

    def __init__(self, load: Callable[[], R], cache: Cache, key: str) -> None:
        self._load, self._cache, self.key = load, cache, key

    def get(self) -> R:
        """The result; computed anew if it is gone."""
        return self._load()

    def clear(self) -> None:
        """Forgets the stored result."""
        self._cache.delete(self.key)
