"""The version of a stage that its author has given none: what its code is, and what that reads around it."""

from __future__ import annotations

import functools
import types
from typing import TYPE_CHECKING, Any, NamedTuple

from neve import _neve
from neve._code.checks import Checks
from neve._code.function_parts import parts_by_text
from neve._code.met import Met
from neve._code.source import found_by_name
from neve._code.surroundings import Surroundings
from neve._stages.declared import classes_declared_by
from neve._values.describe import describe
from neve.errors import InvalidArgumentError, UnsupportedError

if TYPE_CHECKING:
    from neve._code.look import Roots

_ADVICE = "Make it a setting of the stage, or give the stage a version=, to be raised whenever its results change"
_REMEDY = "return what others need, keep what is only remembered by functools.cache, or give the stage a version="
_OR_IGNORE = ", or name it in ignore= if it changes no result"
_KEPT = 64


class VersionBySource:
    """Gives the version for now: another one after an edit of the code, of what it calls, or of the values that both read.
    Safe from threads."""

    __slots__ = (
        "_code",
        "_covered",
        "_declared",
        "_ignored",
        "_made",
        "_op_name",
        "_or_ignore",
        "_own",
        "_surroundings",
        "_unchecked",
    )

    def __init__(self, op_name: str, code: Any, ignored: tuple[str, ...] = ()) -> None:
        """`code` is a function or a class; `ignored` are names of global variables that do not count."""
        self._op_name, self._code, self._ignored = op_name, code, ignored
        self._or_ignore = _OR_IGNORE if isinstance(code, types.FunctionType) else ""
        self._unchecked = bool(ignored)
        self._surroundings = Surroundings(f"the stage {op_name}", code, ignored, advice=_ADVICE + self._or_ignore)
        self._declared = classes_declared_by(code)  # of settings, of which the key has the fields only
        self._own: _Own | None = None
        self._made: tuple[str, dict[str, Any], str] | None = None
        self._covered: dict[str, tuple[str, dict[str, Any]]] = {}  # by the latest versions: a digest of the code, what it reads

    def __call__(self) -> str:
        """Raises UnsupportedError for what the code closes over without an exact form; InvalidArgumentError for a name to
        ignore that is none of a variable which is read."""
        own, made = self._own, self._made
        if own is None or not own.is_current():
            own = self._own = self._look_at_itself()
        if self._unchecked:
            self._require_known(own)
        reads = self._surroundings.look(own.roots, own.classes).forms
        if made is None or made[0] != own.digest or made[1] is not reads:
            made = self._made = (own.digest, reads, f"source:{_neve.value_digest([own.digest, reads], describe)}")
        if made[2] not in self._covered:
            if len(self._covered) > _KEPT:
                self._covered = {}
            self._covered[made[2]] = (own.digest, reads)
        return made[2]

    def made_of(self, version: str) -> dict[str, Any] | None:
        """What a version of late covers, for a recipe: a digest of the code, and by name what stands for the variables."""
        covered = self._covered.get(version)
        return None if covered is None else {"code": covered[0], "reads": covered[1]}

    def objection_to(self, version: str) -> str | None:
        """Why nobody may be given later what was computed under a version, if that is another one now: a hit would not change
        what the stage has changed, and what others have changed may be in the result."""
        try:
            now = self()
        except Exception as error:
            return f"the stage left what it reads in a state that has no key: {error}"
        if now == version:
            return None
        names = ", ".join(f"the global variable {name!r}" for name in self._changed(version, now))
        what = names or "its code, or what that has around it,"
        return f"{what} changed while the stage ran, which a hit would not do; {_REMEDY}{self._or_ignore}"

    def _changed(self, version: str, now: str) -> list[str]:
        if version not in self._covered or now not in self._covered:  # of long ago
            return []
        before, after = self._covered[version][1], self._covered[now][1]
        return [name for name in {**before, **after} if repr(before.get(name)) != repr(after.get(name))]

    def __reduce__(self) -> Any:
        return VersionBySource, (self._op_name, self._code, self._ignored)

    def _require_known(self, own: _Own) -> None:
        unknown, known, misses = self._surroundings.unknown(own.roots, self._ignored)
        if unknown and not misses:  # what is read may not be there yet
            raise InvalidArgumentError(
                f"the stage {self._op_name} reads no global variable {min(unknown)!r} that could be ignored; it reads "
                f"{', '.join(known) or 'nothing'}"
            )
        self._unchecked = bool(unknown)

    def _look_at_itself(self) -> _Own:
        code, met, checks = self._code, Met(strict=True), Checks()
        covered = all(checks.cover(each) for each in (code, *self._declared))
        # A function by its text: compiled code differs between versions of Python.
        parts = parts_by_text(code) if type(code) is types.FunctionType else code
        try:
            digest = _neve.value_digest({"code": parts, "settings": self._declared}, met.describe)
        except UnsupportedError as error:
            raise UnsupportedError(
                f"the stage {self._op_name} has no version, and none can be made of its code: {error}"
            ) from None
        roots = [(each, frozenset[str]()) for each in (code, *self._declared)]
        return _Own(checks if covered else None, digest, [*roots, *met.functions], tuple(dict.fromkeys(met.classes)))


class _Own(NamedTuple):
    """What the code is without what it reads around it; and what it leads to besides itself."""

    checks: Checks | None  # none for what somebody may write into unseen
    digest: str
    roots: Roots
    classes: tuple[type, ...]

    def is_current(self) -> bool:
        return self.checks is not None and self.checks.hold()


def version_of_class(op_name: str, kind: type) -> VersionBySource:
    """Of a stage that is an object. One for all objects of a class that its name leads to, and so is there to stay."""
    named = found_by_name(kind.__module__, kind.__qualname__) is kind
    return _version_of_named(op_name, kind) if named else VersionBySource(op_name, kind)


@functools.lru_cache(256)
def _version_of_named(op_name: str, kind: type) -> VersionBySource:
    return VersionBySource(op_name, kind)
