"""The version of a stage that its author has given none: what its code is, and what that reads around it."""

from __future__ import annotations

import types
from typing import TYPE_CHECKING, Any, NamedTuple

from neve import _neve
from neve._code.describe_code import parts_by_text
from neve._code.functions import are_same_stamps, stamp_of
from neve._code.met import Met
from neve._code.surroundings import Surroundings
from neve._stages.declared import classes_declared_by
from neve._values.describe import describe
from neve.errors import UnsupportedError

if TYPE_CHECKING:
    from neve._code.look import Roots

_ADVICE = "Make it a setting of the stage, or give the stage a version=, to be raised whenever its results change"


class VersionBySource:
    """Gives the version for now: another one after an edit of the code, of what it calls, or of the values that both read."""

    __slots__ = ("_code", "_declared", "_made", "_op_name", "_own", "_surroundings")

    def __init__(self, op_name: str, code: Any) -> None:
        """`code` is a function or a class."""
        self._op_name, self._code = op_name, code
        self._surroundings = Surroundings(f"the stage {op_name}", code, advice=_ADVICE)
        self._declared = classes_declared_by(code)  # of settings, of which the key has the fields only
        self._own: _Own | None = None
        self._made: tuple[str, dict[str, Any], str] | None = None

    def __call__(self) -> str:
        """Raises UnsupportedError for what the code closes over without an exact form."""
        own, made = self._own, self._made
        stamp = None if self._declared else stamp_of(self._code)  # somebody may write into a class
        if own is None or stamp is None or not are_same_stamps(own.stamp, stamp):
            own = self._own = self._look_at_itself(stamp)
        reads = self._surroundings.look(own.roots, own.classes).forms
        if made is None or made[0] != own.digest or made[1] is not reads:
            made = self._made = (own.digest, reads, f"source:{_neve.value_digest([own.digest, reads], describe)}")
        return made[2]

    def _look_at_itself(self, stamp: tuple[Any, ...] | None) -> _Own:
        code, met = self._code, Met(strict=True)
        # A function by its text: compiled code differs between versions of Python.
        parts = parts_by_text(code) if type(code) is types.FunctionType else code
        try:
            digest = _neve.value_digest({"code": parts, "settings": self._declared}, met.describe)
        except UnsupportedError as error:
            raise UnsupportedError(
                f"the stage {self._op_name} has no version, and none can be made of its code: {error}"
            ) from None
        roots = [(each, frozenset[str]()) for each in (code, *self._declared)]
        return _Own(stamp, digest, [*roots, *met.functions], tuple(dict.fromkeys(met.classes)))


class _Own(NamedTuple):
    """What the code is without what it reads around it; and what it leads to besides itself."""

    stamp: tuple[Any, ...] | None
    digest: str
    roots: Roots
    classes: tuple[type, ...]
