"""A reference to a stored result, as joblib's `call_and_shelve` gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from neve._memo.memo import Memo

R = TypeVar("R")


class Shelved(Generic[R]):
    """A stored result that has not been loaded, or one that could not be stored."""

    def __init__(
        self, memo: Memo[..., R], key: str, args: tuple[Any, ...], kwargs: dict[str, Any], unkept: tuple[R, ...] = ()
    ) -> None:
        """`unkept`: the result if it is not stored."""
        self.key = key
        self._memo, self._args, self._kwargs, self._unkept = memo, args, kwargs, unkept

    def get(self) -> R:
        """The result of the call as it was when it was shelved; computed anew if it is gone. Raises KeyError if it is gone
        and the arguments are others by now, as those of an array that somebody has written into."""
        return self._unkept[0] if self._unkept else self._memo._shelved(self.key, self._args, self._kwargs)

    def clear(self) -> None:
        """Forgets the result."""
        self._unkept = ()
        self._memo.cache.delete(self.key)
