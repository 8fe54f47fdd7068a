"""Whether compiled code goes from an object to its class, as by `type(x)`, for more than its name and which it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from neve._code.compiled import ByCode
from neve._code.steps import steps_of
from neve._code.texts import names_and_texts

if TYPE_CHECKING:
    import types
    from collections.abc import Iterator

NAMES_CLASSES = "type(...)"  # what stands for a class of which is taken no more than its name
_WAYS = frozenset({"type", "__class__"})


def names_beyond_classes(names: frozenset[str], code: types.CodeType) -> frozenset[str]:
    """Of the names that the code has, `type` and `__class__` only if it may use more of a class than `type(self).__name__` and
    `type(self) is type(other)` do."""
    if names.isdisjoint(_WAYS):
        return names
    used = _used.get(code)
    if used is None:
        by_text = any("__class__" in text for text in names_and_texts(code)[1])  # `getattr(x, "__class__")`
        used = frozenset((*_used_in(code), *(["__class__"] if by_text else [])))
        _used.keep(code, used)
    return (names - _WAYS) | used | {NAMES_CLASSES}


_used = ByCode[frozenset[str]]()


def _used_in(code: types.CodeType) -> Iterator[str]:
    steps = list(steps_of(code))
    ends: dict[int, int] = {}  # of what looks a class up, by where it begins
    for number, (step, about) in enumerate(steps):
        if about == "__class__" and step == "LOAD_ATTR":
            ends[number - (steps[number - 1][0] in _SIMPLE)] = number + 1
        elif about == "__class__" and step.endswith(_OF_ATTRIBUTES):
            yield about
        elif about == "type" and step in _OF_BUILTINS and _calls_with_one(steps[number + 1 : number + 3]):
            ends[number] = number + 3
        elif about == "type" and step in _OF_BUILTINS:
            yield about
    begins = {end: begin for begin, end in ends.items()}
    for begin, end in ends.items():
        if not _only_tells(steps, begin, end, ends, begins):
            yield "__class__" if steps[end - 1][0] == "LOAD_ATTR" else "type"
    for each in code.co_consts:
        if isinstance(each, type(code)):
            yield from _used_in(each)


def _calls_with_one(steps: list[tuple[str, Any]]) -> bool:
    return len(steps) == 2 and steps[0][0] in _SIMPLE and steps[1] in (("CALL", 1), ("CALL_FUNCTION", 1))


def _only_tells(steps: list[tuple[str, Any]], begin: int, end: int, ends: dict[int, int], begins: dict[int, int]) -> bool:
    """Whether of the class that lies on the stack after these steps only the name is taken, or which it is."""
    after, about = steps[end]
    if after == "LOAD_ATTR" and about in ("__name__", "__qualname__", "__module__"):
        return True
    if end in ends:  # another class, to compare it with
        after, about = steps[ends[end]]
        return after == "IS_OP" or _is_equality(after, about)
    if after in _SIMPLE:
        return steps[end + 1][0] == "IS_OP"
    if after.startswith("CALL") and about == 2:  # `isinstance(other, type(self))`
        return begin >= 2 and steps[begin - 2] == ("LOAD_GLOBAL", "isinstance") and steps[begin - 1][0] in _SIMPLE
    return after == "IS_OP" or (begin in begins and _is_equality(after, about))


def _is_equality(step: str, about: Any) -> bool:
    return step == "COMPARE_OP" and any(each in str(about) for each in ("==", "!="))


_SIMPLE = frozenset("LOAD_DEREF LOAD_FAST LOAD_GLOBAL LOAD_NAME".split())
_OF_BUILTINS = ("LOAD_GLOBAL", "LOAD_NAME", "IMPORT_FROM")
_OF_ATTRIBUTES = ("_ATTR", "LOAD_METHOD")
