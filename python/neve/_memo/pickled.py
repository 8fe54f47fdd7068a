"""How a `neve.Memo` goes to another process: by its name, or with the function and what its keys are made from."""

from __future__ import annotations

import types
from typing import TYPE_CHECKING, Any, cast

from neve._code.source import copy_of, found_by_name

if TYPE_CHECKING:
    from neve._memo.memo import Memo


def reduced(memo: Memo[..., Any], unfilled: Any) -> Any:
    """By name where the name leads to it, as with `@neve.memo`; else by the function, as after `g2 = memo(g)`. A function
    of a script goes to pickle by name, too, and to cloudpickle, which joblib uses, by what it is made of: the processes
    of the latter do not run the script."""
    if found_by_name(memo.__module__, memo.__qualname__) is not memo:
        return unfilled, (), (memo.func, memo.cache, _options(memo, memo._keys.depends()), memo._keys.parts(), _set_on(memo))
    if memo.__module__ in ("__main__", "__mp_main__") and isinstance(memo.func, types.FunctionType):
        return unfilled, (), memo._traveller
    return memo.__qualname__


def _set_on(memo: Memo[..., Any]) -> dict[str, Any]:
    """What somebody has set on it."""
    return {name: value for name, value in vars(memo).items() if not (name.startswith("__") and name.endswith("__"))}


def _options(memo: Memo[..., Any], depends: Any) -> dict[str, Any]:
    return {**memo._options, "depends": depends}


def traveller_of(memo: Memo[..., Any]) -> Any:
    """The function under a name that leads to it: `__main__.f._traveller`."""
    return copy_of(cast("types.FunctionType", memo.func), f"{memo.__qualname__}._traveller")


def load(traveller: Any, memo: Memo[..., Any]) -> None:
    """Gives it what it takes to make the memo again, as that is now."""
    traveller.__neve_memo__ = (memo.__qualname__, memo.cache, _options(memo, memo._keys.depends()), memo._keys.parts())
    traveller.__neve_attributes__ = _set_on(memo)


def fill(memo: Memo[..., Any], state: Any) -> None:
    """Makes of an empty object what `state`, of `reduced`, says."""
    if isinstance(state, tuple):
        function, cache, options, parts, attributes = state
    else:
        name, cache, options, parts = state.__neve_memo__
        here = found_by_name(state.__module__, name)
        if isinstance(here, type(memo)) and state in here._twins.values():
            memo._become(here)  # this process has run the script: one function, one state
            return
        function = copy_of(state, name)
        attributes = function.__dict__.pop("__neve_attributes__")
        del function.__dict__["__neve_memo__"]
    memo._set_up(function, cache, options, parts)
    vars(memo).update(attributes)
