"""A method whose results are kept, taken from an object of its class."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Generic, ParamSpec, TypeVar, cast

if TYPE_CHECKING:
    from neve._memo.memo import Memo
    from neve._memo.recent import Why
    from neve._memo.shelved import Shelved

Q = ParamSpec("Q")
R = TypeVar("R")


class BoundMemo(functools.partial[R], Generic[Q, R]):
    """A method whose results are kept, of one object: the calls of `Memo` with that object as the first argument."""

    if TYPE_CHECKING:

        def __call__(self, *args: Q.args, **kwargs: Q.kwargs) -> R: ...

    def call(self, *args: Q.args, **kwargs: Q.kwargs) -> R:
        """`Memo.call`."""
        given: R = self._memo.call(*self.args, *args, **kwargs)
        return given

    def check_call_in_cache(self, *args: Q.args, **kwargs: Q.kwargs) -> bool:
        """`Memo.check_call_in_cache`."""
        given: bool = self._memo.check_call_in_cache(*self.args, *args, **kwargs)
        return given

    def call_and_shelve(self, *args: Q.args, **kwargs: Q.kwargs) -> Shelved[R]:
        """`Memo.call_and_shelve`."""
        given: Shelved[R] = self._memo.call_and_shelve(*self.args, *args, **kwargs)
        return given

    def key(self, *args: Q.args, **kwargs: Q.kwargs) -> str:
        """`Memo.key`."""
        given: str = self._memo.key(*self.args, *args, **kwargs)
        return given

    def why(self, *args: Q.args, **kwargs: Q.kwargs) -> Why:
        """`Memo.why`."""
        given: Why = self._memo.why(*self.args, *args, **kwargs)
        return given

    @property
    def _memo(self) -> Memo[..., R]:
        return cast("Memo[..., R]", self.func)
