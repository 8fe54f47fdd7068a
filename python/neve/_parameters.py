"""What a function's parameters and an author's `depends` are called."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, cast

from neve.errors import InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def parameters_of(signature: inspect.Signature) -> tuple[dict[str, None], dict[str, Any], bool]:
    """Names in order, defaults, and whether every parameter can be given by position or by name."""
    parameters = signature.parameters.values()
    simple = all(each.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD for each in parameters)
    defaults = {each.name: each.default for each in parameters if each.default is not inspect.Parameter.empty}
    return dict.fromkeys(signature.parameters), defaults, simple


def named_dependencies(depends: Iterable[Any] | Mapping[str, Any]) -> Mapping[str, Any]:
    """A mapping is the author's own: what it holds later counts later."""
    if hasattr(depends, "items"):
        return cast("Mapping[str, Any]", depends)
    named: dict[str, Any] = {}
    for each in depends:
        name = each if isinstance(each, str) else getattr(each, "__qualname__", getattr(each, "__name__", None))
        if name is None:
            raise InvalidArgumentError(
                f"depends holds a {type(each).__qualname__} without a name; give a dict of names"
            )
        if named.setdefault(str(name), each) is not each:
            raise InvalidArgumentError(f"depends holds two things called {name}; give a dict of names")
    return named
